import type { Migration } from '../migration.ts'

/**
 * What triggers that watch folders know of their files, so that what changed while nothing ran is found once. A watch is in the table when its
 * folder was looked through once; `folder` is relative to the watched one, and '' for that itself.
 */
export const folderWatches: Migration = {
  version: 14,
  name: 'folder watches',
  statements: [
    `CREATE TABLE folder_watch (
      zap_id TEXT NOT NULL REFERENCES zap (id),
      step_id TEXT NOT NULL,
      subject TEXT NOT NULL,
      PRIMARY KEY (zap_id, step_id)
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE watched_file (
      zap_id TEXT NOT NULL REFERENCES zap (id),
      step_id TEXT NOT NULL,
      folder TEXT NOT NULL,
      name TEXT NOT NULL,
      stamp TEXT NOT NULL,
      PRIMARY KEY (zap_id, step_id, folder, name)
    ) STRICT, WITHOUT ROWID`,
  ],
}
