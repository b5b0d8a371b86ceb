import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { parseTemplate } from './template.ts'

const own = process.env.TZ
afterEach(() => {
  if (own === undefined) delete process.env.TZ
  else process.env.TZ = own
})

const scope = { now: '2026-11-26T09:30:00.123Z', zap: { timezone: 'Europe/Berlin' } }
function date(value: unknown, format: string, zone?: string | number, timezone = 'Europe/Berlin'): unknown {
  const to = zone === undefined ? '' : `, ${JSON.stringify(zone)}`
  const text = `{{ v | date: f${to} }}`
  return parseTemplate(text).render({ ...scope, zap: { timezone }, v: value, f: format })
}

describe.each(['UTC', 'America/Los_Angeles', 'Pacific/Kiritimati', 'Europe/Berlin', 'Australia/Lord_Howe'])(
  'on a computer in %s',
  (host) => {
    it.each<[unknown, string]>([
      ['2026-11-26', '2026-11-26 00:00:00 +0100'],
      ['2026-11-26T09:30', '2026-11-26 09:30:00 +0100'],
      ['2026-11-26 09:30:15', '2026-11-26 09:30:15 +0100'],
      ['2026-11-26T09:30:15.250Z', '2026-11-26 10:30:15 +0100'],
      ['2026-11-26T09:30:15+05:30', '2026-11-26 05:00:15 +0100'],
      ['2026-11-26T09:30:15-0800', '2026-11-26 18:30:15 +0100'],
      ['2026-11-26 09:30:15 UTC', '2026-11-26 10:30:15 +0100'],
      ['2026/11/26', '2026-11-26 00:00:00 +0100'],
      ['20261126T093000Z', '2026-11-26 10:30:00 +0100'],
      ['Thu, 26 Nov 2026 09:30:00 GMT', '2026-11-26 10:30:00 +0100'],
      ['26 Nov 2026 09:30:00 +0200', '2026-11-26 08:30:00 +0100'],
      ['November 26, 2026', '2026-11-26 00:00:00 +0100'],
      ['Nov 26, 2026 9:30 PM', '2026-11-26 21:30:00 +0100'],
      ['Thu Nov 26 2026 09:30:00 GMT+0100 (Central European Standard Time)', '2026-11-26 09:30:00 +0100'],
      [1_795_685_400, '2026-11-26 10:30:00 +0100'],
      ['1795685400', '2026-11-26 10:30:00 +0100'],
      [1_795_685_400_123, '2026-11-26 10:30:00 +0100'],
      ['1795685400123', '2026-11-26 10:30:00 +0100'],
      [0, '1970-01-01 01:00:00 +0100'],
      [-1, '1970-01-01 00:59:59 +0100'],
      ['now', '2026-11-26 10:30:00 +0100'],
      // Around changes of clocks, those here and those of hosts.
      ['2026-03-29T00:59:59Z', '2026-03-29 01:59:59 +0100'],
      ['2026-03-29T01:00:00Z', '2026-03-29 03:00:00 +0200'],
      ['2026-03-29T02:30', '2026-03-29 03:00:00 +0200'],
      ['2026-10-25T00:30:00Z', '2026-10-25 02:30:00 +0200'],
      ['2026-10-25T01:30:00Z', '2026-10-25 02:30:00 +0100'],
      ['2026-03-08T10:30:00Z', '2026-03-08 11:30:00 +0100'],
      ['2026-11-01T09:30:00Z', '2026-11-01 10:30:00 +0100'],
      ['0050-01-01T00:00:00Z', '0050-01-01 00:53:28 +0053'],
    ])('%s is %s', (value, expected) => {
      process.env.TZ = host
      expect(date(value, '%Y-%m-%d %H:%M:%S %z')).toBe(expected)
    })

    it('other date filters go by the same clocks', () => {
      process.env.TZ = host
      const of = (filter: string) => parseTemplate(`{{ "2026-11-26T23:30:00Z" | ${filter} }}`).render(scope)
      expect(of('date_to_xmlschema')).toBe('2026-11-27T00:30:00+01:00')
      expect(of('date_to_rfc822')).toBe('Fri, 27 Nov 2026 00:30:00 +0100')
      expect(of('date_to_string')).toBe('27 Nov 2026')
      expect(of('date_to_long_string')).toBe('27 November 2026')
      expect(of('date_to_string: "ordinal", "US"')).toBe('Nov 27th, 2026')
      expect(of('date_to_long_string: "ordinal"')).toBe('27th November 2026')
      expect(of('date')).toBe('Friday, November 27, 2026 at 12:30 am +0100')
    })
  },
)

describe('a format', () => {
  it.each<[string, string]>([
    ['%F %T %R %D', '2026-01-03 07:05:09 07:05 01/03/26'],
    ['%V %G %g', '01 2026 26'],
    ['%v|%x|%X', ' 3-JAN-2026|01/03/26|07:05:09'],
    ['%c', 'Sat Jan  3 07:05:09 2026'],
    ['%e|%k|%l|%-d|%_m|%05d|%3e', ' 3| 7| 7|3| 1|00003|  3'],
    ['%I %p %P %r %#p', '07 AM am 07:05:09 AM am'],
    ['%z %:z %::z %s', '+0100 +01:00 +01:00:00 1767420309'],
    ['%L %N %3N %6N %1L', '045 045000000 045 045000 0'],
    ['%j %U %W %u %w %q', '003 00 00 6 6 rd'],
    ['%A %a %B %b %h %^a %^B %#a', 'Saturday Sat January Jan Jan SAT JANUARY SAT'],
    ['%C %y %Y', '20 26 2026'],
    ['%n|%t|%%|100%', '\n|\t|%|100%'],
    ['%Q %', '%Q %'],
    ['%12F', '  2026-01-03'],
    ['', ''],
  ])('%s', (format, expected) => {
    expect(date('2026-01-03T07:05:09.045', format)).toBe(expected)
  })

  it('has the weeks of ISO 8601 at both ends of a year', () => {
    const weeks = ['2024-12-30', '2026-12-31', '2027-01-01', '2027-01-03', '2027-01-04', '2021-01-03']
    expect(weeks.map((day) => date(day, '%G-W%V-%u'))).toEqual([
      '2025-W01-1',
      '2026-W53-4',
      '2026-W53-5',
      '2026-W53-7',
      '2027-W01-1',
      '2020-W53-7',
    ])
  })

  it('takes another zone, by its name or minutes west of UTC', () => {
    const noon = '2026-07-01T12:00:00Z'
    expect(date(noon, '%R %z', 'America/New_York')).toBe('08:00 -0400')
    expect(date(noon, '%R %z %Z', 'Asia/Kolkata')).toBe('17:30 +0530 GMT+5:30')
    expect(date(noon, '%R %Z', 'America/New_York')).toBe('08:00 EDT')
    expect(date(noon, '%R', 360)).toBe('06:00')
    expect(date(noon, '%R', '+02:00')).toBe('14:00')
    expect(date(noon, '%R', undefined, 'Asia/Tokyo')).toBe('21:00')
    expect(date('2026-07-01', '%F', 'America/New_York')).toBe('2026-07-01')
  })
})

describe('what is no date', () => {
  it.each<[unknown, string]>([
    ['tomorrow', '“tomorrow” is not a date'],
    ['order 5', '“order 5” is not a date'],
    ['2026-02-30', '“2026-02-30” is not a date'],
    ['2026-13-01', 'is not a date'],
    ['2026-11-26T25:00', 'is not a date'],
    ['03/04/2026', '“03/04/2026” is not a date'],
    ['26 Foo 2026', 'is not a date'],
    ['', 'An empty text is not a date'],
    [null, 'There is no date (null)'],
    [true, '“true” is not a date'],
    [{ a: 1 }, 'is not a date'],
    [1e300, 'is not a date'],
    ['9'.repeat(50_000), 'is not a date'],
  ])('%j is named', (value, reason) => {
    expect(() => date(value, '%F')).toThrow(reason)
  })

  it('an unknown zone is named, and so is a width beyond measure', () => {
    expect(() => date('2026-11-26', '%F', 'Mars/Olympus')).toThrow('“Mars/Olympus” is not a known time zone')
    expect(() => date('2026-11-26', '%F', 5_000)).toThrow('is not a known time zone')
    expect(() => date('2026-11-26', '%999999999d')).toThrow('wider than 100')
  })
})

it('reads back what it writes, in any zone', () => {
  const zones = ['UTC', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Apia', 'Africa/Casablanca', 'Australia/Lord_Howe']
  const seconds = fc.integer({ min: -2_000_000_000, max: 4_000_000_000 })
  fc.assert(
    fc.property(seconds, fc.constantFrom(...zones), fc.constantFrom(...zones), (at, zone, other) => {
      for (const format of ['%FT%T%::z', '%a, %d %b %Y %T %z']) {
        // Before there was railway time, zones differ by seconds, which neither format can say.
        if (Number(String(date(at, '%::z', zone)).slice(-2)) !== 0) continue
        const text = String(date(at, format.replace('::', ':'), zone))
        expect(date(text, '%s', other)).toBe(String(at))
      }
    }),
  )
})

describe('how long ago', () => {
  const ago = (at: unknown) => parseTemplate('{{ v | ago }}').render({ ...scope, v: at })

  it.each([
    ['2026-11-26T09:30:00.123Z', 'just now'],
    ['2026-11-26T09:29:30Z', 'just now'],
    ['2026-11-26T09:29:00Z', '1 minute ago'],
    ['2026-11-26T06:00:00Z', '3 hours ago'],
    ['2026-11-24T09:00:00Z', '2 days ago'],
    ['2026-11-26T12:31:00Z', 'in 3 hours'],
    ['2026-09-01', '2 months ago'],
    ['2024-11-01', '2 years ago'],
    ['now', 'just now'],
  ])('%s is %s', (at, words) => {
    expect(ago(at)).toBe(words)
  })

  it('is the mirror of what is to come, and names what is no date', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60_001, max: 1e12 }), (ms) => {
        const now = Date.parse(scope.now)
        const words = (at: number): string => String(ago(new Date(at).toISOString()))
        expect(words(now + ms)).toBe(`in ${words(now - ms).replace(' ago', '')}`)
      }),
    )
    expect(() => ago('soon')).toThrow(/soon/)
  })
})
