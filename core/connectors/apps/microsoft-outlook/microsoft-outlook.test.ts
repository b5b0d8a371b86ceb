import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { fileWorld } from '../../test-files.ts'
import { microsoftOutlook } from './microsoft-outlook.app.ts'

const account = { type: 'microsoft', secret: JSON.stringify({ clientId: 'a', accessToken: 'AT' }) }
const answers = (): Json => ({
  id: 'm1',
  value: [{ id: 'm1', name: 'a.txt', contentType: 'text/plain', contentBytes: 'aGk=' }],
})
const to = [{ emailAddress: { address: 'a@b.c' } }]
const mail = (more: Record<string, Json> = {}): Json => ({
  subject: 's',
  body: { contentType: 'Text', content: 't' },
  toRecipients: to,
  ...more,
})

/** As Microsoft’s own library sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'send',
    { to: 'a@b.c', subject: 's', text: 't' },
    'POST /v1.0/me/sendMail',
    { message: mail(), saveToSentItems: true },
  ],
  [
    'create-draft',
    { to: 'a@b.c', subject: 's', text: 't', cc: 'x@y.z', importance: 'high' },
    'POST /v1.0/me/messages',
    mail({ ccRecipients: [{ emailAddress: { address: 'x@y.z' } }], importance: 'high' }),
  ],
  ['get', { message: 'm1' }, 'GET /v1.0/me/messages/m1'],
  ['reply', { message: 'm1', text: 'Thanks' }, 'POST /v1.0/me/messages/m1/reply', { comment: 'Thanks' }],
  [
    'update',
    { message: 'm1', read: 'true', categories: 'Red' },
    'PATCH /v1.0/me/messages/m1',
    { isRead: true, categories: ['Red'] },
  ],
  ['move', { message: 'm1', folder: 'archive' }, 'POST /v1.0/me/messages/m1/move', { destinationId: 'archive' }],
  ['delete', { message: 'm1' }, 'DELETE /v1.0/me/messages/m1'],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(microsoftOutlook, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
  expect(sent[0]?.authorization).toBe('Bearer AT')
})

it('a search is in quotes, and new mails are the last ones', async () => {
  const { sent } = await sentByUs(
    microsoftOutlook,
    'list',
    { folder: 'inbox', search: 'subject:x', limit: 5 },
    { answers, account },
  )
  expect(sent[0]?.query).toContainEqual(['$search', '"subject:x"'])
  const polled = await sentByTrigger(microsoftOutlook, 'new-message', { folder: 'inbox' }, { answers, account })
  expect(polled.sent[0]?.query).toContainEqual(['$orderby', 'receivedDateTime desc'])
  expect(polled.events.map(({ key }) => key)).toEqual(['m1'])
})

it('files go along, and are kept', async () => {
  const { files, large, put, at } = fileWorld()
  put('a.txt', 'hi')
  const world = { answers, account, files: { files, large } }
  const { sent } = await sentByUs(microsoftOutlook, 'send', { to: 'a@b.c', attachments: at('a.txt') }, world)
  expect(sent[0]?.body).toMatchObject({
    message: {
      attachments: [{ '@odata.type': '#microsoft.graph.fileAttachment', name: 'a.txt', contentBytes: 'aGk=' }],
    },
  })
  const { output } = await sentByUs(microsoftOutlook, 'attachments', { message: 'm1' }, world)
  expect(output).toMatchObject({ items: [{ name: 'a.txt', file: { filename: 'a.txt', bytes: 2 } }] })
})

it('a list goes on at the address that Microsoft names', async () => {
  const answer = ({ query }: { query: readonly (readonly [string, string])[] }): Json =>
    query.some(([name]) => name === '$skip')
      ? { value: [{ id: 'm2' }] }
      : {
          value: [{ id: 'm1' }],
          '@odata.nextLink': 'https://graph.microsoft.com/v1.0/me/mailFolders/inbox/messages?$skip=1',
        }
  const { output } = await sentByUs(microsoftOutlook, 'list', { folder: 'inbox' }, { answers: answer, account })
  expect(output).toEqual({ items: [{ id: 'm1' }, { id: 'm2' }], count: 2, hasMore: false })
})
