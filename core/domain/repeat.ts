import type { Clock } from './clock.ts'
import type { Log } from './log.ts'

/** Work that is done now and then. Its rounds never overlap. */
export type Repeat<Result> = {
  /** Begins the first round after `firstMs`, and each later one `everyMs` after the end of the one before. */
  start(): void
  /** Does one round now, after the one under way. Rejects with what the round threw. */
  now(): Promise<Result>
  /** Begins no further round, and resolves when the one under way is over. */
  stop(): Promise<void>
}

/** Makes a service of `run`. A round that fails is logged with `failed`, and the next one comes as planned. Times are milliseconds. */
export function repeat<Result>(config: {
  readonly clock: Clock
  readonly log: Log
  /** What the log says when a round failed, as a sentence. */
  readonly failed: string
  readonly everyMs: number
  readonly firstMs?: number
  run(): Promise<Result>
}): Repeat<Result> {
  const { clock, log, everyMs } = config
  let isStarted = false
  let cancelTimer = (): void => undefined
  let last: Promise<unknown> = Promise.resolve()

  function now(): Promise<Result> {
    const round = last.then(config.run)
    last = round.catch(() => undefined)
    return round
  }

  function schedule(ms: number): void {
    cancelTimer = clock.after(ms, () => {
      now()
        .catch((error: unknown) => log.error(config.failed, { error: String(error) }))
        .finally(() => {
          if (isStarted) schedule(everyMs)
        })
    })
  }

  return {
    start() {
      if (isStarted) return
      isStarted = true
      schedule(config.firstMs ?? everyMs)
    },
    now,
    async stop() {
      isStarted = false
      cancelTimer()
      await last
    },
  }
}
