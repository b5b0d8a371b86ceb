import type { FileChange } from '../../../core/contract/values.ts'

/** Whether a person may ask for a change to be put back: what is in the way can be asked for by a numbered name. */
export const canBeTicked = (state: FileChange['state']): boolean => state === 'can' || state === 'in-the-way'

/** All that can go back as it was. */
export function tickedAtFirst(changes: readonly FileChange[]): ReadonlySet<string> {
  return new Set(changes.flatMap(({ key, state }) => (state === 'can' ? [key] : [])))
}

const SEPARATOR = /[\\/]/

export const baseName = (path: string): string => path.split(SEPARATOR).at(-1) ?? path
export const folderName = (path: string): string => path.slice(0, Math.max(1, path.length - baseName(path).length - 1))

/** What was done to a file, as the begin of "… by Step". */
export function changeWords({ kind, replaced, from, path }: FileChange): string {
  switch (kind) {
    case 'move':
      return from !== null && folderName(from) === folderName(path)
        ? 'renamed'
        : replaced
          ? 'moved over another one'
          : 'moved'
    case 'write':
      return replaced ? 'written anew' : 'made'
    case 'copy':
      return replaced ? 'replaced by a copy' : 'copied'
    case 'trash':
      return 'put into the trash'
    case 'delete':
      return 'deleted for ever'
    case 'folder':
      return 'made'
  }
}
