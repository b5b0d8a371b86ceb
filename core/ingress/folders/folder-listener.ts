import { type FSWatcher, watch } from 'node:fs'
import { join, sep } from 'node:path'

/** Hears of changes in a folder and those in it, as the system tells them. It may tell of too many, and of some twice. */
export type FolderListener = {
  /** Hears of one more folder below the root from now on. */
  add(folder: string): void
  /** Whether the system tells of changes at all: on some network drives, and beyond its limits, it does not. */
  isHeard(): boolean
  close(): void
}

/**
 * Listens in each folder by itself on Linux, where that is what the system has: what Node makes of it for a whole tree, as chokidar does, listens
 * to every file and takes 280 MB for 100,000 of them. macOS and Windows listen to a tree at once.
 */
export function listenTo(
  root: string,
  changed: (path: string) => void,
  failed: (error: Error) => void,
  platform: NodeJS.Platform = process.platform,
): FolderListener {
  const isTree = platform === 'darwin' || platform === 'win32'
  const watchers = new Map<string, FSWatcher>()
  let hasFailed = false

  function add(folder: string): void {
    if (watchers.has(folder) || hasFailed || (isTree && folder !== '')) return
    try {
      const watcher = watch(join(root, folder), { persistent: false, recursive: isTree }, (_event, name) => {
        const below = name === null ? '' : name.split(sep).join('/')
        changed(folder === '' ? below : below === '' ? folder : `${folder}/${below}`)
      })
      watcher.on('error', (error) => {
        // Its folder went away, on Windows as an error.
        drop(folder)
        changed(folder)
        if ('code' in error && error.code !== 'EPERM' && error.code !== 'ENOENT') failed(error)
      })
      watchers.set(folder, watcher)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code === 'ENOENT' || code === 'ENOTDIR' || !(error instanceof Error)) return
      hasFailed = true
      failed(error)
    }
  }

  function drop(folder: string): void {
    watchers.get(folder)?.close()
    watchers.delete(folder)
  }

  return {
    add(folder) {
      // A folder that was deleted and made again is another one.
      if (folder !== '') drop(folder)
      add(folder)
    },
    isHeard: () => !hasFailed,
    close() {
      for (const folder of [...watchers.keys()]) drop(folder)
    },
  }
}
