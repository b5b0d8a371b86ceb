import type { Page } from '@playwright/test'
import type { Point } from './mouse.ts'

/** The place of the canvas nearest to its middle where the mouse would take hold of what `selector` finds. */
export async function placeOn(page: Page, selector: string): Promise<Point> {
  const place = await page.evaluate((selector) => {
    const box = document.querySelector('.react-flow')?.getBoundingClientRect()
    if (box === undefined) return null
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
    for (let radius = 0; radius < box.height / 2; radius += 6) {
      for (let angle = 0; angle < 2 * Math.PI; angle += 0.3) {
        const at = { x: middle.x + radius * Math.cos(angle), y: middle.y + radius * Math.sin(angle) }
        if (document.elementFromPoint(at.x, at.y)?.closest(selector)) return at
      }
    }
    return null
  }, selector)
  if (place === null) throw new Error(`nothing of the canvas is ${selector}`)
  return place
}
