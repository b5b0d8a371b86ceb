import type { Log } from '../host/log.ts'
import type { Clock } from './clock.ts'

/** Work that is done now and then. Its rounds never overlap. */
export type Repeat<Result> = {
  /** Plans the first round, and each later one when the one before is over. */
  start(): void
  /** Does one round now, after the one under way. Rejects with what the round threw. */
  now(): Promise<Result>
  /** Does a round as if its time had come. Does nothing before `start` and after `stop`. */
  soon(): void
  /** Plans the next round anew, as what its time goes by has changed. Resolves when that is done. */
  replan(): Promise<void>
  /** Begins no further round, and resolves when the one under way is over. */
  stop(): Promise<void>
}

/** Milliseconds until a round: always the same, or as it is found. Infinity: none comes by itself until `replan` or `soon`. */
type Pause = number | (() => number | Promise<number>)

/**
 * The one periodic service of the core: everything that is done again and again is a `run` of one. A round that fails is logged with
 * `failed`, and the next one comes as planned. Times are milliseconds.
 */
export function repeat<Result>(config: {
  readonly clock: Clock
  readonly log: Log
  /** What the log says when a round failed, as a sentence. */
  readonly failed: string
  /** From the end of a round to the next one. */
  readonly everyMs: Pause
  /** From `start` to the first round, where that is another time. */
  readonly firstMs?: number
  /** From a round that failed to the next one, where that is another time. */
  readonly retryMs?: number
  /** One round. `plannedAt`: the time for which it was planned, when it comes by itself. */
  run(plannedAt: number | undefined): Promise<Result>
}): Repeat<Result> {
  const { clock, log, everyMs, firstMs = everyMs, retryMs = everyMs } = config
  let isStarted = false
  let cancelTimer = (): void => undefined
  /** The round under way or the last one; never rejects. */
  let last: Promise<unknown> = Promise.resolve()
  /** The newest plan; one that takes time to be made is dropped when another was made meanwhile. */
  let plan: Promise<void> = Promise.resolve()
  let plans = 0

  function now(plannedAt?: number): Promise<Result> {
    const round = last.then(() => config.run(plannedAt))
    last = round.catch(() => undefined)
    return round
  }

  function doRound(plannedAt: number): void {
    now(plannedAt).then(
      () => planNext(everyMs),
      (error: unknown) => {
        fail(error)
        planNext(retryMs)
      },
    )
  }

  function planNext(pause: Pause): void {
    if (!isStarted) return
    cancelTimer()
    const mine = ++plans
    const ms = typeof pause === 'number' ? pause : pause()
    if (typeof ms === 'number') {
      // What is done at an even pace, and not at a time, may be done with the rest of its kind.
      arm(ms, typeof pause === 'number' ? 'loose' : undefined)
      return
    }
    plan = ms
      .catch((error: unknown) => {
        fail(error)
        return typeof retryMs === 'number' ? retryMs : Number.POSITIVE_INFINITY
      })
      .then((found) => {
        if (mine === plans) arm(found)
      })
  }

  function arm(ms: number, loose?: 'loose'): void {
    if (!isStarted || ms === Number.POSITIVE_INFINITY) return
    const plannedAt = clock.now() + ms
    cancelTimer = clock.after(ms, () => doRound(plannedAt), loose)
  }

  function fail(error: unknown): void {
    log.error(config.failed, { error: String(error) })
  }

  return {
    start() {
      if (isStarted) return
      isStarted = true
      planNext(firstMs)
    },
    now: () => now(),
    soon() {
      if (!isStarted) return
      cancelTimer()
      doRound(clock.now())
    },
    replan() {
      planNext(everyMs)
      return plan
    },
    async stop() {
      isStarted = false
      cancelTimer()
      await plan
      await last
    },
  }
}
