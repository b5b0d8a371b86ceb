import { decodeTime, encodeTime, isValid, monotonicFactory } from 'ulid'

/** Random bytes that are asked for at once: one at a time they would cost more than all the rest of an id. */
const POOL_BYTES = 4_096
const pool = new Uint8Array(POOL_BYTES)
let used = POOL_BYTES

/** A random number from 0 up to but not including 1, of the eight bits that a ULID takes for each of its characters. */
function random(): number {
  if (used === POOL_BYTES) {
    crypto.getRandomValues(pool)
    used = 0
  }
  return (pool[used++] ?? 0) / 256
}

const next = monotonicFactory(random)

/** Ids are a kind and a ULID: unique without a coordinator, and in order of time when compared as text. */
const newId = (kind: 'evt' | 'run' | 'zap' | 'inc' | 'job'): string => `${kind}_${next()}`

export const newEventId = (): string => newId('evt')
export const newZapId = (): string => newId('zap')
export const newJobId = (): string => newId('job')
export const newIncidentId = (): string => newId('inc')

/**
 * The id of an event that is the same wherever it is made: of a due time, say. `ms` is when it belongs (milliseconds since 1970 UTC), `digest` has ten bytes
 * or more of what else it is known by.
 */
export function eventIdOf(ms: number, digest: Uint8Array): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
  let bits = ''
  for (const byte of digest.subarray(0, 10)) bits += byte.toString(2).padStart(8, '0')
  const rest = bits.match(/.{5}/g) ?? []
  return `evt_${encodeTime(Math.max(0, ms), 10)}${rest.map((five) => alphabet[Number.parseInt(five, 2)]).join('')}`
}

/** The id of a replay's run. A first run takes its id from its event instead, see {@link firstRunId}. */
export const newRunId = (): string => newId('run')

/** The first run of an event has the event's own number, so the one is known from the other. */
export function firstRunId(eventId: string): string {
  return eventId.replace(/^evt_/, 'run_')
}

/** The lowest id that something made at `ms` (milliseconds since 1970 UTC) can have: where a search by time begins. */
export function encodeTimeAsId(kind: 'evt' | 'run', ms: number): string {
  return `${kind}_${encodeTime(Math.max(0, ms), 10)}${'0'.repeat(16)}`
}

/** When something got its id, in milliseconds since 1970 UTC; undefined for what is no id. */
export function timeOfId(id: string): number | undefined {
  const number = id.slice(id.indexOf('_') + 1)
  return isValid(number) ? decodeTime(number) : undefined
}
