/**
 * Moments of an event's way at which a crash would hurt most. Tests let the process die exactly there:
 * `before-commit` and `after-commit` of an accepted event, `after-lease` of its message, `during-step` (the step's start is
 * journaled, its action not yet called) and `after-effect` (the action is done, its result not yet journaled).
 */
export const FAILPOINTS = ['before-commit', 'after-commit', 'after-lease', 'during-step', 'after-effect'] as const

/**
 * The same for the care of the database: `before-migration` (the old database is backed up, nothing changed yet),
 * `during-migration` (changed, not committed), `after-migration` (committed, nothing else done), `during-backup` (a part of the
 * copy is written), `before-backup-has-its-name` (it is whole and checked), `during-prune` (old runs are deleted, not committed),
 * `after-prune` (committed, their large values are still there) and `during-shrink` (pages are given back, not committed).
 */
export const UPKEEP_FAILPOINTS = [
  'before-migration',
  'during-migration',
  'after-migration',
  'during-backup',
  'before-backup-has-its-name',
  'during-prune',
  'after-prune',
  'during-shrink',
] as const

export type FailpointName = (typeof FAILPOINTS)[number] | (typeof UPKEEP_FAILPOINTS)[number]

/** Called at every failpoint; does nothing outside of tests. */
export type Failpoint = (name: FailpointName) => void

export const noFailpoint: Failpoint = () => undefined
