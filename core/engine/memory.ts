import type { Memory } from '../connectors/action-context.ts'
import {
  deleteMemoryEntry,
  getMemoryChange,
  getMemoryEntry,
  insertMemoryChange,
  writeMemoryEntry,
} from '../db/memory.ts'
import type { Database } from '../db/open.ts'
import type { Clock } from '../domain/time/clock.ts'
import { fromStored, toStored } from '../domain/values/stored-json.ts'

/** Values that steps keep by name, for their zap or for all. `by` is the step and run that asks, as its idempotency key says it. */
export function createMemories(database: Database, clock: Clock): (zapId: string, by: string) => Memory {
  return (zapId, by) => ({
    read: (scope, key) =>
      database.write((tx) => {
        const entry = getMemoryEntry(tx, { zapId: scope === 'zap' ? zapId : '', key }, clock.now())
        return entry === undefined ? undefined : fromStored(entry.value)
      }),
    change: (scope, key, change) =>
      database.write((tx) => {
        const done = getMemoryChange(tx, by)
        // A step that was cut off after this transaction is repeated: its change was made.
        if (done !== undefined) return fromStored(done)
        const now = clock.now()
        const at = { zapId: scope === 'zap' ? zapId : '', key }
        const before = getMemoryEntry(tx, at, now)
        const after = change(before === undefined ? undefined : fromStored(before.value), now)
        if (after.value === undefined) deleteMemoryEntry(tx, at)
        else {
          const expiresAt = after.expiresAt === undefined ? (before?.expiresAt ?? null) : after.expiresAt
          writeMemoryEntry(tx, at, { value: toStored(after.value), expiresAt }, now)
        }
        insertMemoryChange(tx, by, toStored(after.result), now)
        return after.result
      }),
  })
}
