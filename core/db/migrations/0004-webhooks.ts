import type { Migration } from '../migration.ts'

/** What became of requests in more words, why they were not believed, how many more like them came; and samples that were pinned. */
export const webhooks: Migration = {
  version: 4,
  name: 'webhooks',
  statements: [
    // Says it finer than `verdict`, whose CHECK is as old as the table and cannot grow.
    `ALTER TABLE webhook_request ADD COLUMN finer_verdict TEXT
      CHECK (finer_verdict IN ('handshake', 'rate-limited', 'not-allowed', 'captured'))`,
    `ALTER TABLE webhook_request ADD COLUMN report TEXT CHECK (report IS NULL OR json_valid(report))`,
    `ALTER TABLE webhook_request ADD COLUMN repeats INTEGER NOT NULL DEFAULT 0`,
    `CREATE INDEX webhook_request_finer ON webhook_request (finer_verdict, id) WHERE finer_verdict IS NOT NULL`,
    `CREATE TABLE pinned_sample (
      zap_id TEXT NOT NULL REFERENCES zap (id),
      step_id TEXT NOT NULL,
      data TEXT NOT NULL CHECK (json_valid(data)),
      pinned_at INTEGER NOT NULL,
      PRIMARY KEY (zap_id, step_id)
    ) STRICT, WITHOUT ROWID`,
  ],
}
