import { z } from 'zod'
import { defineAction } from '../define.ts'
import { dateField, momentOf, readMoment, zoneField } from './moment.ts'

const UNITS = ['milliseconds', 'seconds', 'minutes', 'hours', 'days', 'weeks', 'months', 'quarters', 'years'] as const

/** Counts the time from one date to another. */
export const dateBetween = defineAction({
  id: 'date.between',
  title: 'Time between dates',
  description: 'Counts the days, hours or months from one date to another.',
  keywords: [
    'difference',
    'date difference',
    'days between',
    'compare dates',
    'age',
    'elapsed',
    'duration',
    'time between dates',
  ],
  icon: 'calendar-range',
  category: 'data',
  summary: '{unit}',
  effect: 'none',
  input: z.strictObject({
    from: dateField.meta({ title: 'From', ui: { widget: 'template', placeholder: '{{ hook.body.ordered }}' } }),
    to: dateField.meta({ title: 'To', ui: { widget: 'template', placeholder: 'now' } }),
    unit: z.enum(UNITS).default('days').meta({ title: 'In' }),
    timezone: zoneField,
  }),
  output: z.object({ value: z.number(), isNegative: z.boolean() }),
  sample: { value: 3, isNegative: false },
  async run(ctx) {
    const { from, to, unit, timezone } = ctx.input
    const [start, end] = [from, to].map((value) => readMoment(value, ctx, { timezone }))
    if (start === undefined || end === undefined) throw new Error('both dates have been read')
    momentOf(start)
    momentOf(end)
    // A day is one of the calendar, also where clocks are changed; what is left of the last one counts as a part of it.
    const value = end.diff(start, unit).as(unit)
    // 0 and not its negative, which JSON does not know.
    return { output: { value: value === 0 ? 0 : value, isNegative: value < 0 } }
  },
})
