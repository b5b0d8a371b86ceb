import type { Tx } from './executor.ts'
import { integer, nullable, oneOf, rowOf, text } from './row.ts'

/** A large value of an event in a store of objects, or on its way there. */
export type StoredObject = {
  readonly eventId: string
  /** The hash of the value, or `event` for the event's own data. */
  readonly name: string
  readonly bytes: number
  readonly kind: 'event' | 'json' | 'value' | 'text' | 'bytes'
  /** When it was put there, in milliseconds since 1970 UTC; null where it has to be. */
  readonly putAt: number | null
}

const objectRow = rowOf({
  eventId: text,
  name: text,
  bytes: integer,
  kind: oneOf(['event', 'json', 'value', 'text', 'bytes']),
  putAt: nullable(integer),
})

const COLUMNS = 'event_id AS eventId, name, bytes, kind, put_at AS putAt'

/** Whether anything of an event may still need its values: its message, wherever it is, or its runs. */
const IS_OPEN = `(EXISTS (SELECT 1 FROM outbox_message AS message WHERE message.event_id = object.event_id
    AND state IN ('pending', 'leased', 'outgoing', 'relayed'))
  OR EXISTS (SELECT 1 FROM run WHERE run.event_id = object.event_id AND state IN ('running', 'waiting', 'needs-review')))`

/** Notes objects; those that are known stay as they are. */
export function insertObjects(tx: Tx, objects: readonly StoredObject[]): void {
  for (const { eventId, name, bytes, kind, putAt } of objects) {
    tx.run(
      'INSERT INTO stored_object (event_id, name, bytes, kind, put_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
      [eventId, name, bytes, kind, putAt],
    )
  }
}

/** Objects that are to be put into the store, of events that have not ended. */
export function wantedObjects(tx: Tx, limit: number): StoredObject[] {
  return tx.all(
    objectRow,
    `SELECT ${COLUMNS} FROM stored_object AS object WHERE put_at IS NULL AND ${IS_OPEN} LIMIT ?`,
    [limit],
  )
}

/** Objects of events that have ended: they may be taken out of the store. */
export function endedObjects(tx: Tx, limit: number): StoredObject[] {
  return tx.all(objectRow, `SELECT ${COLUMNS} FROM stored_object AS object WHERE NOT ${IS_OPEN} LIMIT ?`, [limit])
}

export function markObjectPut(tx: Tx, { eventId, name }: Pick<StoredObject, 'eventId' | 'name'>, now: number): void {
  tx.run('UPDATE stored_object SET put_at = ? WHERE event_id = ? AND name = ?', [now, eventId, name])
}

export function deleteObject(tx: Tx, { eventId, name }: Pick<StoredObject, 'eventId' | 'name'>): void {
  tx.run('DELETE FROM stored_object WHERE event_id = ? AND name = ?', [eventId, name])
}
