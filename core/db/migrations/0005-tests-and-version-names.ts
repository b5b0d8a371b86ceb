import type { Migration } from '../migration.ts'

/**
 * Names of published versions, where a pinned sample came from, and what is known of the runs that are tests: which outputs they were
 * given, where they pause, and until when a paused one waits for somebody to go on. Ordinary runs have no line in `test_run`.
 */
export const testsAndVersionNames: Migration = {
  version: 5,
  name: 'tests and version names',
  statements: [
    `ALTER TABLE zap_version ADD COLUMN name TEXT`,
    // The run that gave what is pinned, or in other ways what it is; null for what somebody wrote, and for pins of before.
    `ALTER TABLE pinned_sample ADD COLUMN run_id TEXT`,
    `ALTER TABLE pinned_sample ADD COLUMN origin TEXT CHECK (origin IN ('run', 'connector', 'request', 'written'))`,
    `CREATE TABLE test_run (
      run_id TEXT NOT NULL PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
      given TEXT NOT NULL CHECK (json_valid(given)),
      pauses TEXT CHECK (pauses IN ('every-step', 'breakpoints')),
      breakpoints TEXT NOT NULL CHECK (json_valid(breakpoints)),
      paused_until INTEGER,
      CHECK (paused_until IS NULL OR pauses IS NOT NULL)
    ) STRICT, WITHOUT ROWID`,
    `CREATE INDEX test_run_paused ON test_run (paused_until) WHERE paused_until IS NOT NULL`,
  ],
}
