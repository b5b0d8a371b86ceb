import { type FileHandle, lstat, mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { homedir, userInfo } from 'node:os'
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path'
import type { FileStamp } from '../db/file-changes.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { encodedPart } from '../domain/values/address-text.ts'
import { splitEnding } from '../domain/values/file-name.ts'
import { isSame, stampOf } from './file-recorder.ts'
import { codeOf } from './places.ts'
import { moveWhole } from './write-files.ts'

/**
 * Puts a file, folder or link into the system's trash. Returns where it is there, or null where only the system knows.
 */
export type Trash = (path: string) => Promise<string | null>

/** The trash of this system, for a host that has no better way to it. */
export function systemTrash(env: NodeJS.ProcessEnv = process.env, platform = process.platform): Trash {
  if (platform === 'darwin') return (path) => moveWhole(path, join(homedir(), '.Trash', basename(path)), 'number')
  if (platform === 'win32') return () => Promise.reject(noTrash())
  return (path) => toFreedesktopTrash(path, env)
}

/** What is tried until a name is free. */
const MOST_NAMES = 10_000

/**
 * The trash of Linux desktops, by the freedesktop.org Trash specification 1.0: `files` and `info` in the home trash or, for another file
 * system, in `.Trash/<uid>` or `.Trash-<uid>` at its top; the `.trashinfo` is made first, and the process that makes it has the name.
 */
async function toFreedesktopTrash(path: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { folder, original } = await trashFor(path, env)
  await mkdir(join(folder, 'files'), { recursive: true, mode: 0o700 })
  await mkdir(join(folder, 'info'), { recursive: true, mode: 0o700 })
  const [stem, extension] = splitEnding(basename(path))
  for (let number = 1; number <= MOST_NAMES; number++) {
    const name = number === 1 ? basename(path) : `${stem}.${number}${extension}`
    const note = join(folder, 'info', `${name}.trashinfo`)
    const file = await open(note, 'wx', 0o600).catch((error: unknown) => {
      if (codeOf(error) === 'EEXIST') return null
      throw error
    })
    if (file === null) continue
    const place = join(folder, 'files', name)
    try {
      await writeNote(file, original)
      // Something whose note was lost may have the name still.
      if ((await lstat(place).catch(() => null)) !== null) continue
      await rename(path, place)
      return place
    } catch (error) {
      await rm(note, { force: true })
      throw error
    }
  }
  throw new StepError({
    code: 'file',
    message: `The trash has ${MOST_NAMES} files named ${basename(path)}: empty it.`,
    retryable: false,
  })
}

/**
 * Where something lies in the trash that was at a path, by its stamp: it was on its way there when the process ended. Null where it is not, or where only
 * the system knows.
 */
export async function findTrashed(
  path: string,
  stamp: FileStamp,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string | null> {
  if (process.platform === 'win32') return null
  const [stem, extension] = splitEnding(basename(path))
  const folder =
    process.platform === 'darwin'
      ? join(homedir(), '.Trash')
      : await trashOn(stamp.dev, path, env).then(
          ({ folder }) => join(folder, 'files'),
          () => null,
        )
  if (folder === null) return null
  const names = [basename(path)]
  for (let number = 2; number <= MOST_LOOKED_AT; number++) {
    names.push(`${stem}.${number}${extension}`, `${stem} (${number})${extension}`)
  }
  for (const name of names) if (isSame(await stampOf(join(folder, name)), stamp)) return join(folder, name)
  return null
}

/** Numbers that are tried to find something again. */
const MOST_LOOKED_AT = 20

async function writeNote(file: FileHandle, original: string): Promise<void> {
  const now = new Date()
  const two = (part: number): string => String(part).padStart(2, '0')
  // In local time, as the specification wants it.
  const date = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}T${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`
  const escaped = original.split('/').map(encodedPart).join('/')
  try {
    await file.writeFile(`[Trash Info]\nPath=${escaped}\nDeletionDate=${date}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** The trash that a path belongs into, and how its note names the path: whole in the home trash, else from the top of its file system. */
async function trashFor(path: string, env: NodeJS.ProcessEnv): Promise<{ folder: string; original: string }> {
  return trashOn((await lstat(path)).dev, path, env)
}

async function trashOn(
  dev: number,
  path: string,
  env: NodeJS.ProcessEnv,
): Promise<{ folder: string; original: string }> {
  const given = env.XDG_DATA_HOME
  const data = given !== undefined && isAbsolute(given) ? given : join(homedir(), '.local', 'share')
  await mkdir(data, { recursive: true, mode: 0o700 })
  if ((await stat(data)).dev === dev) return { folder: join(data, 'Trash'), original: path }
  const top = await topOf(dirname(path), dev)
  const { uid } = userInfo()
  const shared = join(top, '.Trash')
  const stats = await lstat(shared).catch(() => null)
  // One that others could change must have the sticky bit, and be no link.
  const isSafe = stats?.isDirectory() === true && (stats.mode & 0o1000) !== 0
  return { folder: isSafe ? join(shared, String(uid)) : join(top, `.Trash-${uid}`), original: relative(top, path) }
}

/** The highest folder above a place that is on the same file system. */
async function topOf(folder: string, dev: number): Promise<string> {
  let top = await realpath(folder)
  while (top !== sep && (await stat(dirname(top))).dev === dev) top = dirname(top)
  return top
}

function noTrash(): StepError {
  const message =
    'Only the desktop app can put files into the trash of Windows: use it, or choose "forever" at "How" to delete the file at once.'
  return new StepError({ code: 'unsupported', message, retryable: false })
}
