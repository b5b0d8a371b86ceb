import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'

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

/** Nothing is made before the first line. */
export function openLogFile(dataDir: string, mostBytes = MOST_BYTES): LogFile {
  const folder = join(dataDir, 'logs')
  const fileOf = (n: number): string => join(folder, n === 0 ? 'hookline.log' : `hookline.${n}.log`)
  let opened: { fd: number; bytes: number } | undefined

  function open(): { fd: number; bytes: number } {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
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
