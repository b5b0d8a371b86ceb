import { constants } from 'node:fs'
import { copyFile, link, lstat, mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from './places.ts'

/** Bytes of a file beyond which a second copy is not made of it, where its disk cannot give it a second name. */
const MOST_COPIED = 100 * 1_048_576

/** Files that steps have replaced, each under the key of the change that did, so that they can be put back. */
export type KeptFiles = {
  path(key: string): string
  /** Keeps what is at a place. False where that would take much room: it lies on another disk, and is large. */
  keep(place: string, key: string): Promise<boolean>
  forget(key: string): Promise<void>
  keys(): Promise<string[]>
}

export function createKeptFiles(folder: string): KeptFiles {
  const path = (key: string): string => join(folder, key)
  return {
    path,
    async keep(place, key) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      try {
        // A second name costs nothing: what replaces the file takes the first one away from it.
        await link(place, path(key))
        return true
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return false
      }
      const stats = await lstat(place).catch(() => null)
      if (stats === null || !stats.isFile() || stats.size > MOST_COPIED) return false
      await copyFile(place, path(key), constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL)
      return true
    },
    forget: (key) => rm(path(key), { force: true }),
    keys: () => readdir(folder).catch((): string[] => []),
  }
}

/** Where the newer file goes when an older one is put back in its place. */
export const newerOf = (kept: string): string => `${kept}${NEWER}`
const NEWER = '.newer'

/** The key of the change that something is kept for. */
export const plainKey = (key: string): string => (key.endsWith(NEWER) ? key.slice(0, -NEWER.length) : key)
