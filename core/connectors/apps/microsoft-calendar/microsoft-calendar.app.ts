import { StepError } from '../../../domain/runs/step-error.ts'
import { readDate } from '../../../domain/time/read-date.ts'
import { type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { GRAPH, graphPages, microsoftAnswers, recipients } from '../../providers/microsoft.ts'
import { changeSample, changesTrigger, deltaTrigger } from '../../providers/microsoft-changes.ts'
import { json, longText, moment, text, yesNo } from '../../service/fields.ts'
import { listOf, operation } from '../../service/operation.ts'
import { type Entered, pathPart } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const reads = { scopes: ['Calendars.Read'] }
const writes = { scopes: ['Calendars.ReadWrite'] }
const DAY_MS = 86_400_000
/** Days of the future that are looked at, and days until another window is. */
const AHEAD = 365
const KEPT = 90

const calendar = text('Calendar', {
  optional: true,
  at: 'nowhere',
  help: 'The usual one when empty.',
  from: { list: 'calendars' },
})
const event = text('Event', { placeholder: '{{ event.id }}', help: 'Its id.' })
const zone = text('Time zone', {
  optional: true,
  advanced: true,
  at: 'nowhere',
  placeholder: 'Europe/Berlin',
  help: 'Of begin and end; UTC when empty.',
})
const when = {
  at: 'nowhere' as const,
  placeholder: '2026-12-01T09:00:00',
  help: 'A time, without an offset in the time zone below.',
}
const details = {
  description: longText('Description', { optional: true, at: 'nowhere', help: 'Plain text, or HTML.' }),
  location: text('Place', { as: 'location.displayName', optional: true }),
  guests: text('Guests', {
    as: 'attendees',
    optional: true,
    placeholder: 'ada@example.com',
    help: 'With commas between several.',
    send: (value) => recipients(value).map((one) => ({ ...Object(one), type: 'required' })),
  }),
  allDay: yesNo('Lasts all day', { as: 'isAllDay', advanced: true }),
  online: yesNo('A Teams meeting', { as: 'isOnlineMeeting', advanced: true }),
  zone,
  more: json('More', {
    optional: true,
    advanced: true,
    at: 'nowhere',
    help: 'Other fields of an event, as Microsoft names them.',
  }),
}
const stored = {
  id: 'AAMkAGI2THVSAAA=',
  subject: 'Call with Ada',
  start: { dateTime: '2026-12-01T09:00:00.0000000', timeZone: 'UTC' },
  end: { dateTime: '2026-12-01T09:30:00.0000000', timeZone: 'UTC' },
  webLink: 'https://outlook.office365.com/owa/?itemid=…',
}
const keywords = ['meeting', 'appointment', 'outlook', 'office 365']

/** A time as Microsoft has it: without an offset, and beside it a zone. A time with an offset is one of UTC. */
function timeOf(given: Json, zoned: Json | undefined, title: string): Json {
  const said = textOf(given).trim()
  if (/^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?$/.test(said)) {
    const whole = said.length === 10 ? `${said}T00:00:00` : said.replace(' ', 'T')
    return { dateTime: whole, timeZone: textOf(zoned ?? 'UTC') }
  }
  const at = readDate(said, 'UTC')
  if (at === undefined) {
    const message = `"${title}" takes a time, such as 2026-12-01T09:00:00, but "${said}" came.`
    throw new StepError({ code: 'bad-input', message, retryable: false })
  }
  return { dateTime: new Date(at).toISOString().slice(0, 19), timeZone: 'UTC' }
}

/** An event as Microsoft has it, of what was entered. */
function eventOf(body: Json, { start, end, description, zone: of, more, online }: Entered): Json {
  const words = textOf(description ?? '')
  return {
    ...Object(more ?? {}),
    ...Object(body),
    ...(description !== undefined && {
      body: { contentType: /<\/?[a-z]/i.test(words) ? 'HTML' : 'Text', content: words },
    }),
    ...(start !== undefined && { start: timeOf(start, of, 'Begins') }),
    ...(end !== undefined && { end: timeOf(end, of, 'Ends') }),
    ...(online === true && { onlineMeetingProvider: 'teamsForBusiness' }),
  }
}

const eventsOf = (input: Entered): string =>
  input.calendar === undefined ? 'me/events' : `me/calendars/${pathPart('calendar', input.calendar)}/events`

/** Calendars of Outlook, by Microsoft Graph (https://learn.microsoft.com/en-us/graph/api/resources/calendar-overview). */
export const microsoftCalendar = defineApp({
  id: 'microsoft-calendar',
  title: 'Outlook calendar',
  icon,
  hue,
  address: GRAPH,
  account: 'needed',
  takesKey: false,
  alsoTakes: ['microsoft'],
  answers: microsoftAnswers,
  lists: {
    calendars: listOf({ request: 'GET /me/calendars', pages: graphPages(100), value: 'id', label: 'name' }),
  },
  triggers: [
    deltaTrigger({
      name: 'event-changed',
      title: 'New or changed event in the Outlook calendar',
      description: 'Starts for each event of the coming year that is made, changed or deleted.',
      keywords: [...keywords, 'created', 'updated'],
      ...reads,
      begin({ now }) {
        const day = now - (now % DAY_MS)
        const times = [day, day + AHEAD * DAY_MS].map((at) => new Date(at).toISOString())
        return `me/calendarView/delta?startDateTime=${times[0]}&endDateTime=${times[1]}`
      },
      // The window stays where it was, so another one is looked at before it is over.
      restartMs: KEPT * DAY_MS,
      key: (item) =>
        ['id', 'changeKey', '["@odata.etag"]', '["@removed"].reason']
          .map((name) => textOf(valueAt(item, readPath(name)) ?? ''))
          .join(' '),
      sample: stored,
    }),
    changesTrigger({
      name: 'push',
      title: 'The Outlook calendar tells of an event',
      description: 'Starts at once when an event is made or changed; a step after it reads that.',
      keywords: [...keywords, 'webhook', 'at once'],
      ...reads,
      resource: () => 'me/events',
      changes: 'created,updated',
      sample: changeSample(stored.id, 'Users/ddfcd489/Events/AAMkAGI2THVSAAA='),
    }),
  ],
  actions: [
    operation({
      name: 'create-event',
      title: 'Create an event in the Outlook calendar',
      description: 'Puts an event into a calendar. A repeat does not make a second one.',
      keywords: [...keywords, 'add', 'schedule'],
      summary: '{title}',
      effect: 'keyed',
      ...writes,
      fields: {
        calendar,
        title: text('Title', { as: 'subject' }),
        start: text('Begins', when),
        end: text('Ends', when),
        ...details,
      },
      sample: stored,
      async run({ http, input, idempotencyKey }) {
        const { title = '', location, guests, allDay, online } = input
        const own = {
          subject: title,
          ...(location !== undefined && { location: { displayName: location } }),
          ...(guests !== undefined && { attendees: details.guests.send?.(guests) ?? [] }),
          ...(allDay === true && { isAllDay: true }),
          ...(online === true && { isOnlineMeeting: true }),
          // What has been made with the same one is not made again.
          transactionId: idempotencyKey,
        }
        return (await http({ method: 'POST', path: eventsOf(input), body: eventOf(own, input) })).body
      },
    }),
    operation({
      name: 'list-view',
      title: 'Find events between two times in the Outlook calendar',
      description: 'Reads the events of a time, in order; series as their single events.',
      keywords: [...keywords, 'get many', 'agenda', 'upcoming'],
      summary: '{from}',
      ...reads,
      request: 'GET /me/calendarView?$orderby=start/dateTime',
      fields: {
        from: moment('From', { as: 'startDateTime', form: 'iso' }),
        to: moment('To', { as: 'endDateTime', form: 'iso' }),
        zone: text('Time zone', {
          as: 'Prefer',
          at: 'header',
          optional: true,
          advanced: true,
          placeholder: 'Europe/Berlin',
          help: 'In which the times are answered; UTC when empty.',
          send: (value) => `outlook.timezone="${textOf(value).replace(/["\\]/g, '')}"`,
        }),
      },
      pages: graphPages(500),
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'list-events',
      title: 'List events of the Outlook calendar',
      description: 'Reads events as they were made: a series is one of them.',
      keywords: [...keywords, 'get many', 'search'],
      ...reads,
      request: 'GET /me/events',
      fields: {
        filter: text('Only where', {
          as: '$filter',
          optional: true,
          placeholder: "startsWith(subject,'Call')",
          help: 'In the words of OData.',
        }),
        order: text('Order', { as: '$orderby', optional: true, advanced: true, placeholder: 'start/dateTime desc' }),
      },
      pages: graphPages(500),
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'get-event',
      title: 'Get an event from the Outlook calendar',
      description: 'Reads one event.',
      keywords: [...keywords, 'read'],
      ...reads,
      request: 'GET /me/events/{event}',
      fields: { event },
      sample: stored,
    }),
    operation({
      name: 'update-event',
      title: 'Change an event in the Outlook calendar',
      description: 'Changes what is filled in; guests are replaced as a whole.',
      keywords: [...keywords, 'edit', 'move', 'reschedule'],
      ...writes,
      request: 'PATCH /me/events/{event}',
      effect: 'idempotent',
      body: eventOf,
      fields: {
        event,
        title: text('Title', { as: 'subject', optional: true }),
        start: text('Begins', { ...when, optional: true }),
        end: text('Ends', { ...when, optional: true }),
        ...details,
      },
      sample: stored,
    }),
    operation({
      name: 'delete-event',
      title: 'Delete an event from the Outlook calendar',
      description: 'Deletes an event.',
      keywords: [...keywords, 'cancel', 'remove'],
      ...writes,
      request: 'DELETE /me/events/{event}',
      fields: { event },
      sample: {},
    }),
  ],
})
