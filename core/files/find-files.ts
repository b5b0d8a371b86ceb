import type { Dirent, Stats } from 'node:fs'
import { opendir, realpath, stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import type { FileInfo } from '../connectors/action-context.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { compileGlob } from './glob.ts'

/** What a file or folder says of itself, as steps read it. */
export function infoOf(path: string, stats: Stats): FileInfo {
  return {
    path,
    name: basename(path),
    extension: stats.isDirectory() ? '' : extname(path).slice(1).toLowerCase(),
    bytes: stats.isDirectory() ? 0 : stats.size,
    modifiedAt: stats.mtime.toISOString(),
    isFolder: stats.isDirectory(),
  }
}

/** Entries that one look may come by: a folder with more is no folder to be listed, but a disk. */
const MOST_ENTRIES = 1_000_000
/** Entries of which the system is asked at once. */
const AT_ONCE = 64

/**
 * Lists what fits a glob below a real folder: files and folders, not what is neither. Links are listed as what they lead to where
 * `isAllowed` takes that, and are never walked into, so that no circle of them is walked for ever.
 *
 * @throws StepError `bad-input` for a glob that is none, `too-large` when there are more than a million entries, `cancelled` on `signal`.
 */
export async function findFiles(
  folder: string,
  glob: string,
  isAllowed: (realPath: string) => Promise<boolean>,
  signal?: AbortSignal,
): Promise<FileInfo[]> {
  const { fits, depth } = compileGlob(glob)
  const found: FileInfo[] = []
  let seen = 0
  /** Folders that are still to be looked into, with their path below `folder` and their level. */
  const open: { readonly path: string; readonly below: string; readonly level: number }[] = [
    { path: folder, below: '', level: 1 },
  ]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path, below, level } = next
    // A folder that went away, or that this user may not look into, has nothing that could be listed; the one that was asked for must be there.
    const entries = await opendir(path).catch((error: unknown) => {
      if (level === 1) throw error
      return null
    })
    if (entries === null) continue
    let waiting: Dirent[] = []
    const take = async (): Promise<void> => {
      const infos = await Promise.all(waiting.map((entry) => look(path, entry)))
      waiting = []
      for (const info of infos) if (info !== null) found.push(info)
    }
    const look = async (parent: string, entry: Dirent): Promise<FileInfo | null> => {
      const place = join(parent, entry.name)
      if (entry.isSymbolicLink()) {
        const real = await realpath(place).catch(() => null)
        if (real === null || !(await isAllowed(real))) return null
      }
      const stats = await stat(place).catch(() => null)
      return stats !== null && (stats.isFile() || stats.isDirectory()) ? infoOf(place, stats) : null
    }
    for await (const entry of entries) {
      signal?.throwIfAborted()
      seen += 1
      if (seen > MOST_ENTRIES) throw tooMany(folder)
      const way = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.isDirectory() && level < depth && !(entry.name.startsWith('.') && !glob.includes('/.')))
        open.push({ path: join(path, entry.name), below: way, level: level + 1 })
      if (fits(way)) waiting.push(entry)
      if (waiting.length === AT_ONCE) await take()
    }
    await take()
  }
  return found
}

function tooMany(folder: string): StepError {
  const message = `${folder} and what is in it have more than a million entries: list a folder inside of it.`
  return new StepError({ code: 'too-large', message, retryable: false })
}
