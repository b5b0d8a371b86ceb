import type { Clock } from './clock.ts'

/**
 * Does work that ends at a deadline, or when `signal` aborts, also when the work itself does not listen. Rejects with what `late` makes
 * after `timeoutMs` milliseconds, with the signal's reason when it was aborted, else with what the work threw.
 */
export async function withDeadline<Result>(
  { clock, signal, timeoutMs, late }: { clock: Clock; signal: AbortSignal; timeoutMs: number; late: () => Error },
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController()
  const abort = (): void => controller.abort(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  const stopTimer = clock.after(timeoutMs, () => controller.abort(late()))
  const aborted = Promise.withResolvers<never>()
  controller.signal.addEventListener('abort', () => aborted.reject(controller.signal.reason), { once: true })
  try {
    controller.signal.throwIfAborted()
    return await Promise.race([work(controller.signal), aborted.promise])
  } catch (error) {
    // What the work has begun and did not wait for ends with it.
    controller.abort(error)
    throw error
  } finally {
    stopTimer()
    signal.removeEventListener('abort', abort)
    // The losing side of the race has no consumer.
    aborted.promise.catch(() => undefined)
  }
}
