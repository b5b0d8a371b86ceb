import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { pipedrive } from './pipedrive.app.ts'

const account = { type: 'pipedrive', secret: JSON.stringify({ token: 'T' }) }
const answers = (): Json => ({ success: true, data: [{ id: 1, update_time: 'x' }] })

/** As pipedrive 33.7.0, the maker’s own library, sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'create-person',
    { name: 'n', email: 'a@b.c', organization: 3 },
    'POST /api/v2/persons',
    { name: 'n', emails: [{ value: 'a@b.c', primary: true, label: 'work' }], org_id: 3 },
  ],
  [
    'search-persons',
    { term: 'a@b.c', within: 'email', exact: true, limit: 5 },
    'GET /api/v2/persons/search?exact_match=true&fields=email&limit=5&term=a@b.c',
  ],
  ['update-person', { person: 1, name: 'x' }, 'PATCH /api/v2/persons/1', { name: 'x' }],
  [
    'create-deal',
    { title: 't', value: 5, currency: 'EUR', stage: '2' },
    'POST /api/v2/deals',
    { title: 't', value: 5, currency: 'EUR', stage_id: 2 },
  ],
  ['update-deal', { deal: 1, status: 'won' }, 'PATCH /api/v2/deals/1', { status: 'won' }],
  [
    'list-deals',
    { since: '2026-01-01', sort: 'update_time', limit: 100 },
    'GET /api/v2/deals?limit=100&sort_by=update_time&updated_since=2026-01-01T00:00:00.000Z',
  ],
  ['create-organization', { name: 'n' }, 'POST /api/v2/organizations', { name: 'n' }],
  ['create-note', { text: 'c', record: 1 }, 'POST /api/v1/notes', { content: 'c', deal_id: 1 }],
  [
    'create-lead',
    { title: 't', person: 1, amount: 5, currency: 'EUR' },
    'POST /api/v1/leads',
    { title: 't', person_id: 1, value: { amount: 5, currency: 'EUR' } },
  ],
  [
    'create-activity',
    { subject: 's', kind: 'call', day: '2026-12-01', person: 7 },
    'POST /api/v2/activities',
    { subject: 's', type: 'call', due_date: '2026-12-01', participants: [{ person_id: 7, primary: true }] },
  ],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(pipedrive, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
})

it('a sign-in goes to the address of its company', async () => {
  const own = {
    type: 'pipedrive.oauth',
    secret: JSON.stringify({
      clientId: 'a',
      clientSecret: 'b',
      accessToken: 'T',
      domain: 'https://acme.pipedrive.com',
    }),
  }
  const { sent } = await sentByUs(pipedrive, 'list-deals', {}, { answers, account: own })
  expect(sent[0]?.authorization).toBe('Bearer T')
})

it('calls prove themselves with user and password, as Pipedrive signs nothing', async () => {
  const answer = () => ({ data: { id: 4 } })
  const { sent, subscribed } = await sentByTrigger(
    pipedrive,
    'entity-event',
    { kind: 'deal', action: '*' },
    { answers: answer, account, doing: 'subscribe' },
  )
  expect(subscribed).toEqual({ subscription: { id: 4 }, secret: 'hookline:sh' })
  expect(sent[0]?.body).toMatchObject({
    subscription_url: 'https://hooks.example/hooks/x',
    event_object: 'deal',
    http_auth_user: 'hookline',
    http_auth_password: 'sh',
  })
  expect(sent[1]?.path).toBe('/api/v1/webhooks/4')
})
