import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByUs } from '../../service/test-judge.ts'
import { fileWorld } from '../../test-files.ts'
import { sendgrid } from './sendgrid.app.ts'

const account = { type: 'sendgrid', secret: JSON.stringify({ token: 'SG.1' }) }
const answers = (): Json => ({ result: { 'a@b.c': { contact: { id: 'c1' } }, 'x@y.z': { error: 'not found' } } })

/** As @sendgrid/mail 8.1.6 sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'send-mail',
    { to: 'Ada <a@b.c>, x@y.z', from: 'me@b.c', subject: 's', text: 't', html: '<p>' },
    'POST /v3/mail/send',
    {
      personalizations: [{ to: [{ email: 'a@b.c', name: 'Ada' }, { email: 'x@y.z' }] }],
      from: { email: 'me@b.c' },
      subject: 's',
      content: [
        { type: 'text/plain', value: 't' },
        { type: 'text/html', value: '<p>' },
      ],
    },
  ],
  [
    'send-mail',
    { to: 'a@b.c', from: 'me@b.c', template: 'd-1', values: { name: 'Ada' }, when: '1970-01-01T00:00:10Z' },
    'POST /v3/mail/send',
    {
      personalizations: [{ to: [{ email: 'a@b.c' }], dynamic_template_data: { name: 'Ada' } }],
      from: { email: 'me@b.c' },
      template_id: 'd-1',
      send_at: 10,
    },
  ],
  [
    'upsert-contact',
    { email: 'a@b.c', first: 'A', lists: 'l1' },
    'PUT /v3/marketing/contacts',
    { list_ids: ['l1'], contacts: [{ email: 'a@b.c', first_name: 'A' }] },
  ],
  ['create-list', { name: 'n' }, 'POST /v3/marketing/lists', { name: 'n' }],
  ['query-contacts', { query: 'q' }, 'POST /v3/marketing/contacts/search', { query: 'q' }],
  ['search-contacts', { emails: 'a@b.c' }, 'POST /v3/marketing/contacts/search/emails', { emails: ['a@b.c'] }],
  ['delete-contacts', { contacts: ['a', 'b'] }, 'DELETE /v3/marketing/contacts?ids=a,b'],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(sendgrid, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
})

it('contacts that are not there are left out', async () => {
  const { output } = await sentByUs(sendgrid, 'search-contacts', { emails: ['a@b.c', 'x@y.z'] }, { answers, account })
  expect(output).toEqual({ items: [{ id: 'c1' }], count: 1 })
})

it('a file goes along in base64', async () => {
  const { files, large, put, at } = fileWorld()
  put('a.txt', 'hi')
  const input = { to: 'a@b.c', from: 'm@b.c', subject: 's', text: 't', attachments: at('a.txt') }
  const { sent } = await sentByUs(sendgrid, 'send-mail', input, { answers, account, files: { files, large } })
  expect(sent[0]?.body).toMatchObject({
    attachments: [{ content: 'aGk=', filename: 'a.txt', type: 'text/plain', disposition: 'attachment' }],
  })
})
