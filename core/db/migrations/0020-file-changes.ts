import type { Migration } from '../migration.ts'

/**
 * What runs did to files, so that it can be put back. A row is there before the file is touched, and says afterwards what became of it: after a crash
 * between the two the disk itself is asked.
 */
export const fileChanges: Migration = {
  version: 20,
  name: 'file changes',
  statements: [
    `CREATE TABLE file_change (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      key TEXT NOT NULL UNIQUE,
      run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      step_id TEXT NOT NULL,
      scope TEXT NOT NULL,
      kind TEXT NOT NULL,
      place TEXT NOT NULL,
      source TEXT,
      keeps INTEGER NOT NULL DEFAULT 0 CHECK (keeps IN (0, 1)),
      trashed TEXT,
      stamp TEXT CHECK (json_valid(stamp)),
      state TEXT NOT NULL CHECK (state IN ('intended', 'done', 'undoing', 'undone', 'unclear')),
      changed_at INTEGER NOT NULL,
      undone_at INTEGER,
      undone_to TEXT
    ) STRICT`,
    `CREATE INDEX file_change_run ON file_change (run_id)`,
    `CREATE INDEX file_change_open ON file_change (state) WHERE state IN ('intended', 'undoing')`,
    `CREATE INDEX file_change_back ON file_change (undone_to) WHERE undone_to IS NOT NULL`,
  ],
}
