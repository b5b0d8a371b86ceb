import type { Migration } from '../migration.ts'

/**
 * Where the polls of triggers are: the cursor, which is null before the first one succeeded, and when the next one is due, which is null for
 * a trigger that is not polled now. `failures` counts those in a row; `error` is the last one as JSON, also one that does not count.
 */
export const polls: Migration = {
  version: 13,
  name: 'polls',
  statements: [
    `CREATE TABLE poll_cursor (
      zap_id TEXT NOT NULL REFERENCES zap (id),
      step_id TEXT NOT NULL,
      subject TEXT NOT NULL,
      cursor TEXT CHECK (json_valid(cursor)),
      next_at INTEGER,
      polled_at INTEGER,
      succeeded_at INTEGER,
      failures INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),
      failing_since INTEGER,
      error TEXT CHECK (json_valid(error)),
      PRIMARY KEY (zap_id, step_id),
      CHECK ((failures = 0) = (failing_since IS NULL))
    ) STRICT`,
  ],
}
