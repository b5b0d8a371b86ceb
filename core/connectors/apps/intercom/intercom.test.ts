import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { intercom } from './intercom.app.ts'

const account = { type: 'intercom', secret: JSON.stringify({ token: 'T' }) }
const answers = (): Json => ({ id: '1', data: [], conversations: [{ id: '9' }] })

/** As intercom-client 7.0.3, the maker’s own library, sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  ['create-contact', { email: 'a@b.c', name: 'A' }, 'POST /contacts', { role: 'user', email: 'a@b.c', name: 'A' }],
  ['update-contact', { contact: 'C', name: 'B' }, 'PUT /contacts/C', { name: 'B' }],
  [
    'search-contacts',
    { field: 'email', value: 'a@b.c', limit: 5 },
    'POST /contacts/search',
    { query: { field: 'email', operator: '=', value: 'a@b.c' }, pagination: { per_page: 5 } },
  ],
  [
    'create-conversation',
    { contact: 'C', text: 'hi' },
    'POST /conversations',
    { from: { id: 'C', type: 'user' }, body: 'hi' },
  ],
  [
    'reply',
    { conversation: '1', text: 'hi', admin: '7' },
    'POST /conversations/1/reply',
    { type: 'admin', message_type: 'comment', admin_id: '7', body: 'hi' },
  ],
  [
    'create-ticket',
    { kind: '5', contact: 'C', title: 't', more: { x: 1 } },
    'POST /tickets',
    { ticket_type_id: '5', contacts: [{ id: 'C' }], ticket_attributes: { _default_title_: 't', x: 1 } },
  ],
  ['add-note', { contact: 'C', text: 'n' }, 'POST /contacts/C/notes', { body: 'n' }],
  [
    'track-event',
    { event: 'e', email: 'a@b.c', at: '1970-01-01T00:00:10Z' },
    'POST /events',
    { event_name: 'e', email: 'a@b.c', created_at: 10 },
  ],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(intercom, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
})

it('new conversations are the last ones', async () => {
  const { sent, events } = await sentByTrigger(intercom, 'new-conversation', {}, { answers, account })
  expect(sent[0]?.body).toMatchObject({
    sort: { field: 'created_at', order: 'descending' },
    pagination: { per_page: 150 },
  })
  expect(events.map(({ key }) => key)).toEqual(['9'])
})
