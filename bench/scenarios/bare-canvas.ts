import { barePage } from '../limits/bare-page.ts'
import type { Figures } from '../scenario.ts'
import { withChromium } from '../screens/chromium.ts'
import { framesDuring } from '../screens/frames.ts'
import { mouseOf } from '../screens/mouse.ts'

/** What zooming a thousand cards gives when nothing but Chromium draws them. */
export function measureBareCanvas(seconds: number): Promise<Figures> {
  return withChromium(async (browser) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
    const page = await context.newPage()
    await page.setContent(barePage())
    const mouse = await mouseOf(page)
    const { perSecond, worstMs } = await framesDuring(browser, page, () => mouse.zoom({ x: 790, y: 400 }, seconds))
    return { 'zoom, frames/s': perSecond, 'zoom, worst 5 % ms': worstMs }
  })
}
