import { calendar as calendarOf } from '@googleapis/calendar'
import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { type Sent, sentByLibrary, sentByUs } from '../../service/test-judge.ts'
import { googleCalendar } from './google-calendar.app.ts'

const account = { type: 'google', secret: JSON.stringify({ clientId: 'a', clientSecret: 'b', accessToken: 'ya29.1' }) }
const answers = (): Json => ({ items: [] })
type Client = ReturnType<typeof calendarOf>
const bare = (sent: readonly Sent[]) => sent.map(({ authorization: _, ...rest }) => rest)
const START = '2026-12-01T09:00:00+01:00'

it.each<[string, Record<string, Json>, (client: Client, id: string) => Promise<unknown>]>([
  [
    'create-event',
    {
      calendar: 'ada@example.com',
      title: 'Call',
      start: START,
      end: '2026-12-01T09:30:00+01:00',
      guests: ['g@example.com'],
      sendUpdates: 'all',
    },
    ({ events }, id) =>
      events.insert({
        calendarId: 'ada@example.com',
        sendUpdates: 'all',
        requestBody: {
          summary: 'Call',
          start: { dateTime: START },
          end: { dateTime: '2026-12-01T09:30:00+01:00' },
          attendees: [{ email: 'g@example.com' }],
          id,
        },
      }),
  ],
  [
    'create-event',
    {
      calendar: 'primary',
      title: 'Off',
      start: '2026-12-24',
      end: '2026-12-25',
      more: { transparency: 'transparent' },
    },
    ({ events }, id) =>
      events.insert({
        calendarId: 'primary',
        sendUpdates: 'none',
        requestBody: {
          summary: 'Off',
          start: { date: '2026-12-24' },
          end: { date: '2026-12-25' },
          transparency: 'transparent',
          id,
        },
      }),
  ],
  [
    'list-events',
    { calendar: 'primary', from: START, q: 'x', limit: 20 },
    ({ events }) =>
      events.list({
        calendarId: 'primary',
        singleEvents: true,
        orderBy: 'startTime',
        timeMin: START,
        q: 'x',
        maxResults: 20,
      }),
  ],
  [
    'get-event',
    { calendar: 'primary', event: 'e1' },
    ({ events }) => events.get({ calendarId: 'primary', eventId: 'e1' }),
  ],
  [
    'update-event',
    { calendar: 'primary', event: 'e1', title: 'Moved' },
    ({ events }) =>
      events.patch({ calendarId: 'primary', eventId: 'e1', sendUpdates: 'none', requestBody: { summary: 'Moved' } }),
  ],
  [
    'delete-event',
    { calendar: 'primary', event: 'e1' },
    ({ events }) => events.delete({ calendarId: 'primary', eventId: 'e1', sendUpdates: 'none' }),
  ],
  [
    'free-busy',
    { from: START, to: '2026-12-02T00:00:00Z', calendars: ['primary'] },
    ({ freebusy }) =>
      freebusy.query({ requestBody: { timeMin: START, timeMax: '2026-12-02T00:00:00Z', items: [{ id: 'primary' }] } }),
  ],
])('%s as Google’s own library does: %j', async (uses, input, call) => {
  const { sent } = await sentByUs(googleCalendar, uses, input, { answers, account })
  const id = (sent[0]?.body as { id?: string } | null)?.id ?? ''
  const theirs = await sentByLibrary(
    (rootUrl) => call(calendarOf({ version: 'v3', rootUrl: `${rootUrl}/` }), id),
    answers,
  )
  expect(bare(sent)).toEqual(bare(theirs))
  if (uses === 'create-event') expect(id).toMatch(/^[0-9a-f]{64}$/)
})
