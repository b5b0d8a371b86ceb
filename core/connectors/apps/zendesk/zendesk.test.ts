import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { zendesk } from './zendesk.app.ts'

const account = {
  type: 'zendesk',
  secret: JSON.stringify({ server: 'https://acme.zendesk.com', email: 'a@b.c', token: 'T' }),
}
const answers = (): Json => ({
  ticket: { id: 1 },
  user: { id: 1 },
  tickets: [{ id: 1, updated_at: 'x' }],
  meta: { has_more: false, after_cursor: 'never' },
  results: [],
})

/** As node-zendesk 6.0.1 sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'create-ticket',
    { subject: 's', text: 'b', email: 'x@y.z', name: 'X', priority: 'high', tags: ['a'] },
    'POST /api/v2/tickets.json',
    {
      ticket: {
        subject: 's',
        comment: { body: 'b' },
        requester: { email: 'x@y.z', name: 'X' },
        priority: 'high',
        tags: ['a'],
      },
    },
  ],
  [
    'update-ticket',
    { ticket: 1, text: 'done', internal: true, status: 'solved' },
    'PUT /api/v2/tickets/1.json',
    { ticket: { comment: { body: 'done', public: false }, status: 'solved' } },
  ],
  ['get-ticket', { ticket: 1 }, 'GET /api/v2/tickets/1.json'],
  ['list-tickets', {}, 'GET /api/v2/tickets.json?page[size]=100&sort=-updated_at'],
  [
    'search',
    { query: 'type:ticket status:open' },
    'GET /api/v2/search.json?per_page=100&query=type:ticket status:open',
  ],
  [
    'upsert-user',
    { name: 'n', email: 'a@b.c' },
    'POST /api/v2/users/create_or_update.json',
    { user: { name: 'n', email: 'a@b.c' } },
  ],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(zendesk, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
  expect(sent[0]?.authorization).toBe(`Basic ${Buffer.from('a@b.c/token:T').toString('base64')}`)
})

it('a ticket starts a run again when it was changed', async () => {
  const { events } = await sentByTrigger(zendesk, 'ticket-updated', {}, { answers, account })
  expect(events.map(({ key }) => key)).toEqual(['1 x'])
})
