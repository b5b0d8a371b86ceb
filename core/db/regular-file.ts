import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

/** What lies at a path is a pipe, a socket, a device or a folder. Its message ends a sentence that begins with the path. */
export class NotRegularFile extends Error {
  override readonly name = 'NotRegularFile'
  constructor(cause?: unknown) {
    super('is no regular file, but a folder, a pipe, a socket or a device', { cause })
  }
}

/** Codes of what `open` refuses by itself: a pipe that is not read, a socket, a device that is not there, a folder to be written. */
const OTHER_KINDS = new Set(['ENXIO', 'ENODEV', 'EOPNOTSUPP', 'EISDIR'])

/**
 * Opens a file whose path was chosen from outside, and never waits: `open` of a pipe would hold a thread until the other end is opened,
 * and four of these are all that reading, writing and syncing have.
 *
 * @throws NotRegularFile for all that is no regular file, and what `open` throws.
 */
export async function openRegularFile(path: string, flags: number, mode?: number): Promise<FileHandle> {
  // Windows has no such flag, nor pipes among its files.
  const handle = await open(path, flags | (constants.O_NONBLOCK ?? 0), mode).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    throw OTHER_KINDS.has(code) ? new NotRegularFile(error) : error
  })
  try {
    if (!(await handle.stat()).isFile()) throw new NotRegularFile()
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}
