import { expect, test } from 'vitest'
import type { Json } from '../../domain/values/json.ts'
import { reference } from '../../domain/values/large-value.ts'
import { runAction } from '../test-context.ts'
import { calendarBuild } from './build.action.ts'

const build = async (input: Record<string, Json>) => {
  const large = {
    keep: async () => reference({ $blob: '0'.repeat(64), bytes: 1, type: 'bytes' }),
    read: async () => Buffer.alloc(0),
    readJson: async () => ({ kind: 'no-json' as const }),
    stream: () => {
      throw new Error('nothing is read')
    },
  }
  const { output } = await runAction(
    calendarBuild,
    { title: 'A call', start: '2026-11-30T09:30', timezone: 'Europe/Berlin', ...input },
    { large },
  )
  return (output as { text: string }).text
}
/** The lines as a calendar reads them. */
const linesOf = (text: string): string[] => text.replaceAll('\r\n ', '').split('\r\n')

test('an event is written as calendars read it, in UTC, with what is needed and nothing else', async () => {
  const text = await build({
    duration: '45m',
    location: 'Room 4; 2nd floor, left',
    reminder: '15m',
    attendees: 'Grace <grace@example.com>, b@example.com',
    organizer: 'ada@example.com',
  })
  expect(linesOf(text)).toEqual(
    expect.arrayContaining([
      'METHOD:REQUEST',
      'DTSTART:20261130T083000Z',
      'DTEND:20261130T091500Z',
      'SUMMARY:A call',
      'LOCATION:Room 4\\; 2nd floor\\, left',
      'TRIGGER:-PT15M',
      'ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:grace@example.com',
      'DTSTAMP:20261124T090000Z',
    ]),
  )
  expect(text).toMatch(/^BEGIN:VCALENDAR\r\n.*\r\nEND:VCALENDAR\r\n$/s)
  const day = linesOf(await build({ start: '2026-10-25', end: '2026-10-26', allDay: true }))
  expect(day).toEqual(
    expect.arrayContaining(['METHOD:PUBLISH', 'DTSTART;VALUE=DATE:20261025', 'DTEND;VALUE=DATE:20261027']),
  )
})

test('text from outside makes no line of its own, and lines are short however wide their characters are', async () => {
  const text = await build({
    title: 'Hi\r\nBEGIN:VALARM\nx',
    url: 'https://a/\r\nATTENDEE:mailto:x@y',
    description: `${'🎉ü'.repeat(60)}\u0000\\,;`,
  })
  expect(linesOf(text)).toEqual(
    expect.arrayContaining(['SUMMARY:Hi\\nBEGIN:VALARM\\nx', `DESCRIPTION:${'🎉ü'.repeat(60)}\\\\\\,\\;`]),
  )
  expect(text).not.toMatch(/^(?:BEGIN:VALARM|ATTENDEE)/m)
  for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
})

test.each<[string, Record<string, Json>, RegExp]>([
  ['an end before the beginning', { end: '2026-11-30T09:00' }, /ends before it begins/],
  ['an end and a duration', { end: '2026-11-30T10:00', duration: '1h' }, /leave one of them empty/],
  ['no date', { start: 'soon' }, /soon/],
  ['no address', { attendees: 'Grace' }, /is no mail address/],
])('%s is told', async (_words, input, message) => {
  await expect(build(input)).rejects.toThrow(message)
})
