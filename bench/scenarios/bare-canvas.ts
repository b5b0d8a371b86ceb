import { barePage } from '../limits/bare-page.ts'
import type { Figures } from '../scenario.ts'
import { withChromium } from '../screens/chromium.ts'
import { framesDuring } from '../screens/frames.ts'
import { type Mouse, mouseOf, type Point } from '../screens/mouse.ts'

const FREE = { x: 310, y: 700 }

/** What zooming, panning and dragging a thousand cards gives when nothing but Chromium draws them. */
export function measureBareCanvas(seconds: number): Promise<Figures> {
  return withChromium(async (browser) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
    const page = await context.newPage()
    const mouse = await mouseOf(page)
    const figures: Record<string, number> = {}
    const gesture = async (name: string, kind: keyof Mouse, at: Point): Promise<void> => {
      const { perSecond, worstMs } = await framesDuring(browser, page, () => mouse[kind](at, seconds))
      figures[`${name}, frames/s`] = perSecond
      figures[`${name}, worst 5 % ms`] = worstMs
    }
    await page.setContent(barePage('near'))
    await gesture('zoom', 'zoom', { x: 790, y: 400 })
    await page.setContent(barePage('all in view'))
    await gesture('pan, all in view', 'drag', FREE)
    const card = await page.locator('.card').nth(510).boundingBox()
    if (card === null) throw new Error('the card to be dragged is not in view')
    await gesture('drag, all in view', 'drag', { x: card.x + card.width / 2, y: card.y + card.height / 2 })
    return figures
  })
}
