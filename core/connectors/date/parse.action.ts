import { z } from 'zod'
import { defineAction } from '../define.ts'
import { dateField, MAX_CHARS, MOMENT_SAMPLE, momentOf, momentOutput, readMoment, zoneField } from './moment.ts'

/** Reads a date, and takes it apart. */
export const dateParse = defineAction({
  id: 'date.parse',
  title: 'Read a date',
  description: 'Reads a date as it is written, and gives its day, time and weekday.',
  keywords: [
    'parse date',
    'date',
    'time',
    'to date',
    'date & time',
    'timestamp',
    'unix',
    'epoch',
    'weekday',
    'convert date',
    'now',
    'current time',
  ],
  icon: 'calendar-search',
  category: 'data',
  summary: '{value}',
  effect: 'none',
  input: z.strictObject({
    value: dateField,
    format: z
      .string()
      .min(1, { error: 'needs a format' })
      .max(MAX_CHARS)
      .optional()
      .meta({
        title: 'Written as',
        description: 'For dates that could be read in two ways: MM/dd/yyyy, dd/MM/yy HH:mm.',
        ui: { widget: 'template', placeholder: 'MM/dd/yyyy' },
      }),
    timezone: zoneField,
  }),
  output: momentOutput,
  sample: MOMENT_SAMPLE,
  async run(ctx) {
    return { output: momentOf(readMoment(ctx.input.value, ctx, ctx.input)) }
  },
})
