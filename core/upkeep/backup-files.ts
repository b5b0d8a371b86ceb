import { constants } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { partsOf } from '../db/back-up.ts'
import { blobsBeside } from '../db/blob-copies.ts'
import { openRegularFile } from '../db/regular-file.ts'

/** A backup that lies in a folder. */
export type BackupFile = {
  readonly file: string
  /** When it was begun, by its name. */
  readonly at: number
  /** With its large values. Backups share those, so together they take less. */
  readonly bytes: number
}

/**
 * The backups of one installation in a folder. Others may keep theirs there too, or anything else: ours have the installation's mark in
 * their name, and in their content as well.
 */
export type BackupFiles = {
  /** The newest first. Rejects with the system's error when the folder cannot be read. */
  list(folder: string): Promise<BackupFile[]>
  /** The path of a backup that begins now. */
  newFile(folder: string, now: number): string
  remove(file: string): Promise<void>
  /** Takes away what was never finished. None may be under way. */
  removeUnfinished(folder: string): Promise<void>
}

/** `mark`: what the copies of this installation say of themselves, a 32-bit integer. */
export function createBackupFiles(mark: number): BackupFiles {
  const tag = (mark >>> 0).toString(16).padStart(8, '0')
  const pattern = new RegExp(`^hookline-(\\d{4}-\\d\\d-\\d\\d)T(\\d\\d)-(\\d\\d)-(\\d\\d)-(\\d{3})Z-${tag}\\.db$`)

  /** When the backup of this name was begun; undefined for every name that is not ours. */
  function timeOf(name: string): number | undefined {
    const [, day, hour, minute, second, ms] = pattern.exec(name) ?? []
    const at = day === undefined ? Number.NaN : Date.parse(`${day}T${hour}:${minute}:${second}.${ms}Z`)
    return Number.isNaN(at) ? undefined : at
  }

  async function look(folder: string, name: string): Promise<BackupFile[]> {
    const at = timeOf(name)
    const file = join(folder, name)
    if (at === undefined || !(await isMarked(file, mark))) return []
    return [{ file, at, bytes: (await stat(file)).size + (await folderBytes(blobsBeside(file))) }]
  }

  async function remove(file: string): Promise<void> {
    // The database first: large values alone are taken for what they are, a rest.
    await rm(file, { force: true })
    await rm(blobsBeside(file), { recursive: true, force: true })
  }

  return {
    async list(folder) {
      const found: BackupFile[] = []
      // One after the other: a disk on the network that hangs would take every thread that waits for disks, that of the database included.
      for (const name of await readdir(folder)) found.push(...(await look(folder, name)))
      return found.sort((a, b) => b.at - a.at)
    },
    newFile: (folder, now) =>
      join(folder, `hookline-${new Date(now).toISOString().replaceAll(':', '-').replace('.', '-')}-${tag}.db`),
    remove,
    async removeUnfinished(folder) {
      const names = new Set(await readdir(folder))
      for (const name of names) {
        const base = /^(.*\.db)\.(?:part|blobs)/.exec(name)?.[1]
        if (base === undefined || timeOf(base) === undefined) continue
        const rests = partsOf(base).includes(name) || (name === blobsBeside(base) && !names.has(base))
        if (rests) await rm(join(folder, name), { recursive: true, force: true })
      }
    },
  }
}

const HEADER_BYTES = 100
const MAGIC = Buffer.from('SQLite format 3\0', 'latin1')
/** Where SQLite keeps the `application_id` (https://sqlite.org/fileformat.html). */
const MARK_AT = 68

/** Whether a file is a SQLite database with this mark. */
async function isMarked(file: string, mark: number): Promise<boolean> {
  try {
    const handle = await openRegularFile(file, constants.O_RDONLY)
    try {
      const header = Buffer.alloc(HEADER_BYTES)
      const { bytesRead } = await handle.read(header, 0, HEADER_BYTES, 0)
      return bytesRead === HEADER_BYTES && header.indexOf(MAGIC) === 0 && header.readInt32BE(MARK_AT) === mark
    } finally {
      await handle.close()
    }
  } catch {
    return false
  }
}

/** Bytes of the files that lie in a folder; 0 when there is none. */
async function folderBytes(folder: string): Promise<number> {
  let bytes = 0
  for (const name of await readdir(folder).catch(() => [])) bytes += (await stat(join(folder, name))).size
  return bytes
}
