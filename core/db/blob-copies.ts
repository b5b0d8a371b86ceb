import { createHash } from 'node:crypto'
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { BLOB_NAME, blobFolder, isWholeBlob, syncFolder } from './blobs.ts'
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

/** Large values of a backup that were not put back: what is not a regular file of its name's content is none of ours. */
export type RestoredBlobs = { readonly refused: readonly string[] }

/**
 * Puts the large values of a backup back. A backup may come from anywhere, so only regular files are taken whose content has the hash
 * that they are called by, as files that their owner alone may read. What is there already has the same content, as it has the same name.
 */
export function restoreBlobs(backup: string, dataDir: string): RestoredBlobs {
  const from = blobsBeside(backup)
  const refused: string[] = []
  if (lstatSync(from, { throwIfNoEntry: false })?.isDirectory() !== true) return { refused }
  const to = blobFolder(dataDir)
  mkdirSync(to, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(from)) {
    if (!isWholeBlob(name)) continue
    const content = BLOB_NAME.test(name) ? readRegular(join(from, name)) : undefined
    if (content === undefined || createHash('sha256').update(content).digest('hex') !== name) {
      refused.push(name)
      continue
    }
    const target = join(to, name)
    // Never through a link that somebody left there.
    if (lstatSync(target, { throwIfNoEntry: false })?.isFile() === true) continue
    rmSync(target, { recursive: true, force: true })
    writeFileSync(target, content, { mode: 0o600, flag: 'wx', flush: true })
  }
  return { refused }
}

/** The content of a regular file; undefined for links, devices and everything else. */
function readRegular(path: string): Buffer | undefined {
  let file: number
  try {
    // Windows knows no such flag, and asks for rights before it makes a link.
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
  } catch {
    return undefined
  }
  try {
    return fstatSync(file).isFile() ? readFileSync(file) : undefined
  } finally {
    closeSync(file)
  }
}
