import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { z } from 'zod'

/** What stands in the bytes of the log. A reader takes what it knows of a newer record of the same format, and refuses another format. */
export const FORMAT = 1

/** Text beyond which a record is packed. */
const PACK_CHARS = 8_192
/** No record of ours is larger, unpacked. */
const MAX_UNPACKED = 16_777_216
const GZIP = [0x1f, 0x8b] as const

const pack = promisify(gzip)
const unpack = promisify(gunzip)

export const eventRecordSchema = z.object({
  event: z.string().regex(/^evt_[0-9A-Z]{26}$/),
  zap: z.string().min(1).max(100),
  version: z.int(),
  /** Of the version's text: two hosts may have given one number to two versions. */
  hash: z.string().max(64),
  trigger: z.string().max(200),
  receivedAt: z.number(),
  origin: z.string().max(63),
  /** Whether the sender waits at the host of origin for a step's answer. */
  isHeld: z.boolean(),
  /** The event's data as stored text; null where the host of origin has to be asked for it, as it is large. */
  data: z.string().nullable(),
  /** Its host puts into the fleet's store what does not go by the log. */
  isStored: z.boolean().optional(),
})
export type SentEvent = z.infer<typeof eventRecordSchema>

export const letterSchema = z.object({
  kind: z.enum(['taken', 'ended']),
  from: z.string().max(63),
  events: z.array(z.string().max(40)).max(10_000),
  /** Their runs wait for what may take days, such as a person's answer: what is behind them in their order may go on. */
  areResting: z.boolean().optional(),
})
export type Letter = z.infer<typeof letterSchema>

export const sharedZapSchema = z.object({
  id: z.string().min(1).max(100),
  version: z.int(),
  hash: z.string().max(64),
  definition: z.string(),
  enabled: z.boolean(),
  isRemoved: z.boolean(),
  permissions: z.string().nullable(),
  /** The host where it was changed last. */
  by: z.string().max(63),
})
export type SharedZap = z.infer<typeof sharedZapSchema>

/** The record is of another format than this version of Hookline reads: it is older than the host that wrote it. */
export class NewerFormatError extends Error {
  override readonly name = 'NewerFormatError'
}

/** Writes a value as the bytes of a record. */
export async function encode(value: object): Promise<Uint8Array> {
  const text = JSON.stringify({ v: FORMAT, ...value })
  return text.length > PACK_CHARS ? pack(text) : new TextEncoder().encode(text)
}

/**
 * Reads the bytes of a record. Rejects with a {@link NewerFormatError} for one of a newer format, and with another error for what is none of ours.
 */
export async function decode<T>(schema: z.ZodType<T>, bytes: Uint8Array): Promise<T> {
  const isPacked = bytes[0] === GZIP[0] && bytes[1] === GZIP[1]
  const plain = isPacked ? await unpack(bytes, { maxOutputLength: MAX_UNPACKED }) : bytes
  const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plain))
  const format = z.object({ v: z.int() }).parse(value).v
  if (format > FORMAT) throw new NewerFormatError(`it has the format ${format}, and this host reads ${FORMAT}`)
  return schema.parse(value)
}

/** By which two hosts know that they mean the same version of a zap. */
export function hashOf(definition: string): string {
  return createHash('sha256').update(definition).digest('base64url').slice(0, 22)
}
