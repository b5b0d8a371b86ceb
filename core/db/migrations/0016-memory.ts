import type { Migration } from '../migration.ts'

/**
 * What steps keep under a name of their zap's, or, with an empty `zap_id`, of all zaps. `memory_change` has the result of each change by the step
 * and run that made it, so that a repeat of the step changes nothing.
 */
export const memory: Migration = {
  version: 16,
  name: 'memory',
  statements: [
    `CREATE TABLE memory_entry (
      zap_id TEXT NOT NULL,
      key TEXT NOT NULL,
      value TEXT NOT NULL CHECK (json_valid(value)),
      changed_at INTEGER NOT NULL,
      expires_at INTEGER,
      PRIMARY KEY (zap_id, key)
    ) STRICT, WITHOUT ROWID`,
    `CREATE INDEX memory_entry_expiry ON memory_entry (expires_at) WHERE expires_at IS NOT NULL`,
    `CREATE TABLE memory_change (
      by TEXT PRIMARY KEY,
      result TEXT NOT NULL CHECK (json_valid(result)),
      changed_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`,
    `CREATE INDEX memory_change_age ON memory_change (changed_at)`,
  ],
}
