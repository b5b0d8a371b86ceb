import type { Database } from '../db/open.ts'
import { getSetting, writeSetting } from '../db/settings.ts'
import type { Log } from '../domain/host/log.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { Signals } from '../signals.ts'

/**
 * Watches whether one start after the other ends in a crash: the safe mode's ground. A start counts as bad when its process vanished
 * within its first minutes, before any run came to an end or to a rest; one that got something done was no reason to stop working,
 * since then the queue grows shorter with every start, and runs that crash the process are set aside one by one.
 */
export type CrashLoopGuard = {
  /** Whether so many starts before this one went bad that nothing should be run without a person's word. */
  isCrashLoop(): boolean
  /** A person wants runs to begin again; from now on this start is watched like any other. */
  giveAnotherTry(): Promise<void>
  /** Hookline ends in order. */
  stop(): Promise<void>
}

/** Bad starts in a row after which the next one runs nothing. */
export const CRASH_LOOP_STARTS = 3

/** A start that lives for this long is a good one. */
const HEALTHY_AFTER_MS = 5 * 60_000

const BAD_STARTS = 'badStarts'

/** Takes note of a start, before anything can crash it. */
export async function createCrashLoopGuard(config: {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly signals: Signals
}): Promise<CrashLoopGuard> {
  const { database, clock, log, signals } = config
  const before = await database.write((tx) => {
    const count = Number(getSetting(tx, BAD_STARTS) ?? 0)
    // Until it is known to be good, it counts as bad. A start that runs nothing says nothing either way.
    if (count < CRASH_LOOP_STARTS) writeSetting(tx, BAD_STARTS, count + 1)
    return count
  })
  let isCrashLoop = before >= CRASH_LOOP_STARTS
  let isKnownGood = isCrashLoop
  let cancelTimer = isCrashLoop ? () => undefined : clock.after(HEALTHY_AFTER_MS, progressed)

  function progressed(): void {
    if (isKnownGood) return
    settle().catch((error: unknown) => log.warn('A good start could not be noted.', { error: String(error) }))
  }

  async function settle(): Promise<void> {
    isKnownGood = true
    cancelTimer()
    await database.write((tx) => writeSetting(tx, BAD_STARTS, 0))
  }

  // Something got done, or there was nothing to do: this start is a good one.
  signals.on('work:progressed', progressed)

  return {
    isCrashLoop: () => isCrashLoop,
    async giveAnotherTry() {
      if (!isCrashLoop) return
      await database.write((tx) => writeSetting(tx, BAD_STARTS, 1))
      isCrashLoop = false
      isKnownGood = false
      cancelTimer = clock.after(HEALTHY_AFTER_MS, progressed)
    },
    async stop() {
      if (!isKnownGood) await settle()
    },
  }
}
