import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { mailgun } from './mailgun.app.ts'

const account = { type: 'mailgun', secret: JSON.stringify({ part: 'eu', token: 'K' }) }
const answers = (): Json => ({
  items: [{ id: 'e1' }],
  paging: { next: 'https://api.eu.mailgun.net/v3/mg.x.y/events/W3s' },
})

/** As mailgun.js sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  ['list-events', { domain: 'mg.x.y', event: 'failed', limit: 1 }, 'GET /v3/mg.x.y/events?event=failed&limit=1'],
  ['validate-address', { address: 'a@b.c' }, 'GET /v4/address/validate?address=a@b.c'],
  [
    'add-list-member',
    { list: 'l@mg', address: 'a@b.c', values: { age: 36 } },
    'POST /v3/lists/l@mg/members',
    { upsert: 'yes', address: 'a@b.c', vars: { age: 36 }, subscribed: 'yes' },
  ],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(mailgun, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
  expect(sent[0]?.authorization).toBe(`Basic ${Buffer.from('api:K').toString('base64')}`)
})

it('a mail is a form with parts, as files go along', async () => {
  const input = {
    domain: 'mg.x.y',
    from: 'm@x.y',
    to: 'a@b.c',
    subject: 's',
    text: 't',
    replyTo: 'r@x.y',
    tags: ['a', 'b'],
  }
  const { sent } = await sentByUs(mailgun, 'send-mail', input, { answers, account })
  expect(sent[0]).toMatchObject({ method: 'POST', path: '/v3/mg.x.y/messages' })
  const parts = [...String(sent[0]?.body).matchAll(/name="([^"]+)"\r\n(?:[^\r]+\r\n)*\r\n([^\r]*)/g)].map(
    ([, name, value]) => [name, value],
  )
  expect(parts).toEqual([
    ['from', 'm@x.y'],
    ['to', 'a@b.c'],
    ['subject', 's'],
    ['text', 't'],
    ['h:Reply-To', 'r@x.y'],
    ['o:tag', 'a'],
    ['o:tag', 'b'],
  ])
})

it('events start runs, from the first page alone', async () => {
  const { sent, events } = await sentByTrigger(
    mailgun,
    'event',
    { domain: 'mg.x.y', event: 'failed' },
    { answers, account },
  )
  expect(sent.map(lineOf)).toEqual([['GET /v3/mg.x.y/events?ascending=no&event=failed&limit=300']])
  expect(events.map(({ key }) => key)).toEqual(['e1'])
})
