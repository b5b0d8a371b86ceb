import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { microsoftCalendar } from './microsoft-calendar.app.ts'

const account = { type: 'microsoft', secret: JSON.stringify({ clientId: 'a', accessToken: 'AT' }) }
const answers = (): Json => ({ id: 'e1', value: [{ id: 'e1', changeKey: 'k' }] })
const times = { start: '2026-12-01T09:00:00', end: '2026-12-01T10:00:00+01:00' }
const sentTimes = {
  start: { dateTime: '2026-12-01T09:00:00', timeZone: 'Europe/Berlin' },
  end: { dateTime: '2026-12-01T09:00:00', timeZone: 'UTC' },
}

/** As Microsoft’s own library sends them. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'create-event',
    { calendar: 'c', title: 't', ...times, zone: 'Europe/Berlin', guests: 'a@b.c', location: 'x', online: true },
    'POST /v1.0/me/calendars/c/events',
    expect.objectContaining({
      subject: 't',
      ...sentTimes,
      location: { displayName: 'x' },
      attendees: [{ emailAddress: { address: 'a@b.c' }, type: 'required' }],
      isOnlineMeeting: true,
      onlineMeetingProvider: 'teamsForBusiness',
      transactionId: expect.stringMatching(/./),
    }),
  ],
  [
    'list-view',
    { from: '2026-12-01', to: '2026-12-02', limit: 5 },
    'GET /v1.0/me/calendarView?$orderby=start/dateTime&$top=5&endDateTime=2026-12-02T00:00:00.000Z&startDateTime=2026-12-01T00:00:00.000Z',
  ],
  ['list-events', { filter: 'x', limit: 5 }, 'GET /v1.0/me/events?$filter=x&$top=5'],
  ['get-event', { event: 'e1' }, 'GET /v1.0/me/events/e1'],
  [
    'update-event',
    { event: 'e1', title: 't', description: '<p>Hi</p>', start: '2026-12-01' },
    'PATCH /v1.0/me/events/e1',
    {
      subject: 't',
      body: { contentType: 'HTML', content: '<p>Hi</p>' },
      start: { dateTime: '2026-12-01T00:00:00', timeZone: 'UTC' },
    },
  ],
  ['delete-event', { event: 'e1' }, 'DELETE /v1.0/me/events/e1'],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(microsoftCalendar, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
})

it.each(['soon', '2026-13-41T99:00:00Z'])('a time that is none (%s) is said', async (start) => {
  await expect(
    sentByUs(microsoftCalendar, 'create-event', { title: 't', start, end: '2026-12-01' }, { answers, account }),
  ).rejects.toMatchObject({ details: { code: 'bad-input', message: expect.stringContaining('Begins') } })
})

it('changes of the coming year are asked for', async () => {
  const { sent, events } = await sentByTrigger(microsoftCalendar, 'event-changed', {}, { answers, account })
  expect(sent.map(lineOf)).toEqual([
    ['GET /v1.0/me/calendarView/delta?endDateTime=2027-11-30T00:00:00.000Z&startDateTime=2026-11-30T00:00:00.000Z'],
  ])
  expect(events.map(({ key }) => key)).toEqual(['e1 k  '])
})

it('an address that Microsoft has forgotten is begun anew, and one that goes on is gone on with', async () => {
  const trigger = microsoftCalendar.connectors.find(({ id }) => id === 'microsoft-calendar.event-changed')
  if (trigger?.kind !== 'trigger' || trigger.source.from !== 'poll') throw new Error('it does not poll')
  const { source } = trigger
  const asked: string[] = []
  const begun = { link: 'https://graph.microsoft.com/v1.0/me/calendarView/delta?$deltatoken=1', began: 0 }
  const poll = (cursor: Json, answerOf: (url: string) => { status: number; body: Json }) => {
    const http = async ({ url }: { readonly url: string }) => {
      asked.push(url.includes('deltatoken') ? 'goes on' : 'begins')
      const { status, body } = answerOf(url)
      const headers = { 'content-type': 'application/json' }
      return { status, headers, cookies: [], body: Buffer.from(JSON.stringify(body)), url, isWithoutSecrets: false }
    }
    const context = { http, large: {}, clock: { now: () => 1_000 }, credential: async () => account, cursor }
    return source.poll({ ...context, input: trigger.input.parse({ account: { $credential: 'x' } }) } as never)
  }
  const listed = { value: [{ id: 'e1' }], '@odata.deltaLink': 'https://graph.microsoft.com/v1.0/x?$deltatoken=2' }
  const on = await poll(begun, () => ({ status: 200, body: listed }))
  expect(on.cursor).toEqual({ link: listed['@odata.deltaLink'], began: 0 })
  await poll(begun, (url) => (url.includes('deltatoken') ? { status: 410, body: {} } : { status: 200, body: listed }))
  await poll({ link: '', began: 0 }, () => ({ status: 200, body: listed }))
  expect(asked).toEqual(['goes on', 'goes on', 'begins', 'begins'])
})
