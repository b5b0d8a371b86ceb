import type { FamilyEntry } from './family-list.ts'

/** Every app, in the palette's order. Ids are permanent. */
export const apps: readonly FamilyEntry[] = [
  { id: 'ntfy', load: async () => (await import('./apps/ntfy/ntfy.app.ts')).ntfy },
]
