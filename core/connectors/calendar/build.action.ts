import { createHash } from 'node:crypto'
import type { DateTime } from 'luxon'
import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { parseDuration } from '../../domain/time/duration.ts'
import { isJsonList, type Json, jsonSchema, textOf } from '../../domain/values/json.ts'
import { readMoment, zoneField } from '../date/moment.ts'
import { defineAction } from '../define.ts'
import { fileValueSchema, keepFile, sampleFile } from '../kit/file-value.ts'
import { switchField } from '../kit/from-text.ts'

const HOUR_MS = 3_600_000

const momentField = (title: string, description: string) =>
  jsonSchema.optional().meta({ title, description, ui: { widget: 'template', placeholder: '2026-11-30T09:30' } })
const textField = (title: string, placeholder: string, widget: 'template' | 'template-long' = 'template') =>
  jsonSchema.optional().meta({ title, ui: { widget, placeholder } })
const durationField = (title: string, description: string, placeholder: string) =>
  z
    .string()
    .refine((text) => text.trim() === '' || parseDuration(text) !== undefined, {
      error: 'must be a duration, such as 30m',
    })
    .optional()
    .meta({ title, description, ui: { widget: 'duration', placeholder } })

/** Makes an event as a calendar file, which every calendar opens. */
export const calendarBuild = defineAction({
  id: 'calendar.build',
  title: 'Make a calendar file',
  description: 'Makes an event as an .ics file, which calendars open and mails carry as an invitation.',
  keywords: ['ics', 'icalendar', 'calendar event', 'invite', 'appointment', 'invitation'],
  icon: 'calendar-check',
  category: 'data',
  summary: '{title}',
  effect: 'none',
  input: z.strictObject({
    title: jsonSchema
      .refine((value) => textOf(value).trim() !== '', { error: 'needs a text' })
      .meta({ title: 'Title', ui: { widget: 'template', placeholder: 'Call with {{ hook.body.name }}' } }),
    start: jsonSchema.meta({ title: 'Begins', ui: { widget: 'template', placeholder: '{{ hook.body.start }}' } }),
    end: momentField(
      'Ends',
      'An hour after it begins when empty, or at the end of the day for one that takes all of it.',
    ),
    duration: durationField('Or takes', 'In place of an end, such as 45m.', '45m'),
    allDay: switchField().prefault(false).meta({ title: 'All day', description: 'An end is then the last day of it.' }),
    location: textField('Place', 'Room 4'),
    description: textField('Description', 'We talk about …', 'template-long'),
    url: textField('Address', 'https://example.com/meet'),
    organizer: textField('Organizer', 'ada@example.com'),
    attendees: jsonSchema.optional().meta({
      title: 'Who is invited',
      description: 'Addresses, with commas between several or as a list. It is then an invitation.',
      ui: { widget: 'template', placeholder: 'grace@example.com' },
    }),
    reminder: durationField('Remind', 'So long before it begins.', '15m'),
    uid: jsonSchema.optional().meta({
      title: 'Id',
      description: 'The same id changes an event that was sent before. Made of the other fields when empty.',
      ui: { widget: 'template', advanced: true },
    }),
    filename: z
      .string()
      .max(200)
      .default('event.ics')
      .meta({ title: 'Name of the file', ui: { widget: 'template', advanced: true } }),
    timezone: zoneField,
  }),
  output: z.object({ text: z.string(), file: fileValueSchema, uid: z.string() }),
  sample: {
    text: 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\n…',
    file: sampleFile('event.ics', 412),
    uid: '3f2a9c@hookline.local',
  },
  async run(ctx) {
    const { input, large, clock } = ctx
    const read = (value: Json): DateTime => readMoment(value, ctx, { timezone: input.timezone })
    const start = read(input.start)
    const times = input.allDay
      ? days(start, isEmpty(input.end) ? start : read(input.end ?? null))
      : hours(start, endOf(input, start, read))
    const guests = addressesIn(input.attendees)
    const organizer = addressesIn(input.organizer)[0]
    const facts = [
      ['SUMMARY', wordsOf(input.title)],
      ['LOCATION', wordsOf(input.location)],
      ['DESCRIPTION', wordsOf(input.description)],
    ].filter(([, text]) => text !== '')
    const url = textOf(input.url ?? '').trim()
    const body = [
      ...times,
      ...facts.map(([name, text]) => `${name}:${text}`),
      ...(url === '' ? [] : [`URL:${plainLine(url)}`]),
      ...(organizer === undefined ? [] : [`ORGANIZER:mailto:${organizer}`]),
      ...guests.map((guest) => `ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:${guest}`),
    ]
    const uid = isEmpty(input.uid)
      ? `${createHash('sha256').update(body.join('\n')).digest('hex').slice(0, 24)}@hookline.local`
      : plainLine(textOf(input.uid ?? ''))
    const alarm = input.reminder?.trim() ? (parseDuration(input.reminder) ?? 0) : null
    const lines = [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Hookline//EN',
      'CALSCALE:GREGORIAN',
      `METHOD:${guests.length > 0 && organizer !== undefined ? 'REQUEST' : 'PUBLISH'}`,
      'BEGIN:VEVENT',
      `UID:${uid}`,
      `DTSTAMP:${new Date(clock.now()).toISOString().replace(/[-:]|\.\d{3}/g, '')}`,
      ...body,
      ...(alarm === null
        ? []
        : [
            'BEGIN:VALARM',
            'ACTION:DISPLAY',
            `DESCRIPTION:${wordsOf(input.title)}`,
            `TRIGGER:-PT${Math.round(alarm / 60_000)}M`,
            'END:VALARM',
          ]),
      'END:VEVENT',
      'END:VCALENDAR',
    ]
    const text = `${lines.map(folded).join('\r\n')}\r\n`
    const file = await keepFile(large, input.filename.trim() || 'event.ics', text, 'text/calendar; charset=utf-8')
    return { output: { text, file, uid } }
  },
})

const isEmpty = (value: Json | undefined): boolean =>
  value === undefined || value === null || textOf(value).trim() === ''

function endOf(
  { end, duration }: { readonly end?: Json | undefined; readonly duration?: string | undefined },
  start: DateTime,
  read: (value: Json) => DateTime,
): DateTime {
  if (!isEmpty(end) && duration?.trim()) throw refusal('An end and a duration are given: leave one of them empty.')
  const at = isEmpty(end)
    ? start.plus(duration?.trim() ? (parseDuration(duration) ?? HOUR_MS) : HOUR_MS)
    : read(end ?? null)
  if (at < start) throw refusal('The event ends before it begins: look at both times.')
  return at
}

/** Times in UTC, which need no description of a zone. */
function hours(start: DateTime, end: DateTime): string[] {
  const utc = (at: DateTime): string => at.toUTC().toFormat("yyyyMMdd'T'HHmmss'Z'")
  return [`DTSTART:${utc(start)}`, `DTEND:${utc(end)}`]
}

/** Whole days; the end of a calendar file is the day after the last one. */
function days(start: DateTime, last: DateTime): string[] {
  if (last.startOf('day') < start.startOf('day')) throw refusal('The event ends before it begins: look at both days.')
  const day = (at: DateTime): string => at.toFormat('yyyyMMdd')
  return [`DTSTART;VALUE=DATE:${day(start)}`, `DTEND;VALUE=DATE:${day(last.plus({ days: 1 }))}`]
}

function refusal(message: string): StepError {
  return new StepError({ code: 'bad-input', message, retryable: false })
}

/** Text as RFC 5545 has it (3.3.11), so that nothing in it begins a line of its own. */
function wordsOf(value: Json | undefined): string {
  const text = value === undefined || value === null ? '' : textOf(value)
  return visible(text.replaceAll('\r\n', '\n').replaceAll('\r', '\n'))
    .replace(/[\\;,]/g, '\\$&')
    .replaceAll('\n', '\\n')
}

/** One line, whatever came. */
const plainLine = (text: string): string => visible(text.trim()).replaceAll(/[\r\n]+/g, ' ')

/** Without control characters, which no calendar file may hold. */
function visible(text: string): string {
  return [...text].filter((char) => char === '\n' || char === '\t' || (char >= ' ' && char !== '\u007f')).join('')
}

function addressesIn(value: Json | undefined): string[] {
  const texts =
    value === undefined || value === null ? [] : isJsonList(value) ? value.map(textOf) : textOf(value).split(',')
  const found = texts.map((text) => (/<([^<>]+)>\s*$/.exec(text)?.[1] ?? text).trim()).filter((text) => text !== '')
  const wrong = found.find((text) => text.length > 254 || !/^[^\s@"<>,;:]+@[^\s@"<>,;:]+$/.test(text))
  if (wrong !== undefined) throw refusal(`"${wrong.slice(0, 100)}" is no mail address, such as ada@example.com.`)
  return found
}

/** Lines of 75 bytes at most, cut between characters (RFC 5545, 3.1). */
function folded(line: string): string {
  if (line.length <= 24) return line
  const parts: string[] = []
  let part = ''
  let bytes = 0
  for (const char of line) {
    const size = Buffer.byteLength(char, 'utf8')
    if (bytes + size > 74) {
      parts.push(part)
      part = ''
      bytes = 0
    }
    part += char
    bytes += size
  }
  return [...parts, part].join('\r\n ')
}
