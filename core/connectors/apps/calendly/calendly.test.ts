import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { calendly } from './calendly.app.ts'

const account = { type: 'calendly', secret: JSON.stringify({ token: 'T' }) }
const answers = ({ path, method }: { path: string; method: string }): Json =>
  path === '/users/me'
    ? {
        resource: {
          uri: 'https://api.calendly.com/users/U',
          current_organization: 'https://api.calendly.com/organizations/O',
        },
      }
    : path === '/webhook_subscriptions' && method === 'POST'
      ? { resource: { uri: 'https://api.calendly.com/webhook_subscriptions/W' } }
      : { collection: [{ uri: 'e1' }], pagination: { next_page_token: null } }
const me = 'user=https://api.calendly.com/users/U'

/** As Calendly documents them (developer.calendly.com/api-docs). */
it.each<[string, Record<string, Json>, ...(readonly unknown[])[]]>([
  [
    'list-events',
    { from: '2026-01-01', status: 'active', limit: 5 },
    ['GET /users/me'],
    [`GET /scheduled_events?count=5&min_start_time=2026-01-01T00:00:00.000Z&sort=start_time:asc&status=active&${me}`],
  ],
  [
    'list-invitees',
    { event: 'https://api.calendly.com/scheduled_events/E', limit: 5 },
    ['GET /scheduled_events/E/invitees?count=5'],
  ],
  ['list-event-types', { limit: 5 }, ['GET /users/me'], [`GET /event_types?count=5&${me}`]],
  [
    'available-times',
    { kind: 'https://api.calendly.com/event_types/K', from: '2026-12-01', to: '2026-12-02' },
    [
      'GET /event_type_available_times?end_time=2026-12-02T00:00:00.000Z&event_type=https://api.calendly.com/event_types/K&start_time=2026-12-01T00:00:00.000Z',
    ],
  ],
  [
    'single-use-link',
    { kind: 'K' },
    ['POST /scheduling_links', { max_event_count: 1, owner: 'K', owner_type: 'EventType' }],
  ],
  ['cancel-event', { event: 'E', reason: 'ill' }, ['POST /scheduled_events/E/cancellation', { reason: 'ill' }]],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(calendly, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual(expected)
})

it('bookings start runs, by being told and by asking', async () => {
  const { sent } = await sentByTrigger(
    calendly,
    'invitee',
    { when: 'invitee.created' },
    { answers, account, doing: 'subscribe' },
  )
  expect(sent.map(lineOf)).toEqual([
    ['GET /users/me'],
    [
      'POST /webhook_subscriptions',
      {
        url: 'https://hooks.example/hooks/x',
        events: ['invitee.created'],
        organization: 'https://api.calendly.com/organizations/O',
        user: 'https://api.calendly.com/users/U',
        scope: 'user',
        signing_key: 'sh',
      },
    ],
    ['DELETE /webhook_subscriptions/W'],
  ])
  const { events } = await sentByTrigger(calendly, 'new-event', {}, { answers, account })
  expect(events.map(({ key }) => key)).toEqual(['e1'])
})
