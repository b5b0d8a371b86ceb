import { expect, it } from 'vitest'
import type { Json } from '../../domain/values/json.ts'
import { apps } from '../apps.ts'
import { fileWorld } from '../test-files.ts'
import { lineOf, type Sent, sentByTrigger, sentByUs } from './test-judge.ts'

const google = { type: 'google', secret: JSON.stringify({ clientId: 'a', clientSecret: 'b', accessToken: 'AT' }) }
const token = (type: string, more: Record<string, string> = {}) => ({
  type,
  secret: JSON.stringify({ token: 'T', ...more }),
})

async function appOf(id: string) {
  const app = await apps.find((one) => one.id === id.split('.')[0])?.load()
  if (app === undefined) throw new Error(`there is no app of ${id}`)
  return { app, name: id.slice(app.id.length + 1) }
}

type Poll = [
  id: string,
  input: Record<string, Json>,
  account: { type: string; secret: string },
  answer: Json,
  line: readonly unknown[],
  keys: readonly string[],
]

/** What lists are asked for, and what of them is new, as the makers document it. */
it.each<Poll>([
  [
    'airtable.record-created-or-updated',
    { base: 'app1', table: 'Orders', changed: 'Changed' },
    token('airtable'),
    {
      records: [
        { id: 'rec1', fields: { Changed: 'T2' } },
        { id: 'rec1', fields: { Changed: 'T1' } },
        { id: 'rec2', fields: {} },
      ],
    },
    ['GET /v0/app1/Orders?pageSize=100&sort[0][direction]=desc&sort[0][field]=Changed'],
    ['rec1 T2', 'rec1 T1', 'rec2 '],
  ],
  [
    'google-calendar.event-starts-soon',
    { calendar: 'primary', lead: 10 },
    google,
    {
      items: [
        { id: 'e1', start: { dateTime: '2026-11-30T09:05:00Z' } },
        { id: 'e2', start: { dateTime: '2026-11-30T08:55:00Z' } },
      ],
    },
    [
      'GET /calendar/v3/calendars/primary/events?maxResults=250&orderBy=startTime&singleEvents=true&timeMax=2026-11-30T09:10:00.000Z&timeMin=2026-11-30T09:00:00.000Z',
    ],
    ['e1 2026-11-30T09:05:00Z'],
  ],
  [
    'google-docs.document-updated',
    { document: 'https://docs.google.com/document/d/1BxiMVs0XRA5/edit' },
    google,
    { id: '1BxiMVs0XRA5', version: '42' },
    ['GET /drive/v3/files/1BxiMVs0XRA5?fields=id,name,modifiedTime,version,webViewLink&supportsAllDrives=true'],
    ['1BxiMVs0XRA5 42'],
  ],
  [
    'qdrant.new-point',
    { collection: 'c', by: 'at' },
    token('qdrant'),
    { result: { points: [{ id: 7 }] } },
    [
      'POST /collections/c/points/scroll',
      { limit: 100, with_payload: true, order_by: { key: 'at', direction: 'desc' } },
    ],
    ['7'],
  ],
])('%s', async (id, input, account, answer, line, keys) => {
  const { app, name } = await appOf(id)
  const { sent, events } = await sentByTrigger(app, name, input, { answers: () => answer, account })
  expect(sent.map(lineOf)).toEqual([line])
  expect(events.map(({ key }) => key)).toEqual(keys)
})

it('changes of a Drive begin where they are now, and go on from there', async () => {
  const { app } = await appOf('google-drive.any-change')
  const trigger = app.connectors.find(({ id }) => id === 'google-drive.any-change')
  if (trigger?.kind !== 'trigger' || trigger.source.from !== 'poll') throw new Error('it does not poll')
  const first = await sentByTrigger(
    app,
    'any-change',
    {},
    { answers: () => ({ startPageToken: '5' }), account: google },
  )
  expect(first.sent.map(lineOf)).toEqual([['GET /drive/v3/changes/startPageToken?supportsAllDrives=true']])
  expect(first.events).toEqual([])
  const { source } = trigger
  const pages: Record<string, Json> = {
    '5': { changes: [{ fileId: 'a', time: '1' }], nextPageToken: '6' },
    '6': { changes: [{ fileId: 'b', time: '2' }], newStartPageToken: '9' },
  }
  const http = async (request: { url: string }) => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    cookies: [],
    body: Buffer.from(JSON.stringify(pages[new URL(request.url).searchParams.get('pageToken') ?? ''] ?? {})),
    url: request.url,
    isWithoutSecrets: false,
  })
  const context = { http, large: {}, clock: { now: () => 0 }, credential: async () => google, cursor: { page: '5' } }
  const input = trigger.input.parse({ account: { $credential: 'x' } })
  const found = await source.poll({ ...context, input } as never)
  expect(found.events.map(({ key }) => key)).toEqual(['a 1', 'b 2'])
  expect(found.cursor).toEqual({ page: '9' })
})

type Call = [
  id: string,
  input: Record<string, Json>,
  account: { type: string; secret: string },
  line: readonly unknown[],
]

it.each<Call>([
  [
    'discord.webhook-message',
    { text: 'Hi', name: 'Ada', thread: '5' },
    token('discord.webhook', { token: 'https://discord.com/api/webhooks/123456/abcdefghij-K_1' }),
    ['POST /api/v10/webhooks/123456/abcdefghij-K_1?thread_id=5&wait=true', { content: 'Hi', username: 'Ada' }],
  ],
  ['discord.list-members', { server: '9', limit: 5 }, token('discord'), ['GET /api/v10/guilds/9/members?limit=5']],
  [
    'slack.incoming-webhook',
    { text: 'Hi' },
    token('slack.webhook', { token: 'https://hooks.slack.com/services/T00000/B00000/xyz12' }),
    ['POST /services/T00000/B00000/xyz12', { text: 'Hi' }],
  ],
  [
    'notion.get-database',
    { database: 'https://www.notion.so/x-598337872cf94fdf8782e53db20768a5?v=1' },
    token('notion'),
    ['GET /v1/databases/598337872cf94fdf8782e53db20768a5'],
  ],
])('%s %j', async (id, input, account, line) => {
  const { app, name } = await appOf(id)
  const { sent } = await sentByUs(app, name, input, { answers: (): Json => ({ ok: true }), account })
  expect(sent.map(lineOf)).toEqual([line])
})

it('ntfy takes a file with words that are no ASCII, and says what it keeps', async () => {
  const { files, large, put, at } = fileWorld()
  put('a.txt', 'hi')
  const { app } = await appOf('ntfy.upload')
  const seen: Sent[] = []
  const answers = (sent: Sent): Json => {
    seen.push(sent)
    return { id: 'n1' }
  }
  const world = { answers, account: token('ntfy'), files: { files, large } }
  await sentByUs(app, 'upload', { topic: 'mine', file: at('a.txt'), title: 'Grüße' }, world)
  expect(seen.map(lineOf)).toEqual([['PUT /mine?filename=a.txt&title=Grüße', 'hi']])
})
