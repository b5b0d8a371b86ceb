import type { RegisterEntry, Revision } from '../log.ts'
import type { StoredRecord } from './fetch.ts'

export const EXPECTED = 'expected'
export const KEPT = 'kept'

/** What is in force. `base`, while it rests on what the topic no longer had when this host began to read: the revision that it replaced. */
type InForce = { readonly entry: RegisterEntry; readonly base: Revision | null; readonly seenAt: number }

type LedgerRecord = Pick<StoredRecord, 'key' | 'bytes' | 'headers' | 'offset' | 'storedAt'>

/**
 * Registers out of the order of one partition: a swap is a record that names the revision it replaces, and every host drops those that name another
 * than the one in force. A revision is the offset of its record plus one.
 *
 * The topic forgets its beginning. A host that reads later knows what is in force from the swaps, which name it, and from what hosts write again about
 * those that were not swapped for long. Only what was in force is ever named, so of what lies before the beginning the highest counts.
 */
export function createLedger(changed: (entry: RegisterEntry) => void) {
  const inForce = new Map<string, InForce>()

  /** The `base` of a value that replaces `expected`; undefined when it does not, since another was first. */
  function baseOf(key: string, expected: Revision, start: number): Revision | null | undefined {
    const known = inForce.get(key)
    if (known === undefined && (expected === 0 || expected <= start)) return start > 0 ? expected : null
    // What was swapped within the topic is known for sure; what was written again may have been replaced before its beginning.
    if (expected === known?.entry.revision) return known.base !== null && expected <= start ? expected : null
    return isHigherBase(known, expected) && expected <= start ? expected : undefined
  }

  const isHigherBase = (known: InForce | undefined, revision: Revision): boolean =>
    known !== undefined && known.base !== null && revision > known.base

  function put(entry: RegisterEntry, base: Revision | null): void {
    inForce.set(entry.key, { entry, base, seenAt: performance.now() })
    changed(entry)
  }

  return {
    /** Takes the next record of the partition, whose first one is at `start`. Returns the revision of a swap that counts, null for one that does not. */
    read({ key, bytes, headers, offset, storedAt }: LedgerRecord, start: number): Revision | null {
      const kept = headers.get(KEPT)
      if (kept !== undefined) {
        const revision = Number(kept)
        const known = inForce.get(key)
        if (known === undefined || isHigherBase(known, revision)) put({ key, bytes, storedAt, revision }, revision)
        else if (known.entry.revision === revision) inForce.set(key, { ...known, seenAt: performance.now() })
        return null
      }
      const base = baseOf(key, Number(headers.get(EXPECTED)), start)
      if (base === undefined) return null
      put({ key, bytes, storedAt, revision: offset + 1 }, base)
      return offset + 1
    },
    entries: (): RegisterEntry[] => [...inForce.values()].map(({ entry }) => entry),
    /** Those of which nothing was read since a moment of the monotonic clock. */
    silentSince: (moment: number): RegisterEntry[] =>
      [...inForce.values()].filter(({ seenAt }) => seenAt < moment).map(({ entry }) => entry),
  }
}
