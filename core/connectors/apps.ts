import type { AppEntry } from './app-list.ts'

/** Every app, in the palette's order. Ids are permanent. */
export const apps: readonly AppEntry[] = [
  { id: 'ntfy', load: async () => (await import('./apps/ntfy/ntfy.app.ts')).ntfy },
]
