import { type Log, STOP_MS } from '../core/app.ts'

/**
 * One Ctrl+C can arrive as several signals: from the terminal, and again from the npm or the older Node that started us. What comes
 * within this many milliseconds of the first is the same wish.
 */
const SAME_WISH_MS = 1_000

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
type Signal = (typeof SIGNALS)[number]

/** Work of the threads that `process.exit` waits for. */
const THREAD_WORK = /^(?:FSReq|FileHandleCloseReq|GetAddrInfo|GetNameInfo)/

/**
 * The first signal stops gracefully, within `mostMs` milliseconds: the process ends then, and the log says so. A later one ends it at
 * once. Nothing acknowledged is lost by either.
 */
export function stopOnSignals(stop: () => Promise<void>, log: Log, mostMs = STOP_MS): void {
  let firstAt: number | null = null

  function onSignal(signal: Signal): void {
    const now = performance.now()
    if (firstAt !== null) {
      if (now - firstAt > SAME_WISH_MS) endBy(signal)
      return
    }
    firstAt = now
    setTimeout(() => {
      log.error(
        `Hookline did not stop within ${mostMs / 1_000} s: its process ends all the same. Nothing that was accepted is lost.`,
        {
          heldBy: process
            .getActiveResourcesInfo()
            .filter((kind) => THREAD_WORK.test(kind))
            .join(', '),
        },
      )
      endBy(signal)
    }, mostMs)
    stop().then(
      () => exitWhenFree(0),
      (error: unknown) => {
        log.error('Hookline did not stop cleanly.', { error: String(error) })
        exitWhenFree(1)
      },
    )
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
}

/** `process.exit` waits for its threads, and no timer is heard meanwhile: with one that hangs, what ends the process is the time above. */
function exitWhenFree(code: number): void {
  if (process.getActiveResourcesInfo().some((kind) => THREAD_WORK.test(kind))) setTimeout(exitWhenFree, 50, code)
  else process.exit(code)
}

/** Ends the process as if it had never listened: the system does it, and waits for no thread. */
function endBy(signal: Signal): void {
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
}
