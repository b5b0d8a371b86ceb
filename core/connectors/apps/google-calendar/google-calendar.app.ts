import { createHash } from 'node:crypto'
import { type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { GOOGLE_ACCOUNTS, googleAnswers } from '../../providers/google.ts'
import { channelSample, channelTrigger } from '../../providers/google-changes.ts'
import { choice, json, longText, number, text, texts } from '../../service/fields.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { readPages } from '../../service/pages.ts'
import { keyOfParts, textAt } from '../../service/parts.ts'
import { pathPart } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const EVENTS = [
  'https://www.googleapis.com/auth/calendar.events',
  'https://www.googleapis.com/auth/calendar.calendarlist.readonly',
]
const READ = [
  'https://www.googleapis.com/auth/calendar.events.readonly',
  'https://www.googleapis.com/auth/calendar.calendarlist.readonly',
]

const calendar = text('Calendar', { placeholder: 'primary', from: { list: 'calendars' } })
const event = text('Event', { placeholder: '{{ event.id }}', help: 'Its id.' })

/** A day alone is an event that lasts all of it. */
const timeOf = (value: Json): Json => {
  const at = textOf(value).trim()
  return /^\d{4}-\d{2}-\d{2}$/.test(at) ? { date: at } : { dateTime: at }
}
const when = {
  placeholder: '2026-12-01T09:00:00+01:00',
  help: 'A day alone, as 2026-12-01, is an event that lasts all of it.',
  send: timeOf,
}
const sendUpdates = choice(
  'Invitations',
  { none: 'To nobody', all: 'To all guests', externalOnly: 'To guests from elsewhere' },
  { at: 'query', advanced: true },
)
const guests = texts('Guests', {
  as: 'attendees',
  optional: true,
  placeholder: 'ada@example.com',
  send: (value: Json) => (Array.isArray(value) ? value.map((email) => ({ email: textOf(email) })) : value),
})
const details = {
  description: longText('Description', { optional: true }),
  location: text('Place', { optional: true }),
  guests,
  repeat: texts('Repeats', {
    as: 'recurrence',
    optional: true,
    advanced: true,
    placeholder: 'RRULE:FREQ=WEEKLY;COUNT=4',
  }),
  more: json('More', {
    optional: true,
    advanced: true,
    at: 'nowhere',
    help: 'Other fields of an event, as Google names them.',
  }),
}
const pages: Pages = {
  items: 'items',
  size: { as: 'maxResults', most: 250 },
  next: { by: 'cursor', at: 'nextPageToken', as: 'pageToken' },
}
const stored = {
  id: '0s3f2a',
  status: 'confirmed',
  htmlLink: 'https://www.google.com/calendar/event?eid=…',
  summary: 'Call with Ada',
  start: { dateTime: '2026-12-01T09:00:00+01:00' },
  end: { dateTime: '2026-12-01T09:30:00+01:00' },
}
const withMore = (body: Json, { more }: { readonly more?: Json | undefined }): Json => ({
  ...Object(more ?? {}),
  ...Object(body),
})

/** Google Calendar (https://developers.google.com/workspace/calendar/api/v3/reference). */
export const googleCalendar = defineApp({
  id: 'google-calendar',
  title: 'Google Calendar',
  icon,
  hue,
  address: 'https://www.googleapis.com',
  account: 'needed',
  alsoTakes: GOOGLE_ACCOUNTS,
  takesKey: false,
  answers: googleAnswers,
  lists: {
    calendars: listOf({ request: 'GET /calendar/v3/users/me/calendarList', pages, value: 'id', label: 'summary' }),
  },
  triggers: [
    newItemTrigger({
      name: 'event-changed',
      title: 'New or changed event in Google Calendar',
      description: 'Starts for each event that is made, changed or cancelled.',
      keywords: ['meeting', 'appointment', 'created', 'updated'],
      scopes: READ,
      request: 'GET /calendar/v3/calendars/{calendar}/events?orderBy=updated&showDeleted=true&singleEvents=false',
      fields: { calendar },
      pages,
      most: 2_500,
      key: keyOfParts('id', 'updated'),
      sample: stored,
    }),
    channelTrigger({
      name: 'push',
      title: 'Google Calendar tells of a change',
      description: 'Starts at once when an event of a calendar is made or changed; a step after it reads which.',
      keywords: ['webhook', 'meeting', 'at once'],
      scopes: READ,
      fields: { calendar },
      watch: async ({ calendar: of }) => ({ path: `calendar/v3/calendars/${pathPart('calendar', of)}/events/watch` }),
      stop: 'calendar/v3/channels/stop',
      sample: channelSample('https://www.googleapis.com/calendar/v3/calendars/primary/events'),
    }),
    newItemTrigger({
      name: 'event-starts-soon',
      title: 'An event of Google Calendar is about to begin',
      description: 'Starts for each event some minutes before it begins.',
      keywords: ['meeting', 'reminder', 'upcoming'],
      scopes: READ,
      every: '1m',
      fields: { calendar, lead: number('Minutes before', { at: 'nowhere', min: 1, max: 10_080, placeholder: '10' }) },
      async list({ http, input, now }) {
        const lead = Number(input.lead ?? 10) * 60_000
        const { items } = await readPages(
          http,
          {
            path: `calendar/v3/calendars/${pathPart('calendar', input.calendar)}/events`,
            query: {
              singleEvents: true,
              orderBy: 'startTime',
              timeMin: new Date(now).toISOString(),
              timeMax: new Date(now + lead).toISOString(),
            },
          },
          pages,
          250,
        )
        // Those that have begun are in the answer as long as they last.
        return items.filter((one) => !(Date.parse(textAt(one, 'start.dateTime')) < now))
      },
      key: keyOfParts('id', 'start.dateTime'),
      sample: stored,
    }),
  ],
  actions: [
    operation({
      name: 'create-event',
      title: 'Create an event in Google Calendar',
      description: 'Puts an event into a calendar. A repeat does not make a second one.',
      keywords: ['meeting', 'appointment', 'add', 'schedule'],
      summary: '{title}',
      scopes: EVENTS,
      request: 'POST /calendar/v3/calendars/{calendar}/events',
      effect: 'keyed',
      // An id of our own (a to v, and digits): a second one with the same is refused.
      key: (key) => ({ id: createHash('sha256').update(key).digest('hex') }),
      body: withMore,
      fields: {
        calendar,
        title: text('Title', { as: 'summary' }),
        start: text('Begins', when),
        end: text('Ends', when),
        ...details,
        sendUpdates,
      },
      sample: stored,
    }),
    operation({
      name: 'list-events',
      title: 'Find events in Google Calendar',
      description: 'Reads the events of a time, in order; series as their single events.',
      keywords: ['get many', 'search', 'upcoming', 'agenda'],
      scopes: READ,
      request: 'GET /calendar/v3/calendars/{calendar}/events?singleEvents=true&orderBy=startTime',
      fields: {
        calendar,
        from: text('From', { as: 'timeMin', optional: true, placeholder: '2026-12-01T00:00:00+01:00' }),
        to: text('To', { as: 'timeMax', optional: true, placeholder: '2026-12-02T00:00:00+01:00' }),
        q: text('With the words', { optional: true }),
      },
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'get-event',
      title: 'Get an event from Google Calendar',
      description: 'Reads one event.',
      keywords: ['meeting', 'read'],
      scopes: READ,
      request: 'GET /calendar/v3/calendars/{calendar}/events/{event}',
      fields: { calendar, event },
      sample: stored,
    }),
    operation({
      name: 'update-event',
      title: 'Change an event in Google Calendar',
      description: 'Changes what is filled in; guests are replaced as a whole.',
      keywords: ['meeting', 'edit', 'move', 'reschedule'],
      scopes: EVENTS,
      request: 'PATCH /calendar/v3/calendars/{calendar}/events/{event}',
      effect: 'idempotent',
      body: withMore,
      fields: {
        calendar,
        event,
        title: text('Title', { as: 'summary', optional: true }),
        start: text('Begins', { ...when, optional: true }),
        end: text('Ends', { ...when, optional: true }),
        ...details,
        sendUpdates,
      },
      sample: stored,
    }),
    operation({
      name: 'delete-event',
      title: 'Delete an event from Google Calendar',
      description: 'Deletes an event.',
      keywords: ['meeting', 'cancel', 'remove'],
      scopes: EVENTS,
      request: 'DELETE /calendar/v3/calendars/{calendar}/events/{event}',
      fields: { calendar, event, sendUpdates },
      sample: {},
    }),
    operation({
      name: 'quick-add',
      title: 'Create an event from words in Google Calendar',
      description: 'Google reads day and time out of a sentence: “Call with Ada tomorrow 9am”.',
      keywords: ['natural language', 'meeting'],
      scopes: EVENTS,
      request: 'POST /calendar/v3/calendars/{calendar}/events/quickAdd',
      fields: { calendar, text: text('Words', { at: 'query' }), sendUpdates },
      sample: stored,
    }),
    operation({
      name: 'free-busy',
      title: 'Look when a calendar is free',
      description: 'Reads the times in which calendars are busy.',
      keywords: ['availability', 'slots', 'busy'],
      scopes: ['https://www.googleapis.com/auth/calendar.freebusy'],
      request: 'POST /calendar/v3/freeBusy',
      effect: 'none',
      fields: {
        from: text('From', { as: 'timeMin', placeholder: '2026-12-01T00:00:00+01:00' }),
        to: text('To', { as: 'timeMax', placeholder: '2026-12-02T00:00:00+01:00' }),
        calendars: texts('Calendars', {
          as: 'items',
          placeholder: 'primary',
          send: (value: Json) => (Array.isArray(value) ? value.map((id) => ({ id: textOf(id) })) : value),
        }),
      },
      sample: { calendars: { primary: { busy: [{ start: '2026-12-01T09:00:00Z', end: '2026-12-01T09:30:00Z' }] } } },
    }),
  ],
})
