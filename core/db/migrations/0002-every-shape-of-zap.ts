import type { Migration } from '../migration.ts'

/**
 * Waits for more than a retry, decisions of people, zaps that call zaps, what steps remember, and dead letters that were dealt with.
 * Times are milliseconds since 1970 UTC; JSON is text.
 */
export const everyShapeOfZap: Migration = {
  version: 2,
  name: 'every shape of zap',
  statements: [
    // What a waiting step waits for, what it wants to know then, and what was answered meanwhile.
    `ALTER TABLE step_run ADD COLUMN wait_for TEXT CHECK (wait_for IN ('retry', 'time', 'person', 'run', 'network'))`,
    `ALTER TABLE step_run ADD COLUMN wait_since INTEGER`,
    `ALTER TABLE step_run ADD COLUMN wait_data TEXT`,
    `ALTER TABLE step_run ADD COLUMN answer TEXT`,
    `CREATE INDEX step_run_without_network ON step_run (run_id) WHERE state = 'waiting' AND wait_for = 'network'`,
    `ALTER TABLE run ADD COLUMN waits_for TEXT CHECK (waits_for IN ('retry', 'time', 'person', 'run', 'network'))`,
    // Who called: a run that waits for this one, and how many calls lie above it.
    `ALTER TABLE trigger_event ADD COLUMN parent_run_id TEXT`,
    `ALTER TABLE trigger_event ADD COLUMN depth INTEGER NOT NULL DEFAULT 0`,
    `ALTER TABLE zap ADD COLUMN skipped_events INTEGER NOT NULL DEFAULT 0`,
    `ALTER TABLE outbox_message ADD COLUMN handled_at INTEGER`,
    `CREATE INDEX outbox_unhandled ON outbox_message (zap_id, id) WHERE state = 'dead' AND handled_at IS NULL`,
    // Messages of runs that have begun and rest. A message that is worked on at once is never in it, so it costs the busy path nothing.
    `CREATE INDEX outbox_resting ON outbox_message (run_id) WHERE state = 'pending' AND deliveries > 0`,
    `CREATE TABLE approval (
      run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      step_id TEXT NOT NULL,
      scope TEXT NOT NULL DEFAULT '',
      message TEXT NOT NULL,
      data TEXT NOT NULL CHECK (json_valid(data)),
      requested_at INTEGER NOT NULL,
      expires_at INTEGER,
      decision TEXT CHECK (decision IN ('approved', 'declined', 'expired', 'withdrawn')),
      note TEXT,
      decided_at INTEGER,
      PRIMARY KEY (run_id, step_id, scope),
      CHECK ((decision IS NULL) = (decided_at IS NULL))
    ) STRICT, WITHOUT ROWID`,
    `CREATE INDEX approval_open ON approval (requested_at) WHERE decision IS NULL`,
    `CREATE TABLE store_entry (
      zap_id TEXT NOT NULL REFERENCES zap (id),
      step_id TEXT NOT NULL,
      key TEXT NOT NULL,
      value TEXT NOT NULL CHECK (json_valid(value)),
      expires_at INTEGER NOT NULL,
      PRIMARY KEY (zap_id, step_id, key)
    ) STRICT, WITHOUT ROWID`,
    `CREATE INDEX store_entry_expiry ON store_entry (expires_at)`,
  ],
}
