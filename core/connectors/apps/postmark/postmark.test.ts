import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { postmark } from './postmark.app.ts'

const account = { type: 'postmark', secret: JSON.stringify({ token: 'TK' }) }
const answers = ({ query }: { query: readonly (readonly [string, string])[] }): Json => ({
  ID: 5,
  ErrorCode: 0,
  Bounces: query.some(([name, value]) => name === 'offset' && value !== '0') ? [] : [{ ID: 1 }],
})
const mail = { From: 'm@x.y', To: 'a@b.c' }

/** As postmark, the maker’s own library, sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'send-mail',
    { from: 'm@x.y', to: 'a@b.c', subject: 's', text: 't' },
    'POST /email',
    { ...mail, Subject: 's', TextBody: 't' },
  ],
  [
    'send-template',
    { from: 'm@x.y', to: 'a@b.c', template: 'welcome', values: { a: 1 } },
    'POST /email/withTemplate',
    { ...mail, TemplateAlias: 'welcome', TemplateModel: { a: 1 } },
  ],
  [
    'send-template',
    { from: 'm@x.y', to: 'a@b.c', template: 5 },
    'POST /email/withTemplate',
    { ...mail, TemplateId: 5, TemplateModel: {} },
  ],
  ['send-batch', { messages: '[{"From":"m@x.y"}]' }, 'POST /email/batch', [{ From: 'm@x.y' }]],
  [
    'list-outbound',
    { to: 'a@b.c', from: '2026-11-30', limit: 50 },
    'GET /messages/outbound?count=50&fromdate=2026-11-30&offset=0&recipient=a@b.c',
  ],
  ['list-bounces', { limit: 1 }, 'GET /bounces?count=1&offset=0'],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(postmark, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
})

it('a message of a batch that was refused is an error', async () => {
  const answer = () => [{ ErrorCode: 0 }, { ErrorCode: 406, Message: 'Inactive recipient' }]
  await expect(
    sentByUs(postmark, 'send-batch', { messages: [{}] }, { answers: answer, account }),
  ).rejects.toMatchObject({ details: { code: 'http-422', message: expect.stringContaining('Inactive') } })
})

it('what happens to mails starts runs, by being told and by asking', async () => {
  const { sent, subscribed } = await sentByTrigger(
    postmark,
    'mail-event',
    { event: 'Open' },
    { answers, account, doing: 'subscribe' },
  )
  expect(subscribed).toEqual({ subscription: { id: 5 }, secret: 'hookline:sh' })
  expect(sent.map(lineOf)).toEqual([
    [
      'POST /webhooks',
      {
        Url: 'https://hooks.example/hooks/x',
        MessageStream: 'outbound',
        HttpAuth: { Username: 'hookline', Password: 'sh' },
        Triggers: { Open: { Enabled: true } },
      },
    ],
    ['DELETE /webhooks/5'],
  ])
  const { events } = await sentByTrigger(postmark, 'bounce', {}, { answers, account })
  expect(events.map(({ key }) => key)).toEqual(['1'])
})
