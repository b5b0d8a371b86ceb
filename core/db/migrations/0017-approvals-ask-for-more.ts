import type { Migration } from '../migration.ts'

/**
 * Questions that ask for more than yes or no: `form` has what there is to fill in and the answers to choose from (null: yes or no, as before),
 * `choice` the one that was chosen, `via` where it was answered, `link_until` how long its link answers it.
 */
export const approvalsAskForMore: Migration = {
  version: 17,
  name: 'approvals ask for more',
  rebuilds: [
    {
      table: 'approval',
      create: `CREATE TABLE approval (
      run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      step_id TEXT NOT NULL,
      scope TEXT NOT NULL DEFAULT '',
      message TEXT NOT NULL,
      data TEXT NOT NULL CHECK (json_valid(data)),
      requested_at INTEGER NOT NULL,
      expires_at INTEGER,
      decision TEXT CHECK (decision IN ('approved', 'declined', 'chosen', 'expired', 'withdrawn')),
      note TEXT,
      decided_at INTEGER,
      form TEXT CHECK (json_valid(form)),
      choice TEXT,
      via TEXT,
      link_until INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (run_id, step_id, scope),
      CHECK ((decision IS NULL) = (decided_at IS NULL)),
      CHECK ((choice IS NOT NULL) = (decision IS 'chosen'))
    ) STRICT, WITHOUT ROWID`,
    },
  ],
  statements: [],
}
