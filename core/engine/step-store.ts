import type { StepStore } from '../connectors/action-context.ts'
import type { Database } from '../db/open.ts'
import { getStoreEntry, setStoreEntry } from '../db/store-entries.ts'
import type { Clock } from '../domain/time/clock.ts'
import { fromStored, toStored } from '../domain/values/stored-json.ts'

/** Gives each step of each zap its own memory, which outlives runs and restarts. */
export function createStepStores(
  database: Database,
  clock: Clock,
): (step: { zapId: string; stepId: string }) => StepStore {
  return ({ zapId, stepId }) => ({
    update: (key, change) =>
      database.write((tx) => {
        const at = { zapId, stepId, key }
        const stored = getStoreEntry(tx, at, clock.now())
        const { value, expiresAt, result } = change(stored === undefined ? undefined : fromStored(stored))
        setStoreEntry(tx, at, toStored(value), expiresAt)
        return result
      }),
  })
}
