import type { Dirent } from 'node:fs'
import { lstat, opendir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import type { FolderEntry, FolderPage, FolderQuery } from '../contract/files.ts'
import { isClosed, isInside } from '../files/allowed-folders.ts'
import { toIso } from './run-view.ts'

/** Names of a folder that are looked at. */
const MOST_NAMES = 50_000
/** Links whose ends are asked for at the same time. */
const AT_ONCE = 16

/** What Hookline's own files are called where they are a place of their own. */
export const OWN_NAME = 'Hookline files'

/** A folder that may be looked into. */
export type OpenFolder = {
  /** As the person wrote it, absolute. */
  readonly path: string
  /** What is really read. */
  readonly real: string
  /** The place that it lies in, and what that is really; null: the whole computer, and there its folders alone. */
  readonly root: { readonly path: string; readonly real: string } | null
  /** The closed folder, really. */
  readonly closed: string | null
  /** Where relative paths begin. */
  readonly own: string
}

/** Names and looks of what is in a folder, folders first. Rejects with the system's error when the folder cannot be read. */
export async function listFolder(
  folder: OpenFolder,
  { files, hidden, filter, offset, limit }: Pick<FolderQuery, 'files' | 'hidden' | 'filter' | 'offset' | 'limit'>,
): Promise<FolderPage> {
  const { found, cutAt } = await readNames(folder.real)
  const wanted = filter.toLocaleLowerCase()
  const named = found.filter(
    ({ name }) => (hidden || !name.startsWith('.')) && name.toLocaleLowerCase().includes(wanted),
  )
  const kinds = await inTurns(named, (entry) => kindOf(folder, entry))
  const all = kinds.filter((entry) => (files && folder.root !== null) || entry.kind === 'folder').sort(byKindAndName)
  const entries = await inTurns(all.slice(offset, offset + limit), (entry) => describe(folder, entry))
  return {
    path: folder.path,
    written: writtenAs(folder.own, folder.path),
    separator: sep === '\\' ? '\\' : '/',
    trail: trailOf(folder),
    entries,
    total: all.length,
    cutAt,
  }
}

/** How a field names a path: relative to where relative paths begin, if it lies there. */
export function writtenAs(own: string, path: string): string {
  return isInside(own, path) ? relative(own, path) : path
}

async function readNames(path: string): Promise<{ found: Dirent[]; cutAt: number | null }> {
  const found: Dirent[] = []
  // Many names at once: one of them at a time would take the disk's threads ten times as long.
  for await (const entry of await opendir(path, { bufferSize: 1_024 })) {
    if (found.length === MOST_NAMES) return { found, cutAt: MOST_NAMES }
    found.push(entry)
  }
  return { found, cutAt: null }
}

type Kind = Pick<FolderEntry, 'name' | 'kind' | 'why' | 'isLink'>

async function kindOf(folder: OpenFolder, entry: Dirent): Promise<Kind> {
  const { name } = entry
  const path = join(folder.real, name)
  const is = (kind: Kind['kind'], why: Kind['why'] = null): Kind => ({
    name,
    kind,
    why,
    isLink: entry.isSymbolicLink(),
  })
  if (entry.isFile()) return is('file')
  if (entry.isDirectory()) {
    const shut = whyShut(folder, path)
    return shut === null ? is('folder') : is('other', shut)
  }
  if (!entry.isSymbolicLink()) return is('other', 'special')
  try {
    const real = await realpath(path)
    // Before anything is asked about what lies out there.
    const shut = whyShut(folder, real)
    if (shut !== null) return is('other', shut)
    return (await stat(real)).isDirectory() ? is('folder') : is('other', 'link-to-file')
  } catch {
    return is('other', 'broken-link')
  }
}

/** Why a real path is out of reach; null when it is not. */
function whyShut({ root, closed }: OpenFolder, real: string): 'leads-out' | 'closed' | null {
  if (root === null) return null
  if (!isInside(root.real, real)) return 'leads-out'
  return isClosed(closed, root.real, real) ? 'closed' : null
}

const names = new Intl.Collator(undefined, { numeric: true })

function byKindAndName(a: Kind, b: Kind): number {
  const first = Number(b.kind === 'folder') - Number(a.kind === 'folder')
  return first !== 0 ? first : names.compare(a.name, b.name)
}

async function describe(folder: OpenFolder, entry: Kind): Promise<FolderEntry> {
  const path = join(folder.path, entry.name)
  // The link's own, where it is one: what is behind may be out of reach.
  const found = await lstat(join(folder.real, entry.name)).catch(() => undefined)
  return {
    ...entry,
    path,
    written: writtenAs(folder.own, path),
    bytes: entry.kind === 'file' ? (found?.size ?? null) : null,
    changedAt: found === undefined ? null : toIso(Math.trunc(found.mtimeMs)),
  }
}

function trailOf({ path, root, own }: OpenFolder): FolderPage['trail'] {
  const trail: { name: string; path: string }[] = []
  for (let at = path; ; at = dirname(at)) {
    const isTop = at === root?.path || dirname(at) === at
    trail.unshift({ name: isTop && at === own ? OWN_NAME : basename(at) || at, path: at })
    if (isTop) return trail
  }
}

/** All of a list, some at a time, in its order. */
async function inTurns<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  for (let start = 0; start < items.length; start += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(work))))
  }
  return results
}
