import type { Migration } from '../migration.ts'

/**
 * What a host of a fleet has sent on, and what it has taken from others. `relayed_message`: of an outgoing or relayed message, what the log and its worker
 * have said. `taken_event`: events of other hosts that run here, until their hosts know that they have ended.
 */
export const relayedMessages: Migration = {
  version: 24,
  name: 'relayed messages',
  rebuilds: [
    {
      table: 'outbox_message',
      create: `CREATE TABLE outbox_message (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      kind TEXT NOT NULL CHECK (kind IN ('start-run', 'resume-run')),
      state TEXT NOT NULL CHECK (state IN ('pending', 'leased', 'outgoing', 'relayed', 'delivered', 'dead', 'cancelled')),
      zap_id TEXT NOT NULL REFERENCES zap (id),
      version INTEGER NOT NULL,
      event_id TEXT NOT NULL REFERENCES trigger_event (id),
      run_id TEXT NOT NULL,
      available_at INTEGER NOT NULL,
      deliveries INTEGER NOT NULL DEFAULT 0,
      crashes INTEGER NOT NULL DEFAULT 0,
      lease_token TEXT,
      leased_until INTEGER,
      last_error TEXT,
      created_at INTEGER NOT NULL,
      settled_at INTEGER,
      handled_at INTEGER,
      failures INTEGER NOT NULL DEFAULT 0,
      reason_code TEXT,
      reason_data TEXT CHECK (json_valid(reason_data)),
      CHECK ((state = 'leased') = (lease_token IS NOT NULL)),
      CHECK ((state = 'leased') = (leased_until IS NOT NULL)),
      CHECK ((state IN ('delivered', 'dead', 'cancelled')) = (settled_at IS NOT NULL))
    ) STRICT`,
    },
  ],
  statements: [
    `CREATE INDEX outbox_sent_on ON outbox_message (state, id) WHERE state IN ('outgoing', 'relayed')`,
    `CREATE TABLE relayed_message (
      message_id INTEGER PRIMARY KEY REFERENCES outbox_message (id) ON DELETE CASCADE,
      attempt INTEGER NOT NULL DEFAULT 0,
      position TEXT,
      worker TEXT,
      heard_at INTEGER NOT NULL
    ) STRICT`,
    `CREATE TABLE taken_event (
      event_id TEXT PRIMARY KEY REFERENCES trigger_event (id) ON DELETE CASCADE,
      origin TEXT NOT NULL,
      taken_at INTEGER NOT NULL,
      reported_at INTEGER
    ) STRICT, WITHOUT ROWID`,
    `CREATE INDEX taken_event_open ON taken_event (origin, event_id) WHERE reported_at IS NULL`,
  ],
}
