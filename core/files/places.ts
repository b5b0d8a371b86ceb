import { lstat, mkdir, readdir, realpath } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { getSystemErrorMessage } from 'node:util'
import { NotRegularFile } from '../db/regular-file.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { visibleLine } from '../domain/values/visible-text.ts'
import { allowedRoot, type FolderRules, isClosed, isInside } from './allowed-folders.ts'

/**
 * Where a step may write a file: inside an allowed folder, with the folders on the way made. Symbolic links among these are followed before the
 * check, one existing folder at a time, so that no folder is made behind a link that leads out. The last part may be a link still.
 *
 * @throws StepError `folder-not-allowed`, or `file` when a folder on the way cannot be made.
 */
export async function placeToWrite(rules: FolderRules, path: string): Promise<string> {
  const { wanted, root } = allowed(rules, path)
  try {
    await mkdir(root, { recursive: true, mode: 0o700 })
    const real = await realRoots(rules, root)
    let folder = real.root
    for (const part of relative(root, dirname(wanted))
      .split(sep)
      .filter((name) => name !== '')) {
      const next = join(folder, (await nameIn(folder, part)) ?? part)
      await mkdir(next, { mode: 0o700 }).catch((error: unknown) => {
        if (codeOf(error) !== 'EEXIST') throw error
      })
      folder = await realpath(next)
      if (!isInside(real.root, folder) || isClosed(real.closed, real.root, folder)) throw outside(rules, path)
    }
    return join(folder, basename(wanted))
  } catch (error) {
    throw error instanceof StepError ? error : fileError(path, 'written', error)
  }
}

/**
 * As {@link placeToWrite}, without making anything. `makes` are the folders that would be made.
 *
 * @throws StepError `folder-not-allowed`.
 */
export async function placeWithoutMaking(
  rules: FolderRules,
  path: string,
): Promise<{ readonly place: string; readonly makes: readonly string[] }> {
  const { wanted, root } = allowed(rules, path)
  const makes: string[] = []
  let folder = await realpath(root).catch(() => null)
  if (folder === null) {
    folder = root
    makes.push(root)
  }
  const real = makes.length > 0 ? null : await realRoots(rules, root)
  for (const part of relative(root, dirname(wanted))
    .split(sep)
    .filter((name) => name !== '')) {
    const name = makes.length > 0 ? undefined : await nameIn(folder, part)
    folder = join(folder, name ?? part)
    if (name === undefined) makes.push(folder)
    else folder = await realpath(folder)
    if (real !== null && (!isInside(real.root, folder) || isClosed(real.closed, real.root, folder))) {
      throw outside(rules, path)
    }
  }
  return { place: join(folder, basename(wanted)), makes }
}

/** What is at a path inside an allowed folder. `path` is the real one, links followed; undefined where there is nothing. */
export type Found = { readonly path: string; readonly isThere: boolean }

/**
 * Finds what lies at a path, links followed before the check. A name is found in any Unicode form that the disk has: programs of macOS write
 * an `é` as two characters, and others as one.
 *
 * @throws StepError `folder-not-allowed` when it lies outside of the allowed folders, also by way of a link.
 */
export async function findPlace(rules: FolderRules, path: string): Promise<Found> {
  const { wanted, root } = allowed(rules, path)
  const real = await realpath(wanted).catch(async (error: unknown) => {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ENOTDIR') throw fileError(path, 'read', error)
    const other = await otherForm(root, wanted)
    return other === undefined ? undefined : realpath(other).catch(() => undefined)
  })
  if (real === undefined) return { path: wanted, isThere: false }
  // A link may also lead into another allowed folder.
  if (!(await isAllowedPlace(rules, real))) throw outside(rules, path)
  return { path: real, isThere: true }
}

/** As {@link findPlace}, of what must be there. Throws a {@link StepError} `no-file` when it is not. */
export async function existingPlace(rules: FolderRules, path: string): Promise<string> {
  const found = await findPlace(rules, path)
  if (!found.isThere) throw missing(path, found)
  return found.path
}

/**
 * The place of a path itself, for what moves or deletes it: a link as its last part stays one, so that the link is moved and not what it leads to.
 *
 * @throws StepError `folder-not-allowed`, and `bad-input` for an allowed folder itself.
 */
export async function findEntry(rules: FolderRules, path: string): Promise<Found> {
  const { wanted, root } = allowed(rules, path)
  if (wanted === resolve(root)) {
    const message = `"${visibleLine(path)}" is an allowed folder itself: name something in it.`
    throw new StepError({ code: 'bad-input', message, retryable: false })
  }
  const folder = await findPlace(rules, dirname(wanted))
  const name = folder.isThere ? await nameIn(folder.path, basename(wanted)) : undefined
  return { path: join(folder.path, name ?? basename(wanted)), isThere: name !== undefined }
}

/** As {@link findEntry}, of what must be there. Throws a {@link StepError} `no-file` when it is not. */
export async function existingEntry(rules: FolderRules, path: string): Promise<string> {
  const found = await findEntry(rules, path)
  if (!found.isThere) throw missing(path, found)
  return found.path
}

function missing(path: string, found: Found): StepError {
  const message = `There is no file or folder "${visibleLine(path)}" (looked for at ${visibleLine(found.path)}): check its name, or what the steps before do with it.`
  return new StepError({ code: 'no-file', message, retryable: false })
}

function allowed(rules: FolderRules, path: string): { wanted: string; root: string } {
  const [first] = rules.all()
  const wanted = resolve(first, path)
  const root = path.includes('\0') || path.trim() === '' ? undefined : allowedRoot(rules, wanted)
  if (root === undefined) throw outside(rules, path)
  return { wanted, root }
}

async function realRoots(rules: FolderRules, root: string): Promise<{ root: string; closed: string | null }> {
  return {
    root: await realpath(root),
    closed: rules.closed === null ? null : await realpath(rules.closed).catch(() => rules.closed),
  }
}

/** Whether a real path lies in an allowed folder, wherever that really lies. */
export async function isAllowedPlace(rules: FolderRules, realPath: string): Promise<boolean> {
  for (const folder of rules.all()) {
    const real = await realRoots(rules, folder).catch(() => undefined)
    if (real !== undefined && isInside(real.root, realPath) && !isClosed(real.closed, real.root, realPath)) return true
  }
  return false
}

/** Where a path lies whose names the disk has in another Unicode form; undefined where it does not. */
async function otherForm(root: string, wanted: string): Promise<string | undefined> {
  let place = root
  for (const part of relative(root, wanted).split(sep)) {
    const name = await nameIn(place, part)
    if (name === undefined) return undefined
    place = join(place, name)
  }
  return place
}

/** How a name is written on the disk, if it is there in any Unicode form; undefined when it is not. */
async function nameIn(folder: string, name: string): Promise<string | undefined> {
  const isThere = await lstat(join(folder, name)).then(
    () => true,
    () => false,
  )
  // A name of ASCII has one form.
  if (isThere || /^[ -~]*$/.test(name)) return isThere ? name : undefined
  const plain = name.normalize('NFC')
  const names = await readdir(folder).catch((): string[] => [])
  return names.find((one) => one.normalize('NFC') === plain)
}

function outside(rules: FolderRules, path: string): StepError {
  return new StepError({
    code: 'folder-not-allowed',
    message: `"${visibleLine(path)}" is not inside an allowed folder (${rules.all().join(', ')}): allow its folder in Settings, or choose another path.`,
    retryable: false,
  })
}

/** An error of the file system as a sentence about the path that a step was given. `done` is what could not be done. */
export function fileError(path: string, done: string, cause: unknown): StepError {
  if (cause instanceof StepError) return cause
  if (cause instanceof NotRegularFile) {
    const message = `"${visibleLine(path)}" cannot be ${done}: it ${cause.message}. Choose another path.`
    return new StepError({ code: 'file', message, retryable: false }, { cause })
  }
  const code = codeOf(cause)
  const why = WHY[code ?? ''] ?? systemWords(cause)
  return new StepError(
    {
      code: 'file',
      message: `"${visibleLine(path)}" cannot be ${done}: ${why}.`,
      retryable: RETRYABLE.has(code ?? ''),
    },
    { cause },
  )
}

/** What the usual errors of file systems mean for the person who reads them. */
const WHY: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of this user is used up',
  EACCES: 'this user may not do that there',
  EPERM: 'the system does not permit that there',
  EROFS: 'its disk is read-only',
  EBUSY: 'another program uses it',
  ENOTEMPTY: 'the folder is not empty',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'its name is too long',
  EEXIST: 'something of that name is there',
  ENOENT: 'it is not there any more',
  EIO: 'its disk has an error, or is not reached',
  ESTALE: 'the network drive that it is on is not reached',
  EHOSTDOWN: 'the network drive that it is on is not reached',
  ENOTCONN: 'the network drive that it is on is not reached',
  ELOOP: 'the links on the way to it lead in a circle, or through too many others',
  EMFILE: 'too many files are open at once',
  ENFILE: 'too many files are open at once',
  ETXTBSY: 'it is a program that is running',
  EFBIG: 'it would be larger than its disk takes a file to be',
  EINVAL: 'its disk does not take such a name',
  EILSEQ: 'its disk does not take such a name',
  ENOTSUP: 'its disk cannot do that',
  EXDEV: 'it lies on another disk',
}

/** What the system itself says, where we have no better words: `file too large (EFBIG)`. */
function systemWords(cause: unknown): string {
  const errno = cause instanceof Error && 'errno' in cause && typeof cause.errno === 'number' ? cause.errno : null
  const code = codeOf(cause)
  if (errno === null) return code ?? (cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause))
  return `${getSystemErrorMessage(errno) ?? 'the system does not do that'} (${code ?? errno})`
}

/** What may be otherwise at the next attempt. */
const RETRYABLE: ReadonlySet<string> = new Set([
  'ENOSPC',
  'EDQUOT',
  'EBUSY',
  'EIO',
  'ESTALE',
  'EHOSTDOWN',
  'ENOTCONN',
  'EMFILE',
  'EAGAIN',
])

/** The code of an error of the system. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}
