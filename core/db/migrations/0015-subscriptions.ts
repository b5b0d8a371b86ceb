import type { Migration } from '../migration.ts'

/**
 * What services were told to call, or are to be told. `id` is the last part of the address; `version` the zap's version by which it is made,
 * renewed and ended; `tried_at` when the service was last told while it is not known whether that arrived; `data` what it answered.
 */
export const subscriptions: Migration = {
  version: 15,
  name: 'subscriptions',
  statements: [
    `CREATE TABLE subscription (
      id TEXT NOT NULL PRIMARY KEY,
      zap_id TEXT NOT NULL REFERENCES zap (id),
      step_id TEXT NOT NULL,
      version INTEGER NOT NULL,
      subject TEXT NOT NULL,
      url TEXT,
      state TEXT NOT NULL CHECK (state IN ('pending', 'active', 'ending')),
      data TEXT CHECK (json_valid(data)),
      sealed BLOB,
      expires_at INTEGER,
      next_at INTEGER NOT NULL,
      tried_at INTEGER,
      failures INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),
      failing_since INTEGER,
      error TEXT CHECK (json_valid(error)),
      CHECK ((failures = 0) = (failing_since IS NULL)),
      CHECK (state != 'active' OR (data IS NOT NULL AND url IS NOT NULL))
    ) STRICT`,
    `CREATE INDEX subscription_step ON subscription (zap_id, step_id)`,
  ],
}
