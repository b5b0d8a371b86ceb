import { z } from 'zod'
import { defineAction } from '../define.ts'
import { localeSchema } from '../kit/locale.ts'
import { dateField, MAX_CHARS, readMoment, zoneField } from './moment.ts'

/** Writes a date as people of a language do. */
export const dateFormat = defineAction({
  id: 'date.format',
  title: 'Format a date',
  description: 'Writes a date in a form of your own.',
  keywords: [
    'format date',
    'date to text',
    'date & time',
    'formatter',
    'strftime',
    'time zone',
    'convert time zone',
    'month name',
  ],
  icon: 'calendar-clock',
  category: 'data',
  summary: '{date}',
  effect: 'none',
  input: z.strictObject({
    date: dateField,
    format: z
      .string()
      .min(1, { error: 'needs a format' })
      .max(MAX_CHARS)
      .meta({
        title: 'Format',
        description: 'yyyy year, MM month, LLLL its name, dd day, cccc weekday, HH:mm time; text in quotes.',
        ui: { widget: 'template', placeholder: "cccc, d LLLL yyyy 'at' HH:mm" },
      }),
    timezone: zoneField,
    locale: localeSchema.default('en').meta({
      title: 'Language',
      description: 'Of names of months and days.',
      ui: { widget: 'template', placeholder: 'en', advanced: true },
    }),
  }),
  output: z.object({ text: z.string() }),
  sample: { text: 'Thursday, 26 November 2026 at 09:30' },
  async run(ctx) {
    const { date, format, timezone, locale } = ctx.input
    return { output: { text: readMoment(date, ctx, { timezone }).setLocale(locale).toFormat(format) } }
  },
})
