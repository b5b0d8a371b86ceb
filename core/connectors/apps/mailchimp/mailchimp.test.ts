import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { mailchimp } from './mailchimp.app.ts'

const account = { type: 'mailchimp', secret: JSON.stringify({ token: 'key-us6' }) }
const answers = (): Json => ({ id: '1', members: [] })
/** md5 of ada@example.com. */
const HASH = '3e3417d7ef77d5932a6734b916515ed5'
const api = '/3.0/lists/L/members'

/** As @mailchimp/mailchimp_marketing 3.0.80 sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'add-subscriber',
    { email: 'a@b.c', merge: { FNAME: 'A' } },
    `POST ${api}`,
    { email_address: 'a@b.c', status: 'subscribed', merge_fields: { FNAME: 'A' } },
  ],
  [
    'upsert-subscriber',
    { email: 'Ada@Example.com ' },
    `PUT ${api}/${HASH}`,
    { email_address: 'Ada@Example.com ', status_if_new: 'subscribed' },
  ],
  [
    'update-subscriber',
    { email: 'ada@example.com', status: 'unsubscribed' },
    `PATCH ${api}/${HASH}`,
    { status: 'unsubscribed' },
  ],
  ['get-subscriber', { email: 'ada@example.com' }, `GET ${api}/${HASH}`],
  ['list-subscribers', { status: 'subscribed', limit: 5 }, `GET ${api}?count=5&status=subscribed`],
  [
    'tag-subscriber',
    { email: 'ada@example.com', add: 'x', remove: 'y' },
    `POST ${api}/${HASH}/tags`,
    {
      tags: [
        { name: 'x', status: 'active' },
        { name: 'y', status: 'inactive' },
      ],
    },
  ],
  [
    'create-campaign',
    { subject: 's', from: 'f', replyTo: 'a@b.c' },
    'POST /3.0/campaigns',
    {
      type: 'regular',
      recipients: { list_id: 'L' },
      settings: { subject_line: 's', from_name: 'f', reply_to: 'a@b.c' },
    },
  ],
  ['set-campaign-content', { campaign: 'C', html: '<p>' }, 'PUT /3.0/campaigns/C/content', { html: '<p>' }],
  ['send-campaign', { campaign: 'C' }, 'POST /3.0/campaigns/C/actions/send'],
])('%s %j', async (uses, input, ...expected) => {
  const whole = 'campaign' in input ? input : { audience: 'L', ...input }
  const { sent } = await sentByUs(mailchimp, uses, whole, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
  expect(sent[0]?.authorization).toBe(`Basic ${Buffer.from('hookline:key-us6').toString('base64')}`)
})

it('a key without its end says what is missing', async () => {
  const wrong = { type: 'mailchimp', secret: JSON.stringify({ token: 'key' }) }
  await expect(sentByUs(mailchimp, 'send-campaign', { campaign: 'C' }, { answers, account: wrong })).rejects.toThrow(
    /not whole/,
  )
})

it('an audience is told where to call, and for what', async () => {
  const { sent } = await sentByTrigger(
    mailchimp,
    'list-event',
    { audience: 'L', events: 'subscribe' },
    { answers, account, doing: 'subscribe' },
  )
  expect(sent[0]?.body).toMatchObject({
    url: 'https://hooks.example/hooks/x',
    events: { subscribe: true, unsubscribe: false },
  })
  expect(sent[1]?.path).toBe('/3.0/lists/L/webhooks/1')
})
