import type { DurationLikeObject } from 'luxon'
import { z } from 'zod'
import { defineAction } from '../define.ts'
import { dateField, MOMENT_SAMPLE, momentOf, momentOutput, readMoment, zoneField } from './moment.ts'

/** Units as people write them. Months and years are as long as the calendar says; so are days, where clocks are changed. */
const UNITS: Readonly<Record<string, keyof DurationLikeObject>> = {
  ms: 'milliseconds',
  s: 'seconds',
  m: 'minutes',
  h: 'hours',
  d: 'days',
  w: 'weeks',
  mo: 'months',
  q: 'quarters',
  y: 'years',
}

const NAMES = ['milliseconds', 'seconds', 'minutes', 'hours', 'days', 'weeks', 'months', 'quarters', 'years'] as const
const PLACES = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const
const TARGETS = PLACES.flatMap((place) => [`start-of-${place}` as const, `end-of-${place}` as const])

/** A count of a unit that is one capital M: months to many, minutes to others. */
const CAPITAL_M = /\d\s*M(?![a-zA-Z])/

const WHAT = 'must be a length of time, such as 3d, -2h30m, 1mo or 1y'

/** Each part a number and a unit; a sign before the first one counts for all of them. */
function readShift(written: string): DurationLikeObject | undefined {
  if (CAPITAL_M.test(written)) return undefined
  const text = written.toLowerCase().replaceAll(/\s/g, '')
  const sign = text.startsWith('-') ? -1 : 1
  const bare = /^[+-]/.test(text) ? text.slice(1) : text
  const shift: Partial<Record<keyof DurationLikeObject, number>> = {}
  let end = 0
  for (const [whole, count = '', word = ''] of bare.matchAll(/(\d{1,9}(?:\.\d{1,9})?)([a-z]{1,12})/gy)) {
    const unit =
      (Object.hasOwn(UNITS, word) ? UNITS[word] : undefined) ??
      NAMES.find((name) => name === word || name === `${word}s`)
    if (unit === undefined || shift[unit] !== undefined) return undefined
    shift[unit] = sign * Number(count)
    end += whole.length
  }
  return end > 0 && end === bare.length ? shift : undefined
}

const shiftSchema = z.union(
  [
    z
      .string()
      .max(100)
      .transform((text, check): DurationLikeObject => {
        const shift = readShift(text)
        if (shift !== undefined) return shift
        check.addIssue({ code: 'custom', message: WHAT })
        return z.NEVER
      }),
    z
      .partialRecord(z.enum(NAMES), z.number().min(-1e9).max(1e9))
      .refine((shift) => Object.values(shift).some((count) => count !== undefined), { error: WHAT }),
  ],
  {
    error: ({ input }) =>
      typeof input === 'string' && CAPITAL_M.test(input)
        ? 'has a capital M, which could mean months or minutes: write 1mo for a month, or 1m for a minute'
        : WHAT,
  },
)

/** Moves a date, and to the beginning or end of its day, week, month and so on. */
export const dateShift = defineAction({
  id: 'date.shift',
  title: 'Shift a date',
  description: 'Adds time to a date or takes some away, and moves it to the start or end of a day, week or month.',
  keywords: [
    'add to date',
    'subtract from date',
    'date & time',
    'adjust date',
    'tomorrow',
    'next week',
    'add days',
    'start of month',
    'end of month',
    'deadline',
  ],
  icon: 'calendar-plus',
  category: 'data',
  summary: '{date} {by} {to}',
  effect: 'none',
  input: z
    .strictObject({
      date: dateField,
      by: shiftSchema.optional().meta({
        title: 'By',
        description: 's, m, h, d, w, mo (months), y. With a minus, into the past.',
        ui: { widget: 'template', placeholder: '-3d' },
      }),
      to: z
        .enum(TARGETS)
        .optional()
        .meta({
          title: 'Then to',
          ui: {
            labels: {
              '': 'That very moment',
              ...Object.fromEntries(
                PLACES.flatMap((place) => [
                  [`start-of-${place}`, `The start of the ${place}`],
                  [`end-of-${place}`, `The end of the ${place}`],
                ]),
              ),
            },
          },
        }),
      timezone: zoneField,
    })
    .superRefine(({ by, to }, check) => {
      if (by === undefined && to === undefined) {
        check.addIssue({ code: 'custom', path: ['by'], message: 'is needed, such as -3d, or choose where to move to' })
      }
    }),
  output: momentOutput,
  sample: MOMENT_SAMPLE,
  async run(ctx) {
    const { date, by, to, timezone } = ctx.input
    const moved = readMoment(date, ctx, { timezone }).plus(by ?? {})
    const place = PLACES.find((one) => to?.endsWith(`-${one}`))
    if (place === undefined) return { output: momentOf(moved) }
    return { output: momentOf(to?.startsWith('start') ? moved.startOf(place) : moved.endOf(place)) }
  },
})
