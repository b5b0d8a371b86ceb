import type { FamilyEntry } from './family-list.ts'

/**
 * The families of Hookline's own connectors that are loaded when a zap uses one of them, in the palette's order. A new connector is one
 * file, `core/connectors/<family>/<name>.action.ts`, and one line in its family's list. Ids are permanent.
 */
export const families: readonly FamilyEntry[] = [
  { id: 'form', load: async () => (await import('./form/form.family.ts')).form },
  { id: 'data', load: async () => (await import('./data/data.family.ts')).data },
  { id: 'list', load: async () => (await import('./list/list.family.ts')).list },
  { id: 'json', load: async () => (await import('./json/json.family.ts')).json },
  { id: 'text', load: async () => (await import('./text/text.family.ts')).text },
  { id: 'date', load: async () => (await import('./date/date.family.ts')).date },
  { id: 'calendar', load: async () => (await import('./calendar/calendar.family.ts')).calendar },
  { id: 'number', load: async () => (await import('./number/number.family.ts')).number },
  { id: 'crypto', load: async () => (await import('./crypto/crypto.family.ts')).crypto },
  { id: 'store', load: async () => (await import('./store/store.family.ts')).store },
  { id: 'table', load: async () => (await import('./table/table.family.ts')).table },
  { id: 'csv', load: async () => (await import('./csv/csv.family.ts')).csv },
  { id: 'xlsx', load: async () => (await import('./xlsx/xlsx.family.ts')).xlsx },
  { id: 'xml', load: async () => (await import('./xml/xml.family.ts')).xml },
  { id: 'html', load: async () => (await import('./html/html.family.ts')).html },
  { id: 'pdf', load: async () => (await import('./pdf/pdf.family.ts')).pdf },
  { id: 'zip', load: async () => (await import('./zip/zip.family.ts')).zip },
  { id: 'file', load: async () => (await import('./file/file.family.ts')).file },
  { id: 'folder', load: async () => (await import('./folder/folder.family.ts')).folder },
  { id: 'ai', load: async () => (await import('./ai/ai.family.ts')).ai },
  { id: 'mail', load: async () => (await import('./mail/mail.family.ts')).mail },
  { id: 'sql', load: async () => (await import('./sql/sql.family.ts')).sql },
  { id: 'redis', load: async () => (await import('./redis/redis.family.ts')).redis },
  { id: 'ssh', load: async () => (await import('./ssh/ssh.family.ts')).ssh },
  { id: 'sftp', load: async () => (await import('./sftp/sftp.family.ts')).sftp },
  { id: 'mqtt', load: async () => (await import('./mqtt/mqtt.family.ts')).mqtt },
  { id: 's3', load: async () => (await import('./s3/s3.family.ts')).s3 },
  { id: 'feed', load: async () => (await import('./feed/feed.family.ts')).feed },
  { id: 'graphql', load: async () => (await import('./graphql/graphql.family.ts')).graphql },
  { id: 'code', load: async () => (await import('./code/code.family.ts')).code },
  { id: 'link', load: async () => (await import('./link/link.family.ts')).link },
  { id: 'hotkey', load: async () => (await import('./hotkey/hotkey.family.ts')).hotkey },
  { id: 'clipboard', load: async () => (await import('./clipboard/clipboard.family.ts')).clipboard },
  { id: 'app', load: async () => (await import('./app/app.family.ts')).app },
  { id: 'shell', load: async () => (await import('./shell/shell.family.ts')).shell },
]
