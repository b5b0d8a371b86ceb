import { deleteMemoryEntries, deleteMemoryEntry, findMemoryEntries } from '../db/memory.ts'
import { fromStored } from '../domain/values/stored-json.ts'
import { toIso, toIsoOrNull } from './run-view.ts'
import { type CoreServices, procedures } from './services.ts'

/** Values that are shown at most. */
const SHOWN = 1_000

/** What steps keep by name, for a zap or for all. */
export function keptValueProcedures({ database, clock }: CoreServices) {
  return {
    list: procedures.memory.list.handler(async ({ input }) => {
      const found = await findMemoryEntries(database.reader, input.zapId ?? '', clock.now(), SHOWN + 1)
      const values = found.slice(0, SHOWN).map(({ key, value, changedAt, expiresAt }) => ({
        key,
        value: fromStored(value),
        changedAt: toIso(changedAt),
        expiresAt: toIsoOrNull(expiresAt),
      }))
      return { values, more: found.length > SHOWN }
    }),

    forget: procedures.memory.forget.handler(async ({ input: { zapId, keys } }) => ({
      forgotten: await database.write((tx) =>
        keys === null
          ? deleteMemoryEntries(tx, zapId ?? '')
          : keys.reduce((count, key) => count + deleteMemoryEntry(tx, { zapId: zapId ?? '', key }), 0),
      ),
    })),
  }
}
