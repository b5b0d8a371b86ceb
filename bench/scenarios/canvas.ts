import { quantile } from '../quantile.ts'
import type { Figures } from '../scenario.ts'
import { framesDuring } from '../screens/frames.ts'
import { keystrokes } from '../screens/keystrokes.ts'
import { FIRST_STEP } from '../screens/large-zap.ts'
import { mouseOf } from '../screens/mouse.ts'
import { placeOn } from '../screens/places.ts'
import { whenSeen } from '../screens/when-seen.ts'
import { withScreens } from '../screens/with-screens.ts'

const CARD = '.step-card'
const FREE = '.react-flow__pane'
const TYPED = '/orders/2026/november'

/** What a person feels who edits a zap of 1,000 steps: near, and with all of it in view. */
export function measureCanvas(seconds: number): Promise<Figures> {
  return withScreens(async ({ browser, newPage, newAddress, zapId }) => {
    const page = await newPage()
    await page.goto(await newAddress())
    await whenSeen(page, `[href$="/zaps/${zapId}"]`)
    const figures: Record<string, number> = {
      'opens ms': await whenSeen(page, `[data-step-id="${FIRST_STEP}"]`, `#/zaps/${zapId}`),
    }
    const mouse = await mouseOf(page)
    const gesture = async (name: string, kind: 'drag' | 'zoom', selector: string): Promise<void> => {
      const at = await placeOn(page, selector)
      const { perSecond, worstMs } = await framesDuring(browser, page, () => mouse[kind](at, seconds))
      figures[`${name}, frames/s`] = perSecond
      figures[`${name}, worst 5 % ms`] = worstMs
    }
    await gesture('pan', 'drag', FREE)
    await gesture('zoom', 'zoom', FREE)
    await gesture('drag', 'drag', CARD)

    const step = await placeOn(page, CARD)
    await page.mouse.click(step.x, step.y)
    await page.getByRole('textbox', { name: 'Address', exact: true }).click()
    await page.keyboard.press('End')
    const taken = await keystrokes(page, TYPED)
    figures['keystroke p50 ms'] = quantile(taken, 0.5)
    figures['keystroke p95 ms'] = quantile(taken, 0.95)

    await page.getByRole('button', { name: 'Fit everything' }).click()
    await page.waitForFunction(() => document.querySelectorAll('[data-step-id]').length === 1_000)
    await gesture('pan, all in view', 'drag', FREE)
    await gesture('drag, all in view', 'drag', CARD)
    return figures
  })
}
