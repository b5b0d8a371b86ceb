import { constants } from 'node:fs'
import { mkdir, open, realpath } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { FileAccess } from '../connectors/define.ts'
import { StepError } from '../domain/step-error.ts'

/**
 * Files inside the given folders, and no others: symbolic links are followed before the check, and a link as the last part
 * of a path is refused. The first folder is where relative paths begin.
 */
export function createFileAccess(folders: readonly [string, ...string[]]): FileAccess {
  return {
    async append(path, text) {
      const file = await locate(folders, path)
      const handle = await open(
        file,
        constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY | constants.O_NOFOLLOW,
        0o600,
      ).catch((error: unknown) => {
        throw unwritable(path, error)
      })
      try {
        const data = Buffer.from(text, 'utf8')
        await handle.appendFile(data)
        // A step that is journaled as done must have reached the disk.
        await handle.datasync()
        return { path: file, bytes: data.length }
      } catch (error) {
        throw unwritable(path, error)
      } finally {
        await handle.close()
      }
    },
  }
}

async function locate(folders: readonly [string, ...string[]], path: string): Promise<string> {
  if (path.includes('\0') || path.trim() === '') throw outside(folders, path)
  const wanted = isAbsolute(path) ? resolve(path) : resolve(folders[0], path)
  const root = folders.find((folder) => isInside(resolve(folder), wanted))
  if (root === undefined) throw outside(folders, path)
  try {
    await mkdir(root, { recursive: true, mode: 0o700 })
    const realRoot = await realpath(root)
    // Walk down one existing folder at a time, so that no folder is made behind a link that leads out.
    let folder = realRoot
    for (const part of relative(resolve(root), dirname(wanted))
      .split(sep)
      .filter((name) => name !== '')) {
      const next = join(folder, part)
      await mkdir(next, { mode: 0o700 }).catch((error: unknown) => {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      })
      folder = await realpath(next)
      if (!isInside(realRoot, folder)) throw outside(folders, path)
    }
    return join(folder, basename(wanted))
  } catch (error) {
    throw error instanceof StepError ? error : unwritable(path, error)
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

function outside(folders: readonly string[], path: string): StepError {
  return new StepError({
    code: 'folder-not-allowed',
    message: `"${path}" is not inside an allowed folder (${folders.join(', ')}): allow its folder with HOOKLINE_ALLOW_FOLDERS, or choose another path.`,
    retryable: false,
  })
}

function unwritable(path: string, cause: unknown): StepError {
  const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
  const isFull = why === 'ENOSPC'
  return new StepError(
    { code: 'file', message: `"${path}" cannot be written: ${isFull ? 'the disk is full' : why}.`, retryable: isFull },
    { cause },
  )
}
