import type { Page } from '@playwright/test'

declare global {
  interface Window {
    /** Milliseconds that each key so far took to be seen. */
    keysTook?: number[]
  }
}

/** Milliseconds from each key of `text`, pressed one after the other, until what it changed is on the screen. */
export async function keystrokes(page: Page, text: string): Promise<readonly number[]> {
  await page.evaluate(() => {
    const took: number[] = []
    window.keysTook = took
    const onKey = ({ timeStamp }: KeyboardEvent): void => {
      requestAnimationFrame(() => {
        // A message arrives after the frame that is being made has been drawn.
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => {
          took.push(performance.now() - timeStamp)
          port1.close()
        }
        port2.postMessage(null)
      })
    }
    addEventListener('keydown', onKey, { capture: true })
  })
  for (const [n, key] of [...text].entries()) {
    await page.keyboard.press(key)
    await page.waitForFunction((count) => (window.keysTook?.length ?? 0) >= count, n + 1)
  }
  return page.evaluate(() => window.keysTook ?? [])
}
