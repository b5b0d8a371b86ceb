import { constants, existsSync } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { safe } from '@orpc/client'
import { blobFolder, createBlobStore, inspectDatabase, isOpenToOthers, openFolderWarning } from '../core/app.ts'
import { withHost } from './control/host-client.ts'
import { readHostFile } from './control/host-file.ts'
import { megabytes } from './megabytes.ts'

export type Check = { readonly name: string; readonly ok: boolean; readonly message: string }

/** Below this much free space, SQLite may not be able to write for long. */
const ENOUGH_BYTES = 200 * 1_048_576

/** Looks at everything that a host needs, without changing anything. */
export async function examine(dataDir: string): Promise<Check[]> {
  return [
    { name: 'node', ok: true, message: `Node.js ${process.versions.node}` },
    await examineFolder(dataDir),
    await examineDisk(dataDir),
    examineDatabase(dataDir),
    await examineLargeValues(dataDir),
    await examineHost(dataDir),
    await examineBackups(dataDir),
    await examineSecrets(dataDir),
  ]
}

async function examineFolder(dataDir: string): Promise<Check> {
  const name = 'data folder'
  if (!existsSync(dataDir)) return { name, ok: true, message: `${dataDir} is not there yet; the first start makes it` }
  try {
    await access(dataDir, constants.R_OK | constants.W_OK)
    if (isOpenToOthers(dataDir)) return { name, ok: false, message: openFolderWarning(dataDir) }
    return { name, ok: true, message: `${dataDir} can be written, and only by you` }
  } catch {
    return { name, ok: false, message: `${dataDir} cannot be written: give yourself write permission` }
  }
}

async function examineDisk(dataDir: string): Promise<Check> {
  const name = 'disk'
  if (!existsSync(dataDir)) return { name, ok: true, message: 'not looked at before the first start' }
  const { bavail, bsize } = await statfs(dataDir)
  const free = bavail * bsize
  const megabytes = Math.round(free / 1_048_576)
  if (free > ENOUGH_BYTES) return { name, ok: true, message: `${megabytes} MB free` }
  return { name, ok: false, message: `only ${megabytes} MB free: make room, or no more events can be stored` }
}

function examineDatabase(dataDir: string): Check {
  const name = 'database'
  const { exists, bytes, freeBytes, problem } = inspectDatabase(dataDir)
  if (!exists) return { name, ok: problem === null, message: problem ?? 'not there yet; the first start makes it' }
  if (problem === null)
    return { name, ok: true, message: `sound (${megabytes(bytes)}, ${megabytes(freeBytes)} of it unused)` }
  return { name, ok: false, message: `damaged (${problem}): put a backup in its place with "hookline restore FILE"` }
}

async function examineLargeValues(dataDir: string): Promise<Check> {
  const sizes = await createBlobStore(blobFolder(dataDir)).list()
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  return { name: 'large values', ok: true, message: sizes.size === 0 ? 'none' : `${sizes.size}, ${megabytes(bytes)}` }
}

async function examineHost(dataDir: string): Promise<Check> {
  const name = 'host'
  const host = readHostFile(dataDir)
  if (host === undefined) return { name, ok: true, message: 'not running' }
  const [error, status] = await safe(withHost(dataDir, (client) => client.system.status()))
  if (error !== null) {
    return {
      name,
      ok: true,
      message: 'not running (it was ended without stopping; the next start takes up what it left)',
    }
  }
  const { listener, queue } = status
  const message = `running as process ${host.pid}, webhooks ${listener.state} on ${listener.url}, ${queue.pending} pending, ${queue.dead} dead`
  return { name, ok: listener.state !== 'down', message }
}

async function examineBackups(dataDir: string): Promise<Check> {
  const name = 'backups'
  const [error, backups] = await safe(withHost(dataDir, (client) => client.backups.list()))
  if (error !== null) return { name, ok: true, message: 'not looked at while Hookline does not run' }
  const { failure, unreadable, folder, files, settings } = backups
  const why = failure?.message ?? unreadable
  if (why !== null) return { name, ok: false, message: why }
  const made = files[0] === undefined ? 'none yet' : `${files.length}, the newest of ${files[0].at}`
  return { name, ok: true, message: `${made}, in ${folder}${settings.enabled ? '' : '; none is made by itself'}` }
}

async function examineSecrets(dataDir: string): Promise<Check> {
  const name = 'secrets'
  const file = join(dataDir, 'secret.key')
  if (!existsSync(file)) return { name, ok: true, message: 'no key yet; the first start makes one' }
  const { mode } = await stat(file)
  const isPrivate = process.platform === 'win32' || (mode & 0o077) === 0
  if (isPrivate) return { name, ok: true, message: 'the key file can only be read by you' }
  return { name, ok: false, message: `others may read ${file}: run "chmod 600 ${file}"` }
}
