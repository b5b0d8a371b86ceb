import type { Migration } from '../migration.ts'

/**
 * Large values of events that a host of a fleet has put into a store of objects, or is to put there: they lie there until their events have ended. `name` is
 * the hash of a value, or `event` for the event's own data.
 */
export const storedObjects: Migration = {
  version: 25,
  name: 'stored objects',
  statements: [
    `CREATE TABLE stored_object (
      event_id TEXT NOT NULL REFERENCES trigger_event (id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('event', 'json', 'value', 'text', 'bytes')),
      put_at INTEGER,
      PRIMARY KEY (event_id, name)
    ) STRICT, WITHOUT ROWID`,
  ],
}
