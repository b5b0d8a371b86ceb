import type { SettingsOf } from './settings.ts'

/** For how many days runs are kept after they ended; 0: for ever. */
export type HistorySettings = SettingsOf<'history'>

/** What a Hookline goes on with that has runs from before the history had a limit: nothing goes that nobody asked to go. */
export const ENDLESS_HISTORY: HistorySettings = { keepSucceededDays: 0, keepFailedDays: 0 }

/** A sender's key is known for so many days after its event came, also when the run is deleted sooner: longer than any of them tries again. */
export const KEY_DAYS = 90

/** A work on the history that was asked for. Times are milliseconds since 1970 UTC. */
export type HistoryJob = {
  readonly kind: 'prune' | 'shrink'
  readonly state: 'running' | 'done' | 'stopped' | 'failed'
  /** Runs, or bytes when it shrinks. */
  readonly total: number
  readonly done: number
  /** Bytes of large values that went with the runs. */
  readonly freedBytes: number
  /** Why it failed. */
  readonly message: string | null
  readonly startedAt: number
  readonly finishedAt: number | null
}
