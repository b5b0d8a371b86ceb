import type { Migration } from '../migration.ts'

/** The tables of a zap's way from event to journal. Times are milliseconds since 1970 UTC; JSON is text. */
export const firstSchema: Migration = {
  version: 1,
  name: 'first schema',
  statements: [
    `CREATE TABLE zap (
      id TEXT NOT NULL PRIMARY KEY,
      name TEXT NOT NULL,
      enabled INTEGER NOT NULL DEFAULT 0 CHECK (enabled IN (0, 1)),
      live_version INTEGER,
      draft TEXT NOT NULL CHECK (json_valid(draft)),
      draft_revision INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      removed_at INTEGER,
      CHECK (enabled = 0 OR live_version IS NOT NULL)
    ) STRICT`,
    `CREATE TABLE zap_version (
      zap_id TEXT NOT NULL REFERENCES zap (id),
      number INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('published', 'test')),
      definition TEXT NOT NULL CHECK (json_valid(definition)),
      created_at INTEGER NOT NULL,
      PRIMARY KEY (zap_id, number)
    ) STRICT`,
    `CREATE TABLE trigger_event (
      id TEXT NOT NULL PRIMARY KEY,
      zap_id TEXT NOT NULL REFERENCES zap (id),
      trigger_step_id TEXT NOT NULL,
      dedupe_key TEXT,
      data TEXT NOT NULL,
      received_at INTEGER NOT NULL
    ) STRICT`,
    `CREATE UNIQUE INDEX trigger_event_dedupe ON trigger_event (zap_id, trigger_step_id, dedupe_key)
      WHERE dedupe_key IS NOT NULL`,
    `CREATE TABLE run (
      id TEXT NOT NULL PRIMARY KEY,
      zap_id TEXT NOT NULL REFERENCES zap (id),
      version INTEGER NOT NULL,
      event_id TEXT NOT NULL REFERENCES trigger_event (id),
      replay_no INTEGER NOT NULL DEFAULT 0,
      replay_of_run_id TEXT,
      state TEXT NOT NULL CHECK (state IN ('running', 'waiting', 'succeeded', 'failed', 'cancelled', 'needs-review')),
      reason TEXT,
      started_at INTEGER NOT NULL,
      finished_at INTEGER,
      resumes_at INTEGER,
      UNIQUE (event_id, version, replay_no),
      CHECK ((state IN ('succeeded', 'failed', 'cancelled')) = (finished_at IS NOT NULL)),
      CHECK (resumes_at IS NULL OR state = 'waiting')
    ) STRICT`,
    `CREATE INDEX run_of_zap ON run (zap_id, id)`,
    `CREATE INDEX run_in_state ON run (state, id)`,
    `CREATE INDEX run_of_zap_in_state ON run (zap_id, state, id)`,
    `CREATE TABLE outbox_message (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      kind TEXT NOT NULL CHECK (kind IN ('start-run', 'resume-run')),
      state TEXT NOT NULL CHECK (state IN ('pending', 'leased', 'delivered', 'dead', 'cancelled')),
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
      CHECK ((state = 'leased') = (lease_token IS NOT NULL)),
      CHECK ((state = 'leased') = (leased_until IS NOT NULL)),
      CHECK ((state IN ('delivered', 'dead', 'cancelled')) = (settled_at IS NOT NULL))
    ) STRICT`,
    `CREATE INDEX outbox_pending ON outbox_message (zap_id, available_at, id) WHERE state = 'pending'`,
    `CREATE INDEX outbox_leased ON outbox_message (leased_until) WHERE state = 'leased'`,
    `CREATE INDEX outbox_dead ON outbox_message (settled_at) WHERE state = 'dead'`,
    `CREATE INDEX outbox_open ON outbox_message (zap_id, id) WHERE state IN ('pending', 'leased')`,
    `CREATE TABLE step_run (
      run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      step_id TEXT NOT NULL,
      scope TEXT NOT NULL DEFAULT '',
      state TEXT NOT NULL CHECK (state IN ('pending', 'running', 'succeeded', 'failed', 'skipped', 'waiting')),
      ports TEXT,
      input TEXT,
      output TEXT,
      attempt_no INTEGER NOT NULL DEFAULT 0,
      attempt_started_at INTEGER,
      finished_at INTEGER,
      next_attempt_at INTEGER,
      PRIMARY KEY (run_id, step_id, scope),
      CHECK ((state IN ('succeeded', 'failed', 'skipped')) = (finished_at IS NOT NULL)),
      CHECK ((state = 'waiting') = (next_attempt_at IS NOT NULL))
    ) STRICT`,
    `CREATE TABLE attempt (
      run_id TEXT NOT NULL,
      step_id TEXT NOT NULL,
      scope TEXT NOT NULL DEFAULT '',
      n INTEGER NOT NULL,
      started_at INTEGER NOT NULL,
      finished_at INTEGER NOT NULL,
      error_code TEXT NOT NULL,
      error_message TEXT NOT NULL,
      PRIMARY KEY (run_id, step_id, scope, n),
      FOREIGN KEY (run_id, step_id, scope) REFERENCES step_run (run_id, step_id, scope) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE webhook_request (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      received_at INTEGER NOT NULL,
      method TEXT NOT NULL,
      path TEXT NOT NULL,
      query TEXT,
      headers TEXT,
      body BLOB,
      remote_address TEXT,
      verdict TEXT NOT NULL CHECK (verdict IN
        ('accepted', 'duplicate', 'bad-signature', 'unknown-path', 'too-large', 'too-deep', 'unreadable', 'paused')),
      status INTEGER NOT NULL,
      note TEXT,
      zap_id TEXT,
      event_id TEXT
    ) STRICT`,
    `CREATE TABLE schedule (
      zap_id TEXT NOT NULL REFERENCES zap (id),
      step_id TEXT NOT NULL,
      timetable TEXT NOT NULL,
      due_at INTEGER,
      PRIMARY KEY (zap_id, step_id)
    ) STRICT`,
    `CREATE TABLE credential (
      name TEXT NOT NULL PRIMARY KEY,
      type TEXT NOT NULL CHECK (type IN ('secret', 'bearer', 'basic', 'header')),
      sealed BLOB NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT`,
    `CREATE TABLE setting (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL CHECK (json_valid(value))) STRICT`,
    `CREATE TABLE incident (
      id TEXT NOT NULL PRIMARY KEY,
      kind TEXT NOT NULL,
      subject TEXT NOT NULL,
      message TEXT NOT NULL,
      opened_at INTEGER NOT NULL,
      closed_at INTEGER
    ) STRICT`,
    `CREATE UNIQUE INDEX incident_open ON incident (kind, subject) WHERE closed_at IS NULL`,
  ],
}
