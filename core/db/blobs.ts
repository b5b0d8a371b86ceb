import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { type FileHandle, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { StepError } from '../domain/runs/step-error.ts'
import { type LargeValue, type LargeValueFacts, reference } from '../domain/values/large-value.ts'

/** Content in pieces, which are taken one after the other. */
type Pieces = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>

/** Values that are too large for the database, as files named by their SHA-256. A file is never changed once it has its name. */
export type BlobStore = {
  /** Keeps a value. When this resolves it is on the disk. The same content is kept once. */
  keep(content: Pieces, type: LargeValue['type']): Promise<LargeValue>
  /** As {@link keep}, of a file of that name in the folder that a thread wrote and synced, with what it knows of the content. */
  adopt(part: string, facts: LargeValueFacts): Promise<LargeValue>
  /**
   * The whole content.
   *
   * @throws StepError `missing-data` when the file is gone or is not what it was.
   */
  read(value: LargeValue): Promise<Buffer>
  /** As {@link read}, in pieces: that it is damaged is known, and thrown, after the last one. */
  stream(value: LargeValue): AsyncIterable<Uint8Array>
  /** Where a value is kept. */
  pathOf(value: LargeValue): string
  /** All that is kept, by hash, with the bytes of each. */
  list(): Promise<Map<string, number>>
  /**
   * Deletes what nothing refers to. Returns the bytes that this freed: 0 when there is no such file, or when it was kept again a short while
   * ago (within a day): whoever did so may not have stored the reference yet.
   */
  remove(hash: string): number
}

/** The end of a file's name while it is being written. */
const PART = '.part'

/** Where a data folder keeps large values. */
export const blobFolder = (dataDir: string): string => join(dataDir, 'blobs')

/** Whether a name in that folder is one of a value, and not of one that is being written. */
export const isWholeBlob = (name: string): boolean => !name.endsWith(PART)

/** Takes away what a crash left half written in a data folder. Nobody may be writing there. */
export function removeUnfinishedBlobs(dataDir: string): void {
  const folder = blobFolder(dataDir)
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) if (!isWholeBlob(name)) rmSync(join(folder, name), { force: true })
}

/** Bytes that are hashed and written in one go, so that nothing else waits for long. */
const SLICE = 524_288

/** For so long what was kept is not deleted, whether or not a reference to it is found. */
const FRESH_MS = 86_400_000

/** How the file of a value is called: the SHA-256 of its content, in hex. */
export const BLOB_NAME = /^[0-9a-f]{64}$/

/** Keeps values in a folder, which is made when the first one comes. */
export function createBlobStore(folder: string): BlobStore {
  const pathOf = ({ $blob }: LargeValue): string => join(folder, $blob)
  /** Values that are being written: nobody knows their hash yet. */
  let underWay = 0
  /** When values of this process were kept, in milliseconds of a clock that nobody sets; the oldest first. */
  const keptAt = new Map<string, number>()

  function noteKept(hash: string): void {
    const now = performance.now()
    keptAt.delete(hash)
    keptAt.set(hash, now)
    for (const [old, at] of keptAt) {
      if (now - at < FRESH_MS) break
      keptAt.delete(old)
    }
  }

  const keep = (content: Pieces, type: LargeValue['type']): Promise<LargeValue> => keeping(write(content, type))

  const adopt = (part: string, facts: LargeValueFacts): Promise<LargeValue> => keeping(named(join(folder, part), facts))

  async function keeping(work: Promise<LargeValue>): Promise<LargeValue> {
    underWay++
    try {
      const value = await work
      noteKept(value.$blob)
      return value
    } finally {
      underWay--
    }
  }

  async function write(content: Pieces, type: LargeValue['type']): Promise<LargeValue> {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const temporary = join(folder, `${randomUUID()}${PART}`)
    const hash = createHash('sha256')
    let bytes = 0
    const file = await open(temporary, 'wx', 0o600)
    try {
      for await (const slice of slices(content)) {
        hash.update(slice)
        bytes += slice.length
        await writeAll(file, slice)
        await turn()
      }
      await file.sync()
      await file.close()
      return await named(temporary, { $blob: hash.digest('hex'), bytes, type })
    } catch (error) {
      await file.close().catch(() => undefined)
      await rm(temporary, { force: true })
      throw error
    }
  }

  /** Gives a file that is whole the name of its content. */
  async function named(path: string, facts: LargeValueFacts): Promise<LargeValue> {
    const value = reference(facts)
    await rename(path, pathOf(value))
    await syncFolder(folder)
    return value
  }

  function gone(value: LargeValue, cause?: unknown): StepError {
    return new StepError(
      {
        code: 'missing-data',
        message: `A stored value of ${value.bytes} bytes is missing or damaged (blobs/${value.$blob}): restore the folder "blobs" from a backup, or let the event be sent again.`,
        retryable: false,
      },
      { cause },
    )
  }

  async function read(value: LargeValue): Promise<Buffer> {
    const content = await readFile(pathOf(value)).catch((error: unknown) => {
      throw gone(value, error)
    })
    if (content.length !== value.bytes || (await hashOf(content)) !== value.$blob) throw gone(value)
    return content
  }

  async function* stream(value: LargeValue): AsyncIterable<Uint8Array> {
    const file = await open(pathOf(value)).catch((error: unknown) => {
      throw gone(value, error)
    })
    try {
      const hash = createHash('sha256')
      for await (const piece of file.createReadStream({ autoClose: false })) {
        // A stream without an encoding has bytes.
        hash.update(piece as Uint8Array)
        yield piece as Uint8Array
      }
      if (hash.digest('hex') !== value.$blob) throw gone(value)
    } finally {
      await file.close()
    }
  }

  async function list(): Promise<Map<string, number>> {
    const names = existsSync(folder) ? await readdir(folder) : []
    const sizes = new Map<string, number>()
    for (const name of names) {
      if (BLOB_NAME.test(name))
        sizes.set(
          name,
          await stat(join(folder, name)).then(
            ({ size }) => size,
            () => 0,
          ),
        )
    }
    return sizes
  }

  /** In one go: a value that is kept begins or ends before it or after it. */
  function remove(hash: string): number {
    const path = join(folder, hash)
    const kept = keptAt.get(hash)
    if (underWay > 0 || (kept !== undefined && performance.now() - kept < FRESH_MS)) return 0
    const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    rmSync(path, { force: true })
    return bytes
  }

  return { keep, adopt, read, stream, pathOf, list, remove }
}

/** The SHA-256 of a content in hex, in slices, so that nothing else waits for long. */
async function hashOf(content: Uint8Array): Promise<string> {
  const hash = createHash('sha256')
  for (const slice of cut(content)) {
    hash.update(slice)
    if (content.length > SLICE) await turn()
  }
  return hash.digest('hex')
}

async function writeAll(file: FileHandle, slice: Uint8Array): Promise<void> {
  for (let at = 0; at < slice.length; ) at += (await file.write(slice, at)).bytesWritten
}

/** A new name is only there after a power cut when its folder was written too. Windows has no such thing. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The content in pieces of about {@link SLICE} bytes: small ones gathered, large ones cut. */
async function* slices(content: Pieces): AsyncIterable<Uint8Array> {
  let gathered: Uint8Array[] = []
  let size = 0
  for await (const piece of content) {
    for (const part of typeof piece === 'string' ? encoded(piece) : cut(piece)) {
      gathered.push(part)
      size += part.length
      if (size < SLICE) continue
      yield gathered.length === 1 && gathered[0] !== undefined ? gathered[0] : Buffer.concat(gathered)
      gathered = []
      size = 0
    }
  }
  if (size > 0) yield Buffer.concat(gathered)
}

function* cut(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += SLICE) yield bytes.subarray(at, at + SLICE)
}

function* encoded(text: string): Iterable<Uint8Array> {
  for (let at = 0; at < text.length; ) {
    let end = Math.min(at + SLICE, text.length)
    // A character outside the basic plane is two units, which belong into one piece.
    const isHigh = end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800
    if (isHigh) end += 1
    yield Buffer.from(text.slice(at, end), 'utf8')
    at = end
  }
}
