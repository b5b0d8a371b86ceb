import { stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { Database } from '../db/open.ts'
import { readSetting, startSettings, writeSetting } from '../db/settings.ts'
import { visibleLine } from '../domain/values/visible-text.ts'

/** Where steps may reach files, and where they may not though it lies in there. */
export type FolderRules = {
  /** Absolute paths. The first is where relative paths begin. */
  all(): readonly [string, ...string[]]
  /**
   * The data folder, with the database and the keys in it: closed even when a folder around it is allowed. Only an allowed folder that
   * itself lies in there is open.
   */
  readonly closed: string | null
}

/** A folder that steps may use: Hookline's own, or one that the environment or the settings name. */
export type AllowedFolder = { readonly path: string; readonly from: 'hookline' | 'environment' | 'settings' }

/** The rules, and how a person changes them. A change holds for the next file that a step asks for. */
export type AllowedFolders = FolderRules & {
  list(): readonly AllowedFolder[]
  /** Why a folder cannot be allowed, as a sentence; null when it can. */
  refusal(folder: string): Promise<string | null>
  /** Allows a folder that has no {@link refusal}. */
  add(folder: string): Promise<void>
  /** Takes back what the settings allowed. False for every other folder. */
  remove(folder: string): Promise<boolean>
}

const SETTING = 'allowedFolders'

/** Reads which folders the settings allow, beside `<data>/files` and those of the environment. */
export async function openAllowedFolders(
  database: Database,
  { dataDir, fromEnvironment }: { readonly dataDir: string; readonly fromEnvironment: readonly string[] },
): Promise<AllowedFolders> {
  const closed = resolve(dataDir)
  const own = join(closed, 'files')
  const named = fromEnvironment.map((folder) => resolve(folder))
  let added = (await readSetting(database.reader, SETTING, startSettings.allowedFolders)) ?? []

  const list = (): readonly AllowedFolder[] => [
    { path: own, from: 'hookline' },
    ...named.map((path) => ({ path, from: 'environment' as const })),
    ...added.map((path) => ({ path, from: 'settings' as const })),
  ]
  async function save(folders: readonly string[]): Promise<void> {
    await database.write((tx) => writeSetting(tx, SETTING, folders))
    added = [...folders]
  }

  return {
    closed,
    list,
    all: () => [own, ...named, ...added],
    async refusal(folder) {
      if (!isAbsolute(folder) || folder.includes('\0'))
        return `"${visibleLine(folder)}" is not the full path of a folder.`
      const path = resolve(folder)
      if (list().some((one) => one.path === path)) return `Steps may use ${path} already.`
      if (dirname(path) === path) return `${path} is everything on this disk: choose a folder in it.`
      if (isInside(closed, path))
        return `${path} belongs to Hookline itself: steps may use ${own}, and nothing else in it.`
      const found = await stat(path).catch(() => undefined)
      if (found === undefined) return `There is no folder ${visibleLine(path)} on this computer.`
      return found.isDirectory() ? null : `${visibleLine(path)} is a file, not a folder.`
    },
    async add(folder) {
      const path = resolve(folder)
      if (!list().some((one) => one.path === path)) await save([...added, path])
    },
    async remove(folder) {
      const path = resolve(folder)
      if (!added.includes(path)) return false
      await save(added.filter((one) => one !== path))
      return true
    },
  }
}

/** The allowed folder that an absolute path lies in as it is written, links left aside; undefined when there is none. */
export function allowedRoot(rules: FolderRules, path: string): string | undefined {
  return rules
    .all()
    .map((folder) => resolve(folder))
    .find((folder) => isInside(folder, path) && !isClosed(rules.closed, folder, path))
}

/** Whether a path, though it lies in `root`, is in the closed folder. All three are real paths, or all three are as written. */
export function isClosed(closed: string | null, root: string, path: string): boolean {
  return closed !== null && isInside(closed, path) && (root === closed || !isInside(closed, root))
}

/** Whether an absolute path is a folder or lies in it. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}
