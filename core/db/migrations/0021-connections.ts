import type { Migration } from '../migration.ts'

/** Triggers that keep a connection have a cursor, too, and fail as those that poll do: `kind` says which of both keeps a row. */
export const connections: Migration = {
  version: 21,
  name: 'connections',
  statements: [`ALTER TABLE poll_cursor ADD COLUMN kind TEXT NOT NULL DEFAULT 'poll'`],
}
