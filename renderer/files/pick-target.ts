import type { FolderEntry, FolderPage } from '../../core/contract/files.ts'
import { joinPath, type Picked, readsAsTemplate } from './written-path.ts'

/** A folder or file that was picked: `written` as a field of a step names it, `path` from the root of its disk. */
export type PickedPath = { readonly written: string; readonly path: string }

const WHY: Readonly<Record<NonNullable<FolderEntry['why']>, string>> = {
  'link-to-file': 'a link to a file: steps do not follow it',
  'leads-out': 'a link that leads out of the allowed folders',
  closed: 'belongs to Hookline itself',
  'broken-link': 'a link to what is not there',
  special: 'not a file',
}

/** Why an entry can be neither opened nor picked; null when it can. */
export function whyNot(entry: FolderEntry): string | null {
  if (entry.why !== null) return WHY[entry.why]
  return readsAsTemplate(entry.written) ? 'its name would be read as a template' : null
}

/** What the button chooses: the active entry where it fits, the open folder, or the name that was typed. Null when it is nothing. */
export function targetOf(
  picked: Picked,
  page: FolderPage | null,
  entry: FolderEntry | undefined,
  name: string,
): PickedPath | null {
  if (page === null) return null
  const fitting = entry !== undefined && whyNot(entry) === null ? entry : undefined
  if (picked === 'file') return fitting?.kind === 'file' ? { written: fitting.written, path: fitting.path } : null
  if (picked === 'folder' && fitting?.kind === 'folder') return folderAt(fitting.written, fitting.path)
  if (page.path === null || readsAsTemplate(page.written)) return null
  if (picked === 'folder') return folderAt(page.written, page.path)
  const file = name.trim()
  if (file === '') return null
  return { written: joinPath(page.written, file, page.separator), path: joinPath(page.path, file, page.separator) }
}

/** An empty field is none at all, so where relative paths begin has a name. */
const folderAt = (written: string, path: string): PickedPath => ({ written: written === '' ? '.' : written, path })

/** Index of the file of that name, or -1. */
export function indexOfFile(entries: readonly FolderEntry[], name: string): number {
  return entries.findIndex((entry) => entry.kind === 'file' && entry.name === name)
}

/** How much there is, in words. */
export function countWords({ total, cutAt }: Pick<FolderPage, 'total' | 'cutAt'>, filter: string): string {
  const words = `${total.toLocaleString()} ${filter === '' ? 'in here' : 'found'}`
  return cutAt === null ? words : `${words} of the first ${cutAt.toLocaleString()}: type the path for others`
}
