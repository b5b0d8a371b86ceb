import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseError } from './database-error.ts'

/** What the name of a database's file is followed by in the files that belong to it. The database itself first. */
const SUFFIXES = ['', '-wal', '-shm'] as const

/** What a folder with the database before a restore is called, followed by when that was. */
const SET_ASIDE = 'before-restore-'

/** Where a restore puts its copy of a backup while that may still be half written, damaged or foreign. */
export const uncheckedCopy = (file: string): string => `${file}.restoring`

/** What the copy is called from the moment on that it may become the database. */
const checkedCopy = (file: string): string => `${file}.restored`

/** Deletes a copy and the files beside it, if they are there. */
export function removeCopy(copy: string): void {
  for (const suffix of SUFFIXES) rmSync(copy + suffix, { recursive: true, force: true })
}

/**
 * Moves the present database of a folder aside, and the checked copy to its place. A crash in between is taken up by
 * {@link finishRestore}, an error is undone.
 *
 * @returns the folder with the database that was there, or null when there was none.
 */
export function putInPlace(file: string, now: number): string | null {
  const checked = checkedCopy(file)
  const there = SUFFIXES.filter((suffix) => existsSync(file + suffix))
  const aside = there.length === 0 ? null : join(dirname(file), `${SET_ASIDE}${now}`)
  if (aside !== null) mkdirSync(aside, { mode: 0o700 })
  const moved: string[] = []
  try {
    removeCopy(checked)
    renameSync(uncheckedCopy(file), checked)
    for (const suffix of aside === null ? [] : there) {
      renameSync(file + suffix, besideIn(aside ?? '', file, suffix))
      moved.push(suffix)
    }
    renameSync(checked, file)
  } catch (error) {
    removeCopy(checked)
    if (aside !== null) {
      for (const suffix of moved.reverse()) renameSync(besideIn(aside, file, suffix), file + suffix)
      rmdirSync(aside)
    }
    throw error
  }
  return aside
}

/**
 * Takes up a restore that a crash cut off after its copy was checked, and deletes a copy that was not: the database is in its place then.
 *
 * @throws DatabaseError `set-aside` when there is no database, but one that a restore put aside: a new and empty one would hide that.
 */
export function finishRestore(file: string): void {
  if (existsSync(file)) {
    removeCopy(uncheckedCopy(file))
    removeCopy(checkedCopy(file))
    return
  }
  if (existsSync(checkedCopy(file))) {
    const aside = newestSetAside(dirname(file))
    // The log of the database before would be taken for that of the copy.
    for (const suffix of SUFFIXES) {
      if (!existsSync(file + suffix)) continue
      if (aside === undefined) rmSync(file + suffix)
      else renameSync(file + suffix, besideIn(aside, file, suffix))
    }
    renameSync(checkedCopy(file), file)
    return
  }
  const missing = setAsideWords(file)
  if (missing !== null) throw new DatabaseError('set-aside', missing)
  removeCopy(uncheckedCopy(file))
}

/** Where a database that is not in its place lies since a restore, and what to do; null when none lies aside. */
export function setAsideWords(file: string): string | null {
  const folder = dirname(file)
  const aside =
    existsSync(file) || existsSync(checkedCopy(file)) || !existsSync(folder) ? undefined : newestSetAside(folder)
  if (aside === undefined) return null
  return (
    `There is no database ${file}, but a restore put the one before it into ${aside}: move the files from there back into ` +
    `${folder}, or put a backup in place with "hookline restore FILE". To begin with an empty one, rename that folder.`
  )
}

const besideIn = (folder: string, file: string, suffix: string): string => join(folder, `${basename(file)}${suffix}`)

/** The folder that the last restore made, if it still has a database. */
function newestSetAside(dataDir: string): string | undefined {
  const time = (name: string): number => Number(name.slice(SET_ASIDE.length))
  return readdirSync(dataDir)
    .filter((name) => name.startsWith(SET_ASIDE) && existsSync(join(dataDir, name, 'hookline.db')))
    .sort((a, b) => time(b) - time(a))
    .map((name) => join(dataDir, name))[0]
}
