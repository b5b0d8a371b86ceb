import { describe, expect, it } from 'vitest'
import { scheduleCron } from './cron.trigger.ts'

/** The next due times after a moment, as ISO 8601. */
function next(input: Record<string, unknown>, after: string, count: number, zone = 'UTC'): string[] {
  if (scheduleCron.source.from !== 'schedule') throw new Error('not a schedule')
  const timetable = scheduleCron.source.timetable(scheduleCron.input.parse(input), zone)
  const due: string[] = []
  let at: number | null = Date.parse(after)
  while (due.length < count) {
    at = timetable.next(at)
    if (at === null) break
    due.push(new Date(at).toISOString().replace(':00.000Z', 'Z'))
  }
  return due
}

describe('a cron expression', () => {
  it('follows the zone of the step, or else of the zap', () => {
    const cron = '0 9 * * 1-5'
    expect(next({ cron, timezone: 'Asia/Kolkata' }, '2026-11-20T12:00:00Z', 2)).toEqual([
      '2026-11-23T03:30Z',
      '2026-11-24T03:30Z',
    ])
    expect(next({ cron }, '2026-11-20T12:00:00Z', 1, 'America/New_York')).toEqual(['2026-11-20T14:00Z'])
  })

  it('comes after the moment that it is asked about, to the millisecond', () => {
    const cron = '*/5 * * * *'
    expect(next({ cron }, '2026-11-24T09:00:00.000Z', 1)).toEqual(['2026-11-24T09:05Z'])
    expect(next({ cron }, '2026-11-24T09:04:59.999Z', 1)).toEqual(['2026-11-24T09:05Z'])
    expect(next({ cron }, '2026-11-24T09:05:00.500Z', 1)).toEqual(['2026-11-24T09:10Z'])
  })

  // New York 2026: clocks jump from 2:00 to 3:00 on 8 March and fall back from 2:00 to 1:00 on 1 November.
  it('runs a fixed time that spring skips when the clock has jumped', () => {
    const input = { cron: '30 2 * * *', timezone: 'America/New_York' }
    expect(next(input, '2026-03-07T12:00:00Z', 3)).toEqual([
      '2026-03-08T07:00Z',
      '2026-03-09T06:30Z',
      '2026-03-10T06:30Z',
    ])
  })

  it('runs a fixed time that autumn repeats once', () => {
    const input = { cron: '30 1 * * *', timezone: 'America/New_York' }
    expect(next(input, '2026-10-31T12:00:00Z', 2)).toEqual(['2026-11-01T05:30Z', '2026-11-02T06:30Z'])
  })

  it('goes on through both where it is an interval', () => {
    const input = { cron: '*/30 * * * *', timezone: 'America/New_York' }
    expect(next(input, '2026-03-08T06:15:00Z', 3)).toEqual([
      '2026-03-08T06:30Z',
      '2026-03-08T07:00Z',
      '2026-03-08T07:30Z',
    ])
    expect(next(input, '2026-11-01T05:15:00Z', 4)).toEqual([
      '2026-11-01T05:30Z',
      '2026-11-01T06:00Z',
      '2026-11-01T06:30Z',
      '2026-11-01T07:00Z',
    ])
  })

  it('may have seconds', () => {
    expect(next({ cron: '15 0 9 * * *' }, '2026-11-24T08:00:00Z', 1)).toEqual(['2026-11-24T09:00:15.000Z'])
  })
})

describe('an interval', () => {
  it('is counted from 1970, so that a restart does not shift it', () => {
    expect(next({ every: '5m' }, '2026-11-24T09:03:21.123Z', 3)).toEqual([
      '2026-11-24T09:05Z',
      '2026-11-24T09:10Z',
      '2026-11-24T09:15Z',
    ])
    expect(next({ every: '5m' }, '2026-11-24T09:05:00Z', 1)).toEqual(['2026-11-24T09:10Z'])
    expect(next({ every: '1d' }, '2026-11-24T09:05:00Z', 1)).toEqual(['2026-11-25T00:00Z'])
  })
})

describe('the input', () => {
  it.each<[string, Record<string, unknown>]>([
    ['neither', {}],
    ['both', { cron: '* * * * *', every: '5m' }],
    ['too often', { every: '500ms' }],
    ['no duration', { every: 'often' }],
    ['no expression', { cron: 'every day' }],
    ['four fields', { cron: '* * * *' }],
    ['a date', { cron: '2026-11-24T09:00:00Z' }],
    ['a date that never comes', { cron: '0 0 30 2 *' }],
    ['an unknown zone', { cron: '* * * * *', timezone: 'Mars/Olympus' }],
    ['a template', { cron: '{{ x }} * * * *' }],
    ['an unknown policy', { every: '5m', missed: 'twice' }],
  ])('is refused with %s', (_name, input) => {
    expect(scheduleCron.input.safeParse(input).success).toBe(false)
  })

  it('misses once unless told otherwise', () => {
    expect(scheduleCron.input.parse({ every: '1h30m' })).toEqual({ every: '1h30m', missed: 'once' })
  })
})
