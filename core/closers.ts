import type { Log } from './domain/host/log.ts'

/** Milliseconds after which a host that was told to stop ends its process all the same. All that was accepted is on the disk by then. */
export const STOP_MS = 15_000

/** Before {@link STOP_MS}, and after what runs under way are waited for. */
const SLOW_MS = 13_000

/** What has to be stopped, in the order in which it was begun. */
export type Closers = {
  /** `what` ends the sentence "Hookline stops, but still waits for". */
  add(what: string, close: () => Promise<unknown> | unknown): void
  /** Stops several at once. */
  atOnce(parts: Readonly<Record<string, Promise<unknown>>>): Promise<void>
  /** Stops all, what was begun last first. What takes too long is named in the log. */
  close(): Promise<void>
}

export function createClosers(log: Log, slowMs = SLOW_MS): Closers {
  const closers: { readonly what: string; close(): Promise<unknown> | unknown }[] = []
  const waited = new Set<string>()

  async function wait(what: string, closed: Promise<unknown> | unknown): Promise<void> {
    waited.add(what)
    try {
      await closed
    } finally {
      waited.delete(what)
    }
  }

  return {
    add: (what, close) => closers.push({ what, close }),
    async atOnce(parts) {
      await Promise.all(Object.entries(parts).map(([what, closed]) => wait(what, closed)))
    },
    async close() {
      const slow = setTimeout(() => {
        log.error(`Hookline stops, but still waits for ${[...waited].join(', ')}.`)
      }, slowMs)
      try {
        for (const { what, close } of closers.splice(0).reverse()) await wait(what, close())
      } finally {
        clearTimeout(slow)
      }
    },
  }
}
