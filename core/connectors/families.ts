import type { FamilyEntry } from './family-list.ts'

/**
 * The families of Hookline's own connectors that are loaded when a zap uses one of them, in the palette's order. A new connector is one
 * file, `core/connectors/<family>/<name>.action.ts`, and one line in its family's list. Ids are permanent.
 */
export const families: readonly FamilyEntry[] = [
  { id: 'data', load: async () => (await import('./data/data.family.ts')).data },
  { id: 'list', load: async () => (await import('./list/list.family.ts')).list },
  { id: 'text', load: async () => (await import('./text/text.family.ts')).text },
  { id: 'file', load: async () => (await import('./file/file.family.ts')).file },
  { id: 'folder', load: async () => (await import('./folder/folder.family.ts')).folder },
]
