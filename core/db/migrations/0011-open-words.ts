import type { Migration } from '../migration.ts'

/**
 * Words that grow with Hookline have no CHECK any more: what became of a request, types of credential, what a step waits for, where a pinned
 * example came from. They are parsed when they are read. The states of runs, steps and messages keep theirs. The finer verdicts, for which
 * the CHECK had no room, move into their column.
 */
export const openWords: Migration = {
  version: 11,
  name: 'open words',
  rebuilds: [
    {
      table: 'run',
      create: `CREATE TABLE run (
      id TEXT NOT NULL PRIMARY KEY,
      zap_id TEXT NOT NULL REFERENCES zap (id),
      version INTEGER NOT NULL,
      event_id TEXT NOT NULL REFERENCES trigger_event (id),
      replay_no INTEGER NOT NULL DEFAULT 0,
      replay_of_run_id TEXT,
      state TEXT NOT NULL CHECK (state IN ('running', 'waiting', 'succeeded', 'failed', 'cancelled', 'needs-review')),
      reason TEXT,
      reason_code TEXT,
      reason_data TEXT CHECK (json_valid(reason_data)),
      started_at INTEGER NOT NULL,
      finished_at INTEGER,
      resumes_at INTEGER,
      waits_for TEXT,
      outcome TEXT CHECK (outcome IS NULL OR (outcome = 'filtered' AND state = 'succeeded')
        OR (outcome = 'replayed' AND state IN ('failed', 'cancelled'))),
      shown TEXT GENERATED ALWAYS AS (coalesce(outcome, state)) VIRTUAL,
      UNIQUE (event_id, version, replay_no),
      CHECK ((state IN ('succeeded', 'failed', 'cancelled')) = (finished_at IS NOT NULL)),
      CHECK (resumes_at IS NULL OR state = 'waiting')
    ) STRICT`,
    },
    {
      table: 'step_run',
      create: `CREATE TABLE step_run (
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
      wait_for TEXT,
      wait_since INTEGER,
      wait_data TEXT,
      answer TEXT,
      exhausted INTEGER NOT NULL DEFAULT 0 CHECK (exhausted IN (0, 1)),
      ends_run TEXT CHECK (json_valid(ends_run)),
      PRIMARY KEY (run_id, step_id, scope),
      CHECK ((state IN ('succeeded', 'failed', 'skipped')) = (finished_at IS NOT NULL)),
      CHECK ((state = 'waiting') = (next_attempt_at IS NOT NULL))
    ) STRICT`,
    },
    {
      table: 'webhook_request',
      create: `CREATE TABLE webhook_request (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      received_at INTEGER NOT NULL,
      method TEXT NOT NULL,
      path TEXT NOT NULL,
      query TEXT,
      headers TEXT,
      body BLOB,
      remote_address TEXT,
      verdict TEXT NOT NULL,
      status INTEGER NOT NULL,
      note TEXT,
      zap_id TEXT,
      event_id TEXT,
      report TEXT CHECK (report IS NULL OR json_valid(report)),
      repeats INTEGER NOT NULL DEFAULT 0
    ) STRICT`,
      values: { verdict: 'coalesce(finer_verdict, verdict)' },
      drops: ['finer_verdict'],
      without: ['webhook_request_finer'],
    },
    {
      table: 'credential',
      create: `CREATE TABLE credential (
      name TEXT NOT NULL PRIMARY KEY,
      type TEXT NOT NULL,
      sealed BLOB NOT NULL,
      updated_at INTEGER NOT NULL,
      hosts TEXT CHECK (hosts IS NULL OR json_valid(hosts))
    ) STRICT`,
    },
    {
      table: 'pinned_sample',
      create: `CREATE TABLE pinned_sample (
      zap_id TEXT NOT NULL REFERENCES zap (id),
      step_id TEXT NOT NULL,
      data TEXT NOT NULL CHECK (json_valid(data)),
      pinned_at INTEGER NOT NULL,
      run_id TEXT,
      origin TEXT,
      PRIMARY KEY (zap_id, step_id)
    ) STRICT, WITHOUT ROWID`,
    },
  ],
  statements: [],
}
