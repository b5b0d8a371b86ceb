import { existsSync } from 'node:fs'
import { access, constants, mkdir, readdir, stat, statfs } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { blobsBeside } from '../db/blob-copies.ts'
import { blobFolder } from '../db/blobs.ts'
import { databaseFile } from '../db/open.ts'
import { type BackupFault, backupFaultText } from '../domain/runs/backup-fault.ts'

/** Where backups lie unless their owner chose another folder. */
export const ownBackupFolder = (dataDir: string): string => join(resolve(dataDir), 'backups')

/** What a backup leaves free on the disk of the database: a full one would stop the intake of events. */
const LEFT_FREE_BYTES = 100_000_000

/** A backup that cannot be made; its message is the fault's sentence. */
export class BackupError extends Error {
  readonly fault: BackupFault
  constructor(fault: BackupFault, cause?: unknown) {
    super(backupFaultText(fault), { cause })
    this.name = 'BackupError'
    this.fault = fault
  }
}

/** Why backups cannot lie in a folder; null when they can. */
export async function folderRefusal(dataDir: string, folder: string): Promise<BackupFault | null> {
  if (!isAbsolute(folder) || folder.includes('\0')) return { code: 'not-a-full-path', folder }
  const path = resolve(folder)
  const own = ownBackupFolder(dataDir)
  if (path === own) return null
  const way = relative(resolve(dataDir), path)
  const isOutside = way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)
  if (!isOutside) return { code: 'inside', folder: path, own }
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return { code: 'absent', folder: path }
  if (!found.isDirectory()) return { code: 'file', folder: path }
  const isOpen = await access(path, constants.R_OK | constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  )
  return isOpen ? null : { code: 'closed', folder: path }
}

/**
 * Makes sure that a backup can be written to a folder, and that there is room for it. Hookline's own folder is made if need be; one that
 * was chosen is not, as a disk that is not plugged in would be taken for an empty folder.
 *
 * @throws BackupError that says what is wrong and what to do.
 */
export async function makeReady(dataDir: string, folder: string, older: string | null): Promise<void> {
  if (folder === ownBackupFolder(dataDir)) await mkdir(folder, { recursive: true, mode: 0o700 })
  const refusal = await folderRefusal(dataDir, folder)
  if (refusal !== null) throw new BackupError(refusal)
  await checkRoom(dataDir, folder, older)
}

/**
 * Makes sure that there is room for a backup in a folder.
 *
 * @throws BackupError that says how much is missing and what to do.
 */
export async function checkRoom(dataDir: string, folder: string, older: string | null): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  const isSameDisk = (await stat(folder)).dev === (await stat(dataDir)).dev
  const bytes = (await databaseBytes(dataDir)) + (await newBlobBytes(dataDir, older))
  const needed = bytes + (isSameDisk ? LEFT_FREE_BYTES : 0)
  if (free >= needed) return
  throw new BackupError({ code: 'no-room', folder, needed, free, isSameDisk })
}

async function databaseBytes(dataDir: string): Promise<number> {
  const file = databaseFile(dataDir)
  const sizes = await Promise.all([file, `${file}-wal`].map((path) => stat(path).catch(() => ({ size: 0 }))))
  return sizes.reduce((sum, { size }) => sum + size, 0)
}

/** Bytes of large values that have to be copied: those that an older backup does not have. */
async function newBlobBytes(dataDir: string, older: string | null): Promise<number> {
  const folder = blobFolder(dataDir)
  const names = await readdir(folder).catch(() => [])
  const isNew = (name: string): boolean => older === null || !existsSync(join(blobsBeside(older), name))
  const sizes = await Promise.all(
    names.filter(isNew).map((name) => stat(join(folder, name)).catch(() => ({ size: 0 }))),
  )
  return sizes.reduce((sum, { size }) => sum + size, 0)
}

/** What failed with a backup in this folder, by the system's codes. */
export function faultOf(error: unknown, file: string): BackupFault {
  if (error instanceof BackupError) return error.fault
  const code = error instanceof Error && 'code' in error ? error.code : null
  const folder = dirname(file)
  if (code === 'ENOSPC' || code === 'SQLITE_FULL') return { code: 'became-full', folder }
  if (code === 'ENOENT' || code === 'ENOTDIR') return { code: 'gone', folder }
  if (code === 'corrupt') return { code: 'damaged' }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return { code: 'refused', folder }
  return { code: 'other', message: error instanceof Error ? error.message : String(error) }
}
