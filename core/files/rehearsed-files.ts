import { constants } from 'node:fs'
import { access, lstat, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { FileAccess, FileContent, FileInfo, IfExists } from '../connectors/action-context.ts'
import type { FileChangeKind } from '../db/file-changes.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { visibleLine } from '../domain/values/visible-text.ts'
import { createFileAccess } from './allowed-files.ts'
import type { FolderRules } from './allowed-folders.ts'
import { existingEntry, existingPlace, fileError, findEntry, placeWithoutMaking } from './places.ts'
import { nameTaken, numbered } from './write-files.ts'

/** What a step would do to a file. */
export type RehearsedChange = {
  readonly kind: FileChangeKind | 'append'
  /** What is moved or copied. */
  readonly from: string | null
  /** Where it would be afterwards; of what is deleted, where it is. */
  readonly to: string
  /** Whether its name is taken, and so has a number; whether it takes the place of another. */
  readonly numbered: boolean
  readonly replaces: boolean
  /** Folders that would be made for it. */
  readonly makes: readonly string[]
}

/** Files as they are, and as they would be after what was rehearsed: nothing is touched. */
export type RehearsedFiles = FileAccess & {
  /** What would have been done since this was last asked. */
  taken(): RehearsedChange[]
}

const MOST_NUMBERS = 10_000

export function createRehearsedFiles(rules: FolderRules): RehearsedFiles {
  const real = createFileAccess(rules)
  /** What is otherwise than on the disk: null where nothing would be, else the file from which it would come (null for a new one). */
  const other = new Map<string, { readonly from: string | null; readonly isFolder: boolean } | null>()
  let changes: RehearsedChange[] = []

  const exists = async (path: string): Promise<boolean> => {
    const known = other.get(path)
    return known === undefined
      ? lstat(path).then(
          () => true,
          () => false,
        )
      : known !== null
  }
  /** Throws what the system would say where a name cannot be made or taken away in a folder. */
  async function mayChange(folder: string, path: string, done: string): Promise<void> {
    let place = folder
    while (place !== dirname(place) && !(await stat(place).catch(() => null))) place = dirname(place)
    await access(place, constants.W_OK | constants.X_OK).catch((error: unknown) => {
      throw fileError(path, done, error)
    })
  }
  /** What is at a path now or would be, for what moves, copies or deletes it. */
  async function source(
    path: string,
    find: typeof existingEntry,
  ): Promise<{ path: string; from: string; isFolder: boolean }> {
    const wanted = resolve(rules.all()[0], path)
    const known = other.get(wanted)
    if (known !== undefined && known !== null)
      return { path: wanted, from: known.from ?? wanted, isFolder: known.isFolder }
    const place = await find(rules, path)
    if (other.get(place) === null) {
      const message = `"${visibleLine(path)}" would not be there any more: an earlier step would have moved or deleted it.`
      throw new StepError({ code: 'no-file', message, retryable: false })
    }
    return { path: place, from: place, isFolder: (await lstat(place)).isDirectory() }
  }
  async function nameFor(place: string, ifExists: IfExists, isFolder: boolean) {
    const isTaken = await exists(place)
    if (!isTaken) return { path: place, numbered: false, replaces: false }
    if (ifExists === 'replace') return { path: place, numbered: false, replaces: true }
    for (let number = 2; ifExists === 'number' && number <= MOST_NUMBERS; number++) {
      const path = numbered(place, number, isFolder)
      if (!(await exists(path))) return { path, numbered: true, replaces: false }
    }
    throw nameTaken(place)
  }
  async function placeFor(to: string, name: string) {
    const intoFolder = /[\\/]\s*$/.test(to)
    const wanted = resolve(rules.all()[0], to.trim())
    const isFolder = other.get(wanted)?.isFolder ?? (await stat(wanted).catch(() => null))?.isDirectory() === true
    const { place, makes } = await placeWithoutMaking(rules, intoFolder || isFolder ? join(to.trim(), name) : to)
    return { place, makes: makes.filter((folder) => !other.has(folder)) }
  }
  function note(change: RehearsedChange, isFolder: boolean, from: string | null): void {
    for (const folder of change.makes) other.set(folder, { from: null, isFolder: true })
    if (change.kind === 'trash' || change.kind === 'delete') other.set(change.to, null)
    else other.set(change.to, { from, isFolder })
    changes.push(change)
  }
  const transfer = async (kind: 'copy' | 'move', from: string, to: string, ifExists: IfExists) => {
    const done = kind === 'move' ? 'moved' : 'copied'
    const what = await source(from, kind === 'move' ? existingEntry : existingPlace)
    if (kind === 'move') await mayChange(dirname(what.path), from, done)
    const { place, makes } = await placeFor(to, basename(what.path))
    await mayChange(dirname(place), to, done)
    const isSame = place === what.path
    const { path, ...name } = isSame
      ? { path: place, numbered: false, replaces: false }
      : await nameFor(place, ifExists, what.isFolder)
    if (kind === 'move' && !isSame) other.set(what.path, null)
    note({ kind, from: what.path, to: path, ...name, makes }, what.isFolder, what.from)
    return { path, from: what.path }
  }

  return {
    async append(path, text) {
      const { place, makes } = await placeWithoutMaking(rules, path)
      await mayChange(dirname(place), path, 'written')
      note({ kind: 'append', from: null, to: place, numbered: false, replaces: false, makes }, false, place)
      return { path: place, bytes: Buffer.byteLength(text) }
    },
    async open(path) {
      const { from } = await source(path, existingPlace)
      return real.open(from)
    },
    async write(path, content, ifExists) {
      const { place, makes } = await placeWithoutMaking(rules, path)
      await mayChange(dirname(place), path, 'written')
      const { path: to, ...name } = await nameFor(place, ifExists, false)
      note({ kind: 'write', from: null, to, ...name, makes }, false, null)
      return { path: to, bytes: await sizeOf(content) }
    },
    copy: (from, to, ifExists) => transfer('copy', from, to, ifExists),
    move: (from, to, ifExists) => transfer('move', from, to, ifExists),
    async remove(path, how) {
      const wanted = resolve(rules.all()[0], path)
      const { path: place, isThere } = other.get(wanted)
        ? { path: wanted, isThere: true }
        : await findEntry(rules, path)
      if (!isThere || other.get(place) === null) return { path: place, existed: false, trashed: null }
      await mayChange(dirname(place), path, 'deleted')
      const kind = how === 'trash' ? 'trash' : 'delete'
      note({ kind, from: null, to: place, numbered: false, replaces: false, makes: [] }, false, null)
      return { path: place, existed: true, trashed: null }
    },
    async list(folder, glob, signal) {
      return (await real.list(folder, glob, signal)).filter(({ path }) => other.get(path) !== null)
    },
    async info(path): Promise<FileInfo | { readonly path: string; readonly missing: true }> {
      const wanted = resolve(rules.all()[0], path)
      const known = other.get(wanted)
      if (known === null) return { path: wanted, missing: true }
      const info = await real.info(known?.from ?? path)
      return 'missing' in info ? info : { ...info, path: known === undefined ? info.path : wanted }
    },
    async makeFolder(path) {
      const { place, makes } = await placeWithoutMaking(rules, path)
      const existed = await exists(place)
      if (!existed) {
        await mayChange(dirname(place), path, 'made')
        note({ kind: 'folder', from: null, to: place, numbered: false, replaces: false, makes }, true, null)
      }
      return { path: place, existed }
    },
    taken() {
      const made = changes
      changes = []
      return made
    },
  }
}

async function sizeOf(content: FileContent): Promise<number> {
  if (typeof content === 'string') return Buffer.byteLength(content)
  if (content instanceof Uint8Array) return content.length
  let bytes = 0
  for await (const piece of content) bytes += typeof piece === 'string' ? Buffer.byteLength(piece) : piece.length
  return bytes
}
