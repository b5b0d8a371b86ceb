import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { FetchRequest, FetchResponse } from '../connectors/action-context.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { FleetKey } from './fleet-key.ts'
import type { StoreAddress } from './store-address.ts'

/**
 * Large values of a fleet's events in a bucket, in parts of one size. Each part says whether it is the last; with the fleet's key it is sealed (AES-256-GCM),
 * bound to its fleet, event, value and place.
 */
export type ObjectStore = {
  put(event: string, name: string, pieces: AsyncIterable<Uint8Array>): Promise<void>
  /** Fails with a StepError `no-file` where there is none, or an Error where it cannot be opened. */
  get(event: string, name: string): AsyncGenerator<Uint8Array>
  /** What is not there is removed already. `bytes`: how large it is. */
  remove(event: string, name: string, bytes: number): Promise<void>
}

/** The name of an event's own data; values are named by their hashes. */
export const EVENT_DATA = 'event'

/** So that hashing and sealing of one takes a few milliseconds. */
const PART_BYTES = 4_194_304
const REQUEST_MS = 60_000
const IV_BYTES = 12
const TAG_BYTES = 16
/** The first byte of an object. */
const LAST = 1
const SEALED = 2

export function createObjectStore(config: {
  readonly address: StoreAddress
  readonly fleet: string
  readonly key: FleetKey | undefined
  readonly clock: Clock
  fetch(request: FetchRequest): Promise<FetchResponse>
}): ObjectStore {
  const { address, fleet, key, clock } = config

  async function client() {
    const { s3Client } = await import('../connectors/s3/s3-client.ts')
    const { endpoint, region, bucket, accessKeyId, secretAccessKey } = address
    const http: Parameters<typeof s3Client>[1]['http'] = ({ use: _use, ...request }) =>
      config.fetch({ ...request, signal: AbortSignal.timeout(REQUEST_MS) })
    return s3Client({ endpoint, region, bucket, accessKeyId, secretAccessKey }, { http, clock })
  }

  // Another key than that of credentials, so that neither can stand in the place of the other.
  const valueKey = async (): Promise<Buffer | undefined> =>
    key && Buffer.from(hkdfSync('sha256', await key(), '', 'hookline fleet values', 32))
  const objectOf = (event: string, name: string, part: number): string =>
    `${address.prefix}${fleet}/${event}/${name}/${part}`
  const bound = (event: string, name: string, part: number, flags: number): Buffer =>
    Buffer.from(JSON.stringify([fleet, event, name, part, flags]), 'utf8')

  return {
    async put(event, name, pieces) {
      const [store, secret, { partsOf }] = await Promise.all([
        client(),
        valueKey(),
        import('../connectors/s3/multipart.ts'),
      ])
      const putPart = async (part: number, body: Uint8Array, isLast: boolean): Promise<void> => {
        const flags = (isLast ? LAST : 0) | (secret === undefined ? 0 : SEALED)
        const sealed = secret === undefined ? body : seal(secret, body, bound(event, name, part, flags))
        const bytes = Buffer.concat([Buffer.from([flags]), sealed])
        await store.put(objectOf(event, name, part), bytes, 'application/octet-stream')
      }
      let part = 0
      let held: Uint8Array = new Uint8Array()
      for await (const next of partsOf(pieces, PART_BYTES)) {
        if (held.length > 0) await putPart(part++, held, false)
        held = next
      }
      await putPart(part, held, true)
    },
    async *get(event, name) {
      const [store, secret] = await Promise.all([client(), valueKey()])
      for (let part = 0, isLast = false; !isLast; part++) {
        const body = await store.get(objectOf(event, name, part))
        const flags = body[0] ?? 0
        isLast = (flags & LAST) !== 0
        const content = body.subarray(1)
        if ((flags & SEALED) === 0) {
          // With a key of its own a host takes nothing that others could have put there.
          if (secret !== undefined) throw unopened(address, name)
          yield content
        } else {
          const opened = secret && open(secret, content, bound(event, name, part, flags))
          if (opened === undefined) throw unopened(address, name)
          yield opened
        }
      }
    },
    async remove(event, name, bytes) {
      const store = await client()
      for (let part = 0; part < Math.max(1, Math.ceil(bytes / PART_BYTES)); part++)
        await store.remove(objectOf(event, name, part))
    },
  }
}

function seal(key: Buffer, content: Uint8Array, bound: Buffer): Buffer {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(bound)
  return Buffer.concat([iv, cipher.update(content), cipher.final(), cipher.getAuthTag()])
}

function open(key: Buffer, sealed: Uint8Array, bound: Buffer): Buffer | undefined {
  if (sealed.length < IV_BYTES + TAG_BYTES) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV_BYTES)).setAAD(bound)
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
  try {
    const content = decipher.update(sealed.subarray(IV_BYTES, sealed.length - TAG_BYTES))
    return Buffer.concat([content, decipher.final()])
  } catch {
    return undefined
  }
}

function unopened({ shown }: StoreAddress, name: string): Error {
  return new Error(
    `The value ${name} in the fleet’s store ${shown} cannot be opened here: start all hosts with the same passphrase (HOOKLINE_FLEET_KEY).`,
  )
}
