import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { resend } from './resend.app.ts'

const account = { type: 'resend', secret: JSON.stringify({ token: 're_1' }) }
const answers = (): Json => ({ id: 'w1', signing_secret: 'whsec_x' })

/** As resend, the maker’s own library, sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'send-mail',
    { from: 'm@x.y', to: 'a@b.c, d@e.f', subject: 's', html: '<p>', tags: { a: 1 } },
    'POST /emails',
    { from: 'm@x.y', to: ['a@b.c', 'd@e.f'], subject: 's', html: '<p>', tags: [{ name: 'a', value: '1' }] },
  ],
  ['send-batch', { messages: '[{"from":"m@x.y"}]' }, 'POST /emails/batch', [{ from: 'm@x.y' }]],
  ['get-mail', { mail: 'e1' }, 'GET /emails/e1'],
  [
    'create-contact',
    { audience: 'A', email: 'a@b.c', first: 'A' },
    'POST /audiences/A/contacts',
    { email: 'a@b.c', first_name: 'A' },
  ],
])('%s %j', async (uses, input, ...expected) => {
  const keys: unknown[] = []
  const answer = (_: unknown, headers: Readonly<Record<string, string | undefined>>): Json => {
    keys.push(headers['idempotency-key'])
    return answers()
  }
  const { sent } = await sentByUs(resend, uses, input, { answers: answer, account })
  expect(sent.map(lineOf)).toEqual([expected])
  if (uses.startsWith('send')) expect(keys).toEqual(['run_1:step'])
})

it('a webhook has the secret that Resend made', async () => {
  const { sent, subscribed } = await sentByTrigger(
    resend,
    'mail-event',
    { event: 'email.bounced' },
    { answers, account, doing: 'subscribe' },
  )
  expect(subscribed).toEqual({ subscription: { id: 'w1' }, secret: 'whsec_x' })
  expect(sent.map(lineOf)).toEqual([
    ['POST /webhooks', { endpoint: 'https://hooks.example/hooks/x', events: ['email.bounced'] }],
    ['DELETE /webhooks/w1'],
  ])
})
