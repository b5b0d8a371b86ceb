import { constants } from 'node:fs'
import { mkdir, realpath } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import type { FileAccess } from '../connectors/action-context.ts'
import { NotRegularFile, openRegularFile } from '../db/regular-file.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { allowedRoot, type FolderRules, isClosed, isInside } from './allowed-folders.ts'

/**
 * Files inside the allowed folders, and no others: symbolic links are followed before the check, and a link as the last part
 * of a path is refused, as is what is no regular file.
 */
export function createFileAccess(rules: FolderRules): FileAccess {
  return {
    async append(path, text) {
      const file = await locate(rules, path)
      const flags = constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0)
      const handle = await openRegularFile(file, flags, 0o600).catch((error: unknown) => {
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

async function locate(rules: FolderRules, path: string): Promise<string> {
  const [first] = rules.all()
  const wanted = resolve(first, path)
  const root = path.includes('\0') || path.trim() === '' ? undefined : allowedRoot(rules, wanted)
  if (root === undefined) throw outside(rules, path)
  try {
    await mkdir(root, { recursive: true, mode: 0o700 })
    const realRoot = await realpath(root)
    const realClosed = rules.closed === null ? null : await realpath(rules.closed)
    // Walk down one existing folder at a time, so that no folder is made behind a link that leads out.
    let folder = realRoot
    for (const part of relative(root, dirname(wanted))
      .split(sep)
      .filter((name) => name !== '')) {
      const next = join(folder, part)
      await mkdir(next, { mode: 0o700 }).catch((error: unknown) => {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      })
      folder = await realpath(next)
      if (!isInside(realRoot, folder) || isClosed(realClosed, realRoot, folder)) throw outside(rules, path)
    }
    return join(folder, basename(wanted))
  } catch (error) {
    throw error instanceof StepError ? error : unwritable(path, error)
  }
}

function outside(rules: FolderRules, path: string): StepError {
  return new StepError({
    code: 'folder-not-allowed',
    message: `"${path}" is not inside an allowed folder (${rules.all().join(', ')}): allow its folder in Settings, or choose another path.`,
    retryable: false,
  })
}

function unwritable(path: string, cause: unknown): StepError {
  if (cause instanceof NotRegularFile) {
    const message = `"${path}" cannot be written: it ${cause.message}. Choose another path.`
    return new StepError({ code: 'file', message, retryable: false }, { cause })
  }
  const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
  const isFull = why === 'ENOSPC'
  return new StepError(
    { code: 'file', message: `"${path}" cannot be written: ${isFull ? 'the disk is full' : why}.`, retryable: isFull },
    { cause },
  )
}
