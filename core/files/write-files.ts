import { createHash, randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import {
  copyFile,
  cp,
  type FileHandle,
  link,
  lstat,
  open,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  utimes,
} from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { FileContent, IfExists } from '../connectors/action-context.ts'
import { syncFolder } from '../db/blobs.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { numberedName } from '../domain/values/file-name.ts'
import { visibleLine } from '../domain/values/visible-text.ts'
import { codeOf } from './places.ts'

/** Numbers that are tried for a name that is taken. */
const MOST_NUMBERS = 10_000

/**
 * Writes a file so that a reader, also after a power cut, sees the old content or the new one and never a part: into a temporary file beside
 * it, which is synced and then given the name. Returns the path that it has in the end and how many bytes were written.
 *
 * @throws StepError `file-exists` where something of that name is there and `ifExists` is `fail`; errors of the system as they come.
 */
export function writeWhole(
  place: string,
  content: FileContent,
  ifExists: IfExists,
  before: BeforeName = noWork,
): Promise<{ path: string; bytes: number }> {
  return withTemporary(place, async (temporary) => {
    const mode = ifExists === 'replace' ? await modeOf(place) : undefined
    const bytes = await withFile(temporary, mode, async (file) => {
      let written = 0
      for await (const piece of pieces(content)) {
        await writeAll(file, piece)
        written += piece.length
      }
      return written
    })
    await before()
    return { path: await giveName(temporary, place, ifExists), bytes }
  })
}

/** Done when all is ready, before something is given its name: what is replaced can still be kept. */
export type BeforeName = () => Promise<void>
const noWork: BeforeName = async () => undefined

/** Copies a file or a folder with all in it. As with {@link writeWhole}, no part of it is ever seen under its name. */
export async function copyWhole(
  from: string,
  place: string,
  ifExists: IfExists,
  before: BeforeName = noWork,
): Promise<string> {
  const stats = await stat(from)
  if (stats.isDirectory() && isBelow(place, from)) throw intoItself(from)
  return withTemporary(place, async (temporary) => {
    if (stats.isDirectory()) {
      await cp(from, temporary, { recursive: true, errorOnExist: true, force: false, preserveTimestamps: true })
    } else {
      // Shares the blocks of both where the disk can.
      await copyFile(from, temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL)
      await sync(temporary)
      await utimes(temporary, stats.atime, stats.mtime)
    }
    await before()
    return giveName(temporary, place, ifExists)
  })
}

/**
 * Moves a file, a folder or a link. To another disk it is copied whole, and the old one goes when the new one has its name and is on the disk.
 * A name that differs from the old one in case or Unicode form alone may be the same file, and is simply given to it.
 */
export async function moveWhole(from: string, place: string, ifExists: IfExists): Promise<string> {
  const stats = await lstat(from)
  if (stats.isDirectory() && isBelow(place, from)) throw intoItself(from)
  const there = await lstat(place).catch(() => null)
  if (there !== null && there.ino === stats.ino && there.dev === stats.dev) {
    if (from !== place) await rename(from, place)
    return place
  }
  try {
    const path = await giveName(from, place, ifExists)
    if (dirname(path) !== dirname(from)) await syncFolder(dirname(from))
    return path
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error
  }
  const path = await copyWhole(from, place, ifExists)
  await rm(from, { recursive: true })
  await syncFolder(dirname(from))
  return path
}

/**
 * Gives a file or folder its name, in one step of the file system. Where the name is taken, `ifExists` says what happens; another program
 * that takes it at the same time loses nothing.
 */
async function giveName(from: string, place: string, ifExists: IfExists): Promise<string> {
  if (ifExists === 'replace') {
    await mustBeReplaceable(from, place)
    await rename(from, place)
    await syncFolder(dirname(place))
    return place
  }
  const isFolder = (await lstat(from)).isDirectory()
  for (let number = 1; number <= MOST_NUMBERS; number++) {
    const path = number === 1 ? place : numbered(place, number, isFolder)
    if (await tryName(from, path, isFolder)) {
      await syncFolder(dirname(path))
      return path
    }
    if (ifExists === 'fail') throw nameTaken(path)
  }
  const message = `${place} and ${MOST_NUMBERS - 1} numbered names after it are taken: choose another name.`
  throw new StepError({ code: 'file-exists', message, retryable: false })
}

/** A folder with something in it is not replaced, by a file or by another folder: all of it would be gone at once. */
async function mustBeReplaceable(from: string, place: string): Promise<void> {
  const there = await lstat(place).catch(() => null)
  if (there === null || (!there.isDirectory() && !(await lstat(from)).isDirectory())) return
  const isEmpty = there.isDirectory() && (await readdir(place)).length === 0
  if (isEmpty && (await lstat(from)).isDirectory()) return
  const what = there.isDirectory() ? 'a folder' : 'a file'
  const message = `${place} is ${what}, which is not replaced ${there.isDirectory() ? 'with all that is in it' : 'by a folder'}: choose another name, or delete it before.`
  throw new StepError({ code: 'file-exists', message, retryable: false })
}

export function nameTaken(path: string): StepError {
  const message = `There is a file or folder ${visibleLine(path)} already: choose another name, or set "If it exists" to replace it or to number the new one.`
  return new StepError({ code: 'file-exists', message, retryable: false })
}

/** Moves something to a name that nothing has; false when something has it. */
async function tryName(from: string, path: string, isFolder: boolean): Promise<boolean> {
  if (!isFolder) {
    try {
      // A second name and then the end of the first: a rename would replace what is there.
      await link(from, path)
      await rm(from)
      return true
    } catch (error) {
      const code = codeOf(error)
      if (code === 'EEXIST') return false
      if (code === 'EXDEV' || code === 'ENOENT') throw error
      // The disk knows no second names (FAT, many network drives), or this is a link.
    }
    // Whoever makes this empty file has the name.
    const reserved = await open(path, 'wx').catch((error: unknown) => {
      if (codeOf(error) === 'EEXIST') return null
      throw error
    })
    if (reserved === null) return false
    await reserved.close()
    await rename(from, path).catch(async (error: unknown) => {
      await rm(path, { force: true })
      throw error
    })
    return true
  }
  if ((await lstat(path).catch(() => null)) !== null) return false
  // A folder is renamed over an empty folder at most, in which nothing is lost.
  await rename(from, path)
  return true
}

/**
 * Takes back the second name that a move had given a file when it was cut off before it took the first away. What has one name alone, or
 * is another file, stays as it is.
 */
export async function takeBackName(first: string, second: string): Promise<void> {
  const look = (path: string) => lstat(path, { bigint: true }).catch(() => null)
  const [one, two] = await Promise.all([look(first), look(second)])
  if (one === null || two === null || !one.isFile() || one.nlink < 2n) return
  if (one.ino === 0n || one.ino !== two.ino || one.dev !== two.dev) return
  // Where the disk tells no case apart, these may be two spellings of one name.
  if ((await realpath(first)) === (await realpath(second))) return
  await rm(second)
  await syncFolder(dirname(second))
}

/** `photo.jpg` as `photo (2).jpg`. */
export function numbered(place: string, number: number, isFolder = false): string {
  return join(dirname(place), numberedName(basename(place), number, !isFolder))
}

/** Folders in which this process has looked for what others left half written. */
const tidied = new Set<string>()
/** What this process is writing. */
const underWay = new Set<string>()
/** Another computer that uses the same drive writes no file for longer. */
const STALE_MS = 3_600_000
/** The computer and the process that write it stand in its name. */
const COMPUTER = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
const PART = /^\.hookline-([0-9a-f]{8})-(\d{1,10})-[0-9a-f-]{36}\.part$/

/** Does something with a temporary path beside a place; what is left there goes when that fails. */
async function withTemporary<T>(place: string, work: (temporary: string) => Promise<T>): Promise<T> {
  const folder = dirname(place)
  if (!tidied.has(folder)) {
    tidied.add(folder)
    await tidy(folder)
  }
  const name = `.hookline-${COMPUTER}-${process.pid}-${randomUUID()}.part`
  const temporary = join(folder, name)
  underWay.add(name)
  try {
    return await work(temporary)
  } catch (error) {
    await rm(temporary, { force: true, recursive: true })
    throw error
  } finally {
    underWay.delete(name)
  }
}

/** Takes away what a process that was killed left half written. */
async function tidy(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch((): string[] => [])) {
    const part = PART.exec(name)
    if (part === null || underWay.has(name)) continue
    const path = join(folder, name)
    const isLeft = part[1] === COMPUTER ? !isOthers(Number(part[2])) : await isStale(path)
    if (isLeft) await rm(path, { force: true, recursive: true })
  }
}

/** Whether another process of this computer that is alive has this number. */
function isOthers(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

async function isStale(path: string): Promise<boolean> {
  const stats = await lstat(path).catch(() => null)
  return stats !== null && Date.now() - stats.ctimeMs > STALE_MS
}

async function withFile<T>(path: string, mode: number | undefined, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, 'wx', mode ?? 0o600)
  try {
    // What another program could read before, it can read after.
    if (mode !== undefined) await file.chmod(mode)
    const result = await work(file)
    await file.sync()
    return result
  } finally {
    await file.close()
  }
}

async function modeOf(place: string): Promise<number | undefined> {
  const stats = await lstat(place).catch(() => null)
  if (stats === null) return undefined
  if (stats.isFile()) return stats.mode & 0o777
  const what = stats.isDirectory() ? 'a folder' : stats.isSymbolicLink() ? 'a link' : 'a pipe, a socket or a device'
  const message = `${place} is ${what} and cannot be replaced by a file: choose another path.`
  throw new StepError({ code: 'file', message, retryable: false })
}

async function* pieces(content: FileContent): AsyncIterable<Uint8Array> {
  if (typeof content === 'string') yield Buffer.from(content, 'utf8')
  else if (content instanceof Uint8Array) yield content
  else for await (const piece of content) yield typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece
}

async function writeAll(file: FileHandle, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.length; )
    at += (await file.write(piece, at, Math.min(piece.length - at, 1_048_576))).bytesWritten
}

async function sync(path: string): Promise<void> {
  // Windows syncs only what is open for writing; elsewhere that would refuse a file that is read-only.
  const file = await open(path, process.platform === 'win32' ? 'r+' : 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`) || path.startsWith(`${folder}\\`)
}

function intoItself(from: string): StepError {
  const message = `The folder ${from} cannot be put into itself: choose a place outside of it.`
  return new StepError({ code: 'bad-input', message, retryable: false })
}
