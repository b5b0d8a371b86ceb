import type { AppEntry } from './define-app.ts'

/** Every app, in the palette's order. Ids are permanent. */
export const apps: readonly AppEntry[] = [
  { id: 'google-sheets', load: async () => (await import('./apps/google-sheets/google-sheets.app.ts')).googleSheets },
  { id: 'gmail', load: async () => (await import('./apps/gmail/gmail.app.ts')).gmail },
  { id: 'google-drive', load: async () => (await import('./apps/google-drive/google-drive.app.ts')).googleDrive },
  { id: 'google-docs', load: async () => (await import('./apps/google-docs/google-docs.app.ts')).googleDocs },
  { id: 'slack', load: async () => (await import('./apps/slack/slack.app.ts')).slack },
  { id: 'telegram', load: async () => (await import('./apps/telegram/telegram.app.ts')).telegram },
  {
    id: 'google-calendar',
    load: async () => (await import('./apps/google-calendar/google-calendar.app.ts')).googleCalendar,
  },
  { id: 'notion', load: async () => (await import('./apps/notion/notion.app.ts')).notion },
  { id: 'airtable', load: async () => (await import('./apps/airtable/airtable.app.ts')).airtable },
  { id: 'discord', load: async () => (await import('./apps/discord/discord.app.ts')).discord },
  { id: 'github', load: async () => (await import('./apps/github/github.app.ts')).github },
  { id: 'hubspot', load: async () => (await import('./apps/hubspot/hubspot.app.ts')).hubspot },
  { id: 'youtube', load: async () => (await import('./apps/youtube/youtube.app.ts')).youtube },
  { id: 'whatsapp', load: async () => (await import('./apps/whatsapp/whatsapp.app.ts')).whatsapp },
  { id: 'wordpress', load: async () => (await import('./apps/wordpress/wordpress.app.ts')).wordpress },
  { id: 'jira', load: async () => (await import('./apps/jira/jira.app.ts')).jira },
  { id: 'x', load: async () => (await import('./apps/x/x.app.ts')).x },
  { id: 'linkedin', load: async () => (await import('./apps/linkedin/linkedin.app.ts')).linkedin },
  { id: 'reddit', load: async () => (await import('./apps/reddit/reddit.app.ts')).reddit },
  { id: 'supabase', load: async () => (await import('./apps/supabase/supabase.app.ts')).supabase },
  { id: 'twilio', load: async () => (await import('./apps/twilio/twilio.app.ts')).twilio },
  { id: 'clickup', load: async () => (await import('./apps/clickup/clickup.app.ts')).clickup },
  { id: 'shopify', load: async () => (await import('./apps/shopify/shopify.app.ts')).shopify },
  { id: 'zendesk', load: async () => (await import('./apps/zendesk/zendesk.app.ts')).zendesk },
  { id: 'nocodb', load: async () => (await import('./apps/nocodb/nocodb.app.ts')).nocodb },
  { id: 'ntfy', load: async () => (await import('./apps/ntfy/ntfy.app.ts')).ntfy },
]
