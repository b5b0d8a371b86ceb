import { copyFileSync, cpSync, existsSync, linkSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { blobFolder, isWholeBlob, syncFolder } from './blobs.ts'
import { syncToDisk } from './integrity.ts'

/** The folder beside a backup that has the large values of its database. */
export const blobsBeside = (backup: string): string => `${backup}.blobs`

/**
 * Copies the large values of a data folder into `to`, and waits for the disk; makes no folder when there are none. What an older backup
 * has too becomes another name for its file, where the file system knows such: a value is never changed, so many backups hold it once.
 */
export async function copyBlobs(dataDir: string, to: string, older: string | null): Promise<void> {
  const from = blobFolder(dataDir)
  const names = existsSync(from) ? readdirSync(from).filter(isWholeBlob) : []
  if (names.length === 0) return
  mkdirSync(to, { mode: 0o700 })
  for (const name of names) {
    if (older !== null && isLinked(join(blobsBeside(older), name), join(to, name))) continue
    // One that is deleted while we work belongs to no run that is still there.
    if (isCopied(join(from, name), join(to, name))) syncToDisk(join(to, name))
  }
  await syncFolder(to)
}

function isLinked(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch {
    return false
  }
}

function isCopied(from: string, to: string): boolean {
  try {
    copyFileSync(from, to)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT' && !existsSync(from)) return false
    throw error
  }
}

/** Puts the large values of a backup back. What is there already has the same content, as it has the same name. */
export function restoreBlobs(backup: string, dataDir: string): void {
  if (!existsSync(blobsBeside(backup))) return
  cpSync(blobsBeside(backup), blobFolder(dataDir), { recursive: true, force: false })
}
