import { accessSync, chmodSync, constants, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, relative, resolve, sep } from 'node:path'
import { DatabaseError } from './database-error.ts'

/**
 * Makes the data folder if need be, makes sure that this process may write to it, and takes it away from everyone else. A folder that is not
 * ours alone (of another user, the person's own folder or one around it, such as /tmp, or one in which there are other things) is left as it is. Returns a sentence for the log when
 * others may still open it, or could until now; else null.
 */
export function prepareDataFolder(dataDir: string): string | null {
  try {
    makeFolder(dataDir)
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw unusable(error, dataDir) ?? unwritable(error, dataDir)
  }
  if (!isOpenToOthers(dataDir)) return null
  if (isOursAlone(dataDir)) {
    try {
      chmodSync(dataDir, 0o700)
    } catch {
      // Said below.
    }
  }
  if (!isOurs(dataDir))
    return `Other users of this computer may open the data folder ${dataDir}, in which there are other things too: name a folder of its own with --data.`
  return isOpenToOthers(dataDir)
    ? openFolderWarning(dataDir)
    : `Other users of this computer could open the data folder ${dataDir}: now only you can.`
}

/**
 * Makes a folder for its owner alone, with those around it. Node's own way to do that never ends where a file system says of a folder that is there that
 * there is none, as Linux does below /proc.
 *
 * @throws the system's error when it cannot be made, or is no folder.
 */
export function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return
  const parent = dirname(resolve(folder))
  if (!existsSync(parent)) makeFolder(parent)
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error
  }
}

/**
 * What to say of an error that came up while a data folder was opened, where it is the folder's disk that takes nothing; undefined for any other, such as
 * of a port or of a file elsewhere.
 */
export function unusable(error: unknown, dataDir: string): DatabaseError | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const path = error instanceof Error && 'path' in error ? String(error.path) : null
  if (!code.startsWith('SQLITE_') && (path === null || !isInside(path, dataDir))) return undefined
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') {
    const message = `The disk of the data folder ${dataDir} is full: make room on it, then start Hookline again.`
    return new DatabaseError('disk-full', message, { cause: error })
  }
  const isRefused = /^SQLITE_(?:READONLY|CANTOPEN)|^(?:EACCES|EPERM|EROFS|ENOENT|ENOTDIR)$/.test(code)
  return isRefused ? unwritable(error, dataDir) : undefined
}

const isInside = (path: string, folder: string): boolean =>
  resolve(path) === resolve(folder) || resolve(path).startsWith(resolve(folder) + sep)

function unwritable(error: unknown, dataDir: string): DatabaseError {
  return new DatabaseError(
    'unwritable',
    `Hookline cannot write to the data folder ${dataDir}: give yourself write permission, or name another folder with --data.`,
    { cause: error },
  )
}

/** Whether other users of this computer may look into a folder or change it. Not known on Windows, where folders of a user are private. */
export function isOpenToOthers(folder: string): boolean {
  return process.platform !== 'win32' && (statSync(folder).mode & 0o077) !== 0
}

/** What to do about a folder that is open to others. */
export function openFolderWarning(dataDir: string): string {
  return `Other users of this computer may open the data folder ${dataDir}: run "chmod 700 ${dataDir}", or name a folder of its own with --data.`
}

function isOursAlone(folder: string): boolean {
  const { uid, mode } = statSync(folder)
  const isShared = (mode & STICKY) !== 0
  const toHome = relative(resolve(folder), homedir())
  const holdsHome = toHome === '' || !(toHome === '..' || toHome.startsWith(`..${sep}`))
  return uid === process.getuid?.() && !isShared && !holdsHome && isOurs(folder)
}

/** What Hookline keeps in its folder. */
const OURS =
  /^(?:hookline\.db|host|control|desktop\.json|secret\.key|sessions\.json|standstill\.json|tunnel\.pid|backups|blobs|connectors|crashes|files|kept|logs|tables)(?:[.-].{0,100})?$/

/** Whether there is nothing in a folder but what Hookline keeps there: one with someone's music, too, is not ours to close, now or at any later start. */
const isOurs = (folder: string): boolean => readdirSync(folder).every((name) => OURS.test(name))

/** Of folders in which everyone may make files. */
const STICKY = 0o1000
