import type { Page } from '@playwright/test'

/**
 * Milliseconds until an element is on the screen, told by the page itself, so that the way to the browser is not in it: since
 * the page began to load, or since it went to the address `hash` in it.
 */
export function whenSeen(page: Page, selector: string, hash?: string): Promise<number> {
  return page.evaluate(
    async ({ selector, hash }) => {
      const since = hash === undefined ? 0 : performance.now()
      if (hash !== undefined) location.hash = hash
      const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve))
      while (document.querySelector(selector) === null) await nextFrame()
      // The frame that draws it, and the one after, which begins when that is done.
      await nextFrame()
      await nextFrame()
      return performance.now() - since
    },
    { selector, hash },
  )
}
