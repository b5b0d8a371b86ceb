import { accessSync, chmodSync, constants, mkdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { relative, resolve, sep } from 'node:path'
import { DatabaseError } from './database-error.ts'

/**
 * Makes the data folder if need be, makes sure that this process may write to it, and takes it away from everyone else. A folder that is not
 * ours alone (of another user, the person's own folder or one around it, such as /tmp) is left as it is. Returns a sentence for the log when
 * others may still open it, or could until now; else null.
 */
export function prepareDataFolder(dataDir: string): string | null {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new DatabaseError(
      'unwritable',
      `Hookline cannot write to the data folder ${dataDir}: give yourself write permission, or name another folder with --data.`,
      { cause: error },
    )
  }
  if (!isOpenToOthers(dataDir)) return null
  if (isOursAlone(dataDir)) {
    try {
      chmodSync(dataDir, 0o700)
    } catch {
      // Said below.
    }
  }
  return isOpenToOthers(dataDir)
    ? openFolderWarning(dataDir)
    : `Other users of this computer could open the data folder ${dataDir}: now only you can.`
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
  return uid === process.getuid?.() && !isShared && !holdsHome
}

/** Of folders in which everyone may make files. */
const STICKY = 0o1000
