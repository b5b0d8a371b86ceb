import { setTimeout as pause } from 'node:timers/promises'
import type { CDPSession, Page } from '@playwright/test'

export type Point = { readonly x: number; readonly y: number }

/** As often as a screen is drawn. */
const EVERY_MS = 1_000 / 60

/** A hand at the mouse that does not wait for the page: it goes on moving 60 times a second, however long the page takes. */
export type Mouse = {
  /** Presses on `at`, goes round it for `seconds`, and lets go where it began. */
  drag(at: Point, seconds: number): Promise<void>
  /** Turns the wheel over `at` with the zoom key held: half the time out, and in again. */
  zoom(at: Point, seconds: number): Promise<void>
}

export async function mouseOf(page: Page): Promise<Mouse> {
  const session: CDPSession = await page.context().newCDPSession(page)
  const paced = async (seconds: number, act: (share: number) => Promise<unknown>): Promise<void> => {
    const acts = Math.round((seconds * 1_000) / EVERY_MS)
    const startedAt = performance.now()
    const done: Promise<unknown>[] = []
    for (let n = 1; n <= acts; n++) {
      done.push(act(n / acts))
      await pause(Math.max(0, startedAt + n * EVERY_MS - performance.now()))
    }
    await Promise.all(done)
  }
  return {
    async drag(at, seconds) {
      const button = { button: 'left', clickCount: 1 } as const
      await session.send('Input.dispatchMouseEvent', { type: 'mouseMoved', ...at })
      await session.send('Input.dispatchMouseEvent', { type: 'mousePressed', ...at, ...button })
      await paced(seconds, (share) => {
        const angle = share * seconds * Math.PI
        const to = { x: at.x + 160 * Math.sin(angle), y: at.y + 80 * Math.sin(2 * angle) }
        return session.send('Input.dispatchMouseEvent', { type: 'mouseMoved', ...to, button: 'left', buttons: 1 })
      })
      await session.send('Input.dispatchMouseEvent', { type: 'mouseReleased', ...at, ...button })
    },
    zoom: (at, seconds) =>
      paced(seconds, (share) =>
        session.send('Input.dispatchMouseEvent', {
          type: 'mouseWheel',
          ...at,
          deltaX: 0,
          deltaY: share <= 0.5 ? 12 : -12,
          // Control, which makes a wheel zoom.
          modifiers: 2,
        }),
      ),
  }
}
