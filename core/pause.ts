import type { Database } from './db/open.ts'
import { readSetting, startSettings, writeSetting } from './db/settings.ts'
import type { Notifier } from './domain/host/adapters.ts'
import type { Log } from './domain/host/log.ts'
import type { Signals } from './signals.ts'
import { CRASH_LOOP_STARTS, type CrashLoopGuard } from './upkeep/crash-loop-guard.ts'

/** What stands still: all of it as the user wants it, or runs alone in the safe mode after one crash upon the other. */
export type Pause = {
  /** Whether nothing is taken in. */
  ofIntake(): boolean
  /** Whether no run begins. */
  ofRuns(): boolean
  /** Why nothing is run since the start, and what to do about it; null when all is well. */
  safeMode(): string | null
  /** Keeps what the user wants, across restarts too. Unpausing leaves the safe mode as well. */
  set(paused: boolean): Promise<void>
  /** Tells all parts what stands still, and the user of a safe mode. */
  announce(notifier: Notifier): void
}

const SAFE_MODE = `Hookline stopped unexpectedly ${CRASH_LOOP_STARTS} times in a row before any run was done, so it runs nothing for now. What comes in is taken in and kept. Switch off the zap that may be the cause or cancel its newest runs, then resume.`

export async function readPause(config: {
  readonly database: Database
  readonly log: Log
  readonly signals: Signals
  readonly crashLoopGuard: CrashLoopGuard
}): Promise<Pause> {
  const { database, log, signals, crashLoopGuard } = config
  let isPaused = (await readSetting(database.reader, 'paused', startSettings.paused)) ?? false
  const ofRuns = (): boolean => isPaused || crashLoopGuard.isCrashLoop()
  const safeMode = (): string | null => (crashLoopGuard.isCrashLoop() ? SAFE_MODE : null)
  const tell = (): void => signals.emit('pause:changed', { ofIntake: isPaused, ofRuns: ofRuns() })

  return {
    ofIntake: () => isPaused,
    ofRuns,
    safeMode,
    async set(paused) {
      await database.write((tx) => writeSetting(tx, 'paused', paused))
      isPaused = paused
      if (!paused) await crashLoopGuard.giveAnotherTry()
      tell()
      signals.emit('status:changed')
    },
    announce(notifier) {
      tell()
      const why = safeMode()
      if (why === null) return
      log.warn(why)
      notifier
        .show({ title: 'Hookline runs nothing for now', body: why })
        .catch((error: unknown) => log.warn('A notification could not be shown.', { error: String(error) }))
    },
  }
}
