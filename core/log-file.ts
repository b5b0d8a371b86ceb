import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from './db/data-folder.ts'

/** Bytes of a file before the next one is begun. */
const MOST_BYTES = 2 * 1_048_576
/** Files that are kept: the present one and older ones, `hookline.1.log` the youngest of these. */
const MOST_FILES = 5

/** The log of a data folder, in files that take their turns. */
export type LogFile = {
  /** Appends a line at once, so that it is there after a crash. What cannot be written (a full disk) is left out. */
  write(line: string): void
  close(): void
}

const folderOf = (dataDir: string): string => join(dataDir, 'logs')

/** Bytes of the log that are looked at again, and the lines of them. */
const NEWEST_BYTES = 256 * 1_024
const NEWEST_LINES = 1_000

/** The newest lines of the log of a data folder, the last one last; none where nothing was logged since the file was begun. */
export async function readNewestLines(dataDir: string): Promise<{ lines: string[]; folder: string }> {
  const folder = folderOf(dataDir)
  const file = await open(join(folder, 'hookline.log')).catch(() => undefined)
  if (file === undefined) return { lines: [], folder }
  try {
    const { size } = await file.stat()
    const start = Math.max(0, size - NEWEST_BYTES)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, NEWEST_BYTES)), 0, undefined, start)
    const lines = buffer.subarray(0, bytesRead).toString().split('\n')
    // The first one is cut off where the file is longer.
    return {
      lines: lines
        .slice(start > 0 ? 1 : 0)
        .filter(Boolean)
        .slice(-NEWEST_LINES),
      folder,
    }
  } finally {
    await file.close()
  }
}

/** Nothing is made before the first line. */
export function openLogFile(dataDir: string, mostBytes = MOST_BYTES): LogFile {
  const folder = folderOf(dataDir)
  const fileOf = (n: number): string => join(folder, n === 0 ? 'hookline.log' : `hookline.${n}.log`)
  let opened: { fd: number; bytes: number } | undefined

  function open(): { fd: number; bytes: number } {
    makeFolder(folder)
    const fd = openSync(fileOf(0), 'a', 0o600)
    return { fd, bytes: fstatSync(fd).size }
  }

  function rotate(): void {
    close()
    for (let n = MOST_FILES - 2; n >= 0; n--) {
      try {
        renameSync(fileOf(n), fileOf(n + 1))
      } catch {
        // There are not so many yet.
      }
    }
  }

  function close(): void {
    if (opened !== undefined) closeSync(opened.fd)
    opened = undefined
  }

  return {
    write(line) {
      try {
        opened ??= open()
        if (opened.bytes >= mostBytes) {
          rotate()
          opened = open()
        }
        opened.bytes += writeSync(opened.fd, `${line}\n`)
      } catch {
        // There is no better place to tell it.
      }
    },
    close,
  }
}
