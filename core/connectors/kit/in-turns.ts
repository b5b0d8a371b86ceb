/** Milliseconds that work has at a time before everything else has its turn. */
const TURN_MS = 8

/** Does work in turns with everything else in the process; work that takes less than a turn is done at once. Rejects with the signal's reason. */
export async function inTurns<Result>(
  work: Generator<undefined, Result, undefined>,
  signal?: AbortSignal,
): Promise<Result> {
  for (;;) {
    const until = performance.now() + TURN_MS
    do {
      const next = work.next()
      if (next.done === true) return next.value
    } while (performance.now() < until)
    await new Promise((resolve) => setImmediate(resolve))
    signal?.throwIfAborted()
  }
}

/** Does all of the work now: for a thread in which nothing waits. */
export function atOnce<Result>(work: Generator<undefined, Result, undefined>): Result {
  let next = work.next()
  while (next.done !== true) next = work.next()
  return next.value
}
