import { existsSync } from 'node:fs'
import { mkdir, realpath } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, join, parse, resolve, sep } from 'node:path'
import type { FolderEntry, FolderPage, FolderReach } from '../contract/files.ts'
import { listZaps } from '../db/zaps.ts'
import { type AllowedFolders, allowedRoot, isClosed, isInside } from '../files/allowed-folders.ts'
import { folderRisk } from '../files/folder-risk.ts'
import { listFolder, type OpenFolder, OWN_NAME, writtenAs } from './list-folder.ts'
import { type HostServices, procedures } from './services.ts'

/** Looking for folders and files on the host's computer, and which of them steps may use. */
export function fileProcedures({ folders, database, signals }: HostServices) {
  /** What steps may use says which drafts have problems. */
  async function foldersChanged() {
    signals.emit('folders:changed')
    signals.emit(
      'zaps:changed',
      (await listZaps(database.reader)).map((zap) => zap.id),
    )
    return [...folders.list()]
  }

  return {
    list: procedures.files.list.handler(async ({ input, errors }) => {
      const { path, reach } = input
      if (path === null) return placesPage(folders, reach)
      const folder = await openFolder(folders, path, reach)
      if (folder.kind === 'not-allowed') throw errors.NOT_ALLOWED(folder.refused)
      if (folder.kind === 'missing') throw errors.NOT_FOUND({ message: folder.message })
      if (folder.kind === 'unreadable') throw errors.CONFLICT({ message: folder.message })
      try {
        return await listFolder(folder.folder, input)
      } catch (error) {
        throw errors.CONFLICT({ message: whyUnreadable(folder.folder.path, error) })
      }
    }),

    makeFolder: procedures.files.makeFolder.handler(async ({ input, errors }) => {
      const { name, reach } = input
      const isName = name === basename(name) && !/[/\\\0]/.test(name) && name !== '.' && name !== '..'
      if (!isName) throw errors.CONFLICT({ message: `"${name}" cannot be the name of a folder.` })
      const folder = await openFolder(folders, input.folder, reach)
      if (folder.kind === 'not-allowed') throw errors.NOT_ALLOWED(folder.refused)
      if (folder.kind !== 'open') throw errors.NOT_FOUND({ message: folder.message })
      const { path, real } = folder.folder
      try {
        await mkdir(join(real, name))
      } catch (error) {
        const message =
          codeOf(error) === 'EEXIST'
            ? `"${name}" is in ${path} already: choose another name.`
            : `The folder "${name}" could not be made in ${path}: ${wordsOf(error)}.`
        throw errors.CONFLICT({ message })
      }
      return { path: join(path, name) }
    }),

    allowed: procedures.files.allowed.handler(() => [...folders.list()]),

    allow: procedures.files.allow.handler(async ({ input, errors }) => {
      const why = await folders.refusal(input.path)
      if (why !== null) throw errors.CONFLICT({ message: why })
      const risk = input.sure ? null : await folderRisk(input.path)
      if (risk !== null) throw errors.RISKY_FOLDER({ message: risk })
      await folders.add(input.path)
      return foldersChanged()
    }),

    disallow: procedures.files.disallow.handler(async ({ input, errors }) => {
      if (!(await folders.remove(input.path))) {
        throw errors.CONFLICT({ message: `${input.path} is not among the folders that the settings allow.` })
      }
      return foldersChanged()
    }),
  }
}

type Opened =
  | { readonly kind: 'open'; readonly folder: OpenFolder }
  | {
      readonly kind: 'not-allowed'
      readonly refused: { message: string; data: { folder: string; why: string | null } }
    }
  | { readonly kind: 'missing'; readonly message: string }
  | { readonly kind: 'unreadable'; readonly message: string }

/** Finds a folder, and whether it may be looked into: links are followed before that is judged. */
async function openFolder(folders: AllowedFolders, written: string, reach: FolderReach): Promise<Opened> {
  const [own] = folders.all()
  if (written.includes('\0')) return { kind: 'missing', message: 'No path holds a zero byte.' }
  const path = resolve(own, written)
  const root = reach === 'anywhere' ? null : (allowedRoot(folders, path) ?? null)
  if (root === null && reach === 'allowed') return notAllowed(folders, path)
  // Hookline's own files come into being when they are first used.
  if (isInside(own, path)) await mkdir(own, { recursive: true, mode: 0o700 })
  try {
    const real = await realpath(path)
    const closed = folders.closed === null ? null : await realpath(folders.closed)
    if (root === null) return { kind: 'open', folder: { path, real, root: null, closed, own } }
    const realRoot = await realpath(root)
    if (!isInside(realRoot, real) || isClosed(closed, realRoot, real)) return notAllowed(folders, path)
    return { kind: 'open', folder: { path, real, root: { path: root, real: realRoot }, closed, own } }
  } catch (error) {
    return codeOf(error) === 'ENOENT'
      ? { kind: 'missing', message: `There is no folder ${path} on this computer.` }
      : { kind: 'unreadable', message: whyUnreadable(path, error) }
  }
}

async function notAllowed(folders: AllowedFolders, folder: string): Promise<Opened> {
  const message = `Steps may not use ${folder}: it is in none of the allowed folders.`
  return { kind: 'not-allowed', refused: { message, data: { folder, why: await folders.refusal(folder) } } }
}

/** Where to begin: the allowed folders, or the person's own folder and the disks. */
function placesPage(folders: AllowedFolders, reach: FolderReach): FolderPage {
  const [own] = folders.all()
  const paths = reach === 'allowed' ? [...new Set(folders.all())] : [homedir(), ...disks()]
  const entries = paths.map(
    (path): FolderEntry => ({
      name: path === own ? OWN_NAME : path,
      path,
      written: writtenAs(own, path),
      kind: 'folder',
      why: null,
      isLink: false,
      bytes: null,
      changedAt: null,
    }),
  )
  const separator = sep === '\\' ? '\\' : '/'
  return { path: null, written: '', separator, trail: [], entries, total: entries.length, cutAt: null }
}

function disks(): string[] {
  if (process.platform !== 'win32') return [parse(homedir()).root]
  return [...'CDEFGHIJKLMNOPQRSTUVWXYZAB'].map((letter) => `${letter}:\\`).filter((disk) => existsSync(disk))
}

function whyUnreadable(path: string, error: unknown): string {
  return codeOf(error) === 'ENOTDIR'
    ? `${path} is a file, not a folder.`
    : `${path} cannot be opened: ${wordsOf(error)}.`
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'this computer does not let Hookline in',
  EPERM: 'this computer does not let Hookline do that',
  ENOSPC: 'the disk is full',
  EROFS: 'the disk can only be read',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
}

function wordsOf(error: unknown): string {
  const code = codeOf(error)
  return (code === null ? undefined : WORDS[code]) ?? code ?? String(error)
}
