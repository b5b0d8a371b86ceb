import { z } from 'zod'
import type { Database } from './db/open.ts'
import { readSetting, writeSetting } from './db/settings.ts'
import { CRASH_LOOP_STARTS, type CrashLoopGuard } from './outbox/crash-loop-guard.ts'

/** What stands still: all of it by the user's word, or runs alone in the safe mode after one crash upon the other. */
export type Pause = {
  /** Whether nothing is taken in. */
  ofIntake(): boolean
  /** Whether no run begins. */
  ofRuns(): boolean
  /** Why nothing is run since the start, and what to do about it; null when all is well. */
  safeMode(): string | null
  /** Keeps the user's word, across restarts too. Unpausing leaves the safe mode as well. */
  set(paused: boolean): Promise<void>
}

const SAFE_MODE = `Hookline stopped unexpectedly ${CRASH_LOOP_STARTS} times in a row before any run was done, so it runs nothing for now. What comes in is taken in and kept. Switch off the zap that may be the cause or cancel its newest runs, then resume.`

export async function readPause(database: Database, crashLoopGuard: CrashLoopGuard): Promise<Pause> {
  let isPaused = (await readSetting(database.reader, 'paused', z.boolean())) ?? false
  return {
    ofIntake: () => isPaused,
    ofRuns: () => isPaused || crashLoopGuard.isCrashLoop(),
    safeMode: () => (crashLoopGuard.isCrashLoop() ? SAFE_MODE : null),
    async set(paused) {
      await database.write((tx) => writeSetting(tx, 'paused', paused))
      isPaused = paused
      if (!paused) await crashLoopGuard.giveAnotherTry()
    },
  }
}
