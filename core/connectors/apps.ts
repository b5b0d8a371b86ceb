import type { AppEntry } from './define-app.ts'

/** Every app, in the palette's order. Ids are permanent. */
export const apps: readonly AppEntry[] = [
  { id: 'google-sheets', load: async () => (await import('./apps/google-sheets/google-sheets.app.ts')).googleSheets },
  { id: 'gmail', load: async () => (await import('./apps/gmail/gmail.app.ts')).gmail },
  { id: 'google-drive', load: async () => (await import('./apps/google-drive/google-drive.app.ts')).googleDrive },
  { id: 'slack', load: async () => (await import('./apps/slack/slack.app.ts')).slack },
  { id: 'telegram', load: async () => (await import('./apps/telegram/telegram.app.ts')).telegram },
  { id: 'ntfy', load: async () => (await import('./apps/ntfy/ntfy.app.ts')).ntfy },
]
