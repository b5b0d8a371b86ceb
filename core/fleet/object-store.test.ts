import { expect, onTestFinished, test } from 'vitest'
import { SECRET, startStore } from '../connectors/s3/test-store.ts'
import { systemClock } from '../domain/time/clock.ts'
import { createGuardedFetch } from '../engine/guarded-fetch.ts'
import { createFleetKey } from './fleet-key.ts'
import { createObjectStore } from './object-store.ts'
import { readStoreAddress } from './store-address.ts'

/** Larger than one part in the store. */
const LARGE = 4_194_304 + 1_000
const [EVENT, OTHER_EVENT] = ['evt_1', 'evt_2']
const [NAME, OTHER_NAME] = ['a'.repeat(64), 'b'.repeat(64)]
const KEY = createFleetKey('ours', 'correct horse battery staple')

type Change = (objects: Map<string, { body: Buffer; type: string }>) => void

const at = (event: string, name: string, part: number, fleet = 'ours'): string =>
  `of-fleets/${fleet}/${event}/${name}/${part}`

function copy(from: string, to: string): Change {
  return (objects) => {
    const found = objects.get(from)
    if (found === undefined) throw new Error(`there is no ${from}`)
    objects.set(to, found)
  }
}

/** Changes the first part, or another one. */
function alter(change: (body: Buffer) => Buffer, part = 0): Change {
  return (objects) => {
    const key = at(EVENT, NAME, part)
    const body = objects.get(key)?.body ?? Buffer.alloc(0)
    objects.set(key, { body: change(Buffer.from(body)), type: '' })
  }
}

const flip =
  (offset: number, bit = 1) =>
  (body: Buffer): Buffer => {
    const index = offset < 0 ? body.length + offset : offset
    body.writeUInt8(body.readUInt8(index) ^ bit, index)
    return body
  }

const REFUSED: readonly (readonly [what: string, change: Change])[] = [
  ['of another event', copy(at(OTHER_EVENT, NAME, 0), at(EVENT, NAME, 0))],
  ['of another name', copy(at(EVENT, OTHER_NAME, 0), at(EVENT, NAME, 0))],
  ['of another fleet with the same key', copy(at(EVENT, NAME, 0, 'theirs'), at(EVENT, NAME, 0))],
  ['with its last part in the place of its first', copy(at(EVENT, NAME, 1), at(EVENT, NAME, 0))],
  ['with its first part twice', copy(at(EVENT, NAME, 0), at(EVENT, NAME, 1))],
  ['cut off behind a part that says that it is the last', alter(flip(0, 1))],
  ['whose last part says that more follow', alter(flip(0, 1), 1)],
  ['that says that it is not sealed', alter(flip(0, 2))],
  ['with a flag that is not known', alter(flip(0, 128))],
  ['with another beginning', alter(flip(1))],
  ['with another byte in the middle', alter(flip(100_000))],
  ['with another end', alter(flip(-1))],
  ['that lacks a byte', alter((body) => body.subarray(0, -1))],
  ['that has a byte more', alter((body) => Buffer.concat([body, Buffer.alloc(1)]))],
  ['of which only the flags are left', alter((body) => body.subarray(0, 1))],
  ['that is shorter than any seal', alter((body) => body.subarray(0, 20))],
  ['that is empty', alter(() => Buffer.alloc(0))],
]

async function bucketOf(fleet = 'ours', key = KEY) {
  const bucket = await startStore()
  const address = readStoreAddress(
    `${bucket.endpoint.replace('://', `://AKIAADA:${encodeURIComponent(SECRET)}@`)}/reports/of-fleets?region=eu-central-1`,
    {},
  )
  const outgoing = createGuardedFetch()
  onTestFinished(() => outgoing.close())
  const open = (of: string, by: typeof key) =>
    createObjectStore({ address, fleet: of, key: by, clock: systemClock, fetch: outgoing.fetch })
  return { bucket, open, store: open(fleet, key) }
}

type Store = ReturnType<typeof createObjectStore>

async function read(store: Store, event = EVENT, name = NAME): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of store.get(event, name)) parts.push(part)
  return Buffer.concat(parts)
}

async function* pieces(...all: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* all
}

test('a value that is sealed for one fleet, event, name and place is refused at any other, and when it was changed', {
  timeout: 60_000,
}, async () => {
  const { bucket, open, store } = await bucketOf()
  const value = Buffer.alloc(LARGE, 'marked')
  await store.put(EVENT, NAME, pieces(value))
  await store.put(EVENT, OTHER_NAME, pieces(value))
  await store.put(OTHER_EVENT, NAME, pieces(value))
  await open('theirs', KEY).put(EVENT, NAME, pieces(value))
  expect(value.equals(await read(store))).toBe(true)
  const whole = new Map(bucket.objects)
  const opened: string[] = []
  for (const [what, change] of REFUSED) {
    bucket.objects.clear()
    for (const [key, object] of whole) bucket.objects.set(key, object)
    change(bucket.objects)
    const answer = await read(store).catch((error: unknown) => error)
    const isRefused = answer instanceof Error && answer.message.includes('HOOKLINE_FLEET_KEY')
    if (!isRefused) opened.push(`${what}: ${String(answer).slice(0, 100)}`)
  }
  expect(opened).toEqual([])
})

test('a value of which a part is missing is refused as not there', async () => {
  const { bucket, store } = await bucketOf()
  await store.put(EVENT, NAME, pieces(Buffer.alloc(LARGE)))
  bucket.objects.delete(at(EVENT, NAME, 1))
  await expect(read(store)).rejects.toMatchObject({ details: { code: 'no-file' } })
})

test('what was put by another passphrase, or by none, opens with none other, and what is not sealed opens with none', async () => {
  const { open, store } = await bucketOf()
  const [stranger, plain] = [open('ours', createFleetKey('ours', 'another passphrase')), open('ours', undefined)]
  for (const [put, readers] of [
    [store, [stranger, plain]],
    [stranger, [store, plain]],
    [plain, [store, stranger]],
  ] as const) {
    await put.put(EVENT, NAME, pieces(Buffer.from('value')))
    expect(String(await read(put))).toBe('value')
    for (const reader of readers) await expect(read(reader)).rejects.toThrow('HOOKLINE_FLEET_KEY')
  }
})

test('an empty value, and one that fills its last part, are read as they were put', { timeout: 60_000 }, async () => {
  const { store } = await bucketOf()
  for (const bytes of [0, 1, 4_194_304]) {
    await store.put(EVENT, NAME, pieces(Buffer.alloc(bytes, 7)))
    expect((await read(store)).length).toBe(bytes)
  }
})
