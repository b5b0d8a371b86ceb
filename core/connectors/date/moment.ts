import { DateTime } from 'luxon'
import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { readDate } from '../../domain/time/read-date.ts'
import { type Json, jsonSchema, textOf } from '../../domain/values/json.ts'
import type { ComputeTools } from '../action-context.ts'
import { zoneFor } from '../kit/zap-zone.ts'

/** Characters of a date, and of a format. */
export const MAX_CHARS = 200

/** A date in an input. */
export const dateField = jsonSchema.meta({
  title: 'Date',
  description: 'A date or a time. “now”, “today”, “tomorrow” and “yesterday” are understood, too.',
  ui: { widget: 'template', placeholder: '{{ hook.body.due }}' },
})

export const zoneField = z
  .string()
  .max(100)
  .optional()
  .meta({
    title: 'Time zone',
    description: 'Of dates without a zone, and of the result. The zap’s when empty.',
    ui: { widget: 'time-zone', advanced: true },
  })

/** A moment as the steps of dates give it. */
export const momentOutput = z.object({
  iso: z.string(),
  unixMs: z.int(),
  date: z.string(),
  time: z.string(),
  weekday: z.string(),
  zone: z.string(),
})

export const MOMENT_SAMPLE = {
  iso: '2026-11-26T09:30:00.000+01:00',
  unixMs: 1_795_681_800_000,
  date: '2026-11-26',
  time: '09:30:00',
  weekday: 'Thursday',
  zone: 'Europe/Berlin',
}

export function momentOf(at: DateTime): z.output<typeof momentOutput> {
  const iso = at.isValid && at.year > 0 && at.year < 10_000 ? at.toISO() : null
  if (iso === null) throw refusal('The result lies outside the years 1 to 9999.')
  return {
    iso,
    unixMs: at.toMillis(),
    date: at.toFormat('yyyy-MM-dd'),
    time: at.toFormat('HH:mm:ss'),
    weekday: at.setLocale('en').toFormat('cccc'),
    zone: at.zoneName ?? 'UTC',
  }
}

/** `26.11.2026`, with or without a time: the only form with points. */
const DOTTED = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,? (\d{1,2}:\d{2}(?::\d{2})?))?$/

const WORDS: Readonly<Record<string, number>> = { yesterday: -1, today: 0, tomorrow: 1 }

/**
 * The moment that a value names, in a zone: what templates read as dates, `26.11.2026`, and the words now, today, tomorrow and yesterday. With `format`, which is
 * Luxon's (https://moment.github.io/luxon/#/parsing?id=table-of-tokens), a text that is written so.
 *
 * @throws StepError `bad-input` for what is no date, and for one that would have to be guessed.
 */
export function readMoment(
  value: Json,
  { render }: Pick<ComputeTools, 'render'>,
  { timezone, format }: { timezone?: string | undefined; format?: string | undefined },
): DateTime {
  const zone = zoneFor({ render }, timezone)
  const text = typeof value === 'string' ? value.trim() : ''
  if (text.length > MAX_CHARS)
    throw refusal(`The date has more than ${MAX_CHARS} characters; take the part of it that is one.`)
  const now = (): DateTime => {
    const ofRun = render('{{ now }}', { missing: 'undefined' })
    return DateTime.fromMillis(readDate(ofRun ?? null, zone) ?? Date.now(), { zone })
  }
  const word = text.toLowerCase()
  if (word === 'now') return now()
  const days = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined
  if (days !== undefined) return now().startOf('day').plus({ days })
  if (format !== undefined) {
    const read = DateTime.fromFormat(text === '' ? textOf(value) : text, format, { zone, locale: 'en' })
    if (read.isValid) return read.setZone(zone)
    throw refusal(
      `${shown(value)} is not written as “${format}”: ${read.invalidExplanation ?? 'there is no such date'}.`,
    )
  }
  const dotted = DOTTED.exec(text)
  const [, day = '', month = '', year = '', time = ''] = dotted ?? []
  const written =
    dotted === null
      ? value
      : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}${time === '' ? '' : ` ${time}`}`
  const at = readDate(written, zone)
  if (at !== undefined) return DateTime.fromMillis(at, { zone })
  const isGuess = /^\d{1,2}[/-]\d{1,2}[/-]\d{2,4}/.test(text)
  const remedy = isGuess
    ? 'could be read in two ways: read it with “Read a date” and its format, such as MM/dd/yyyy'
    : 'is not a date that is understood, such as 2026-11-26, 26.11.2026 or 2026-11-26T09:30:00+01:00; read others with “Read a date” and their format'
  throw refusal(`${shown(value)} ${remedy}.`)
}

export function refusal(message: string): StepError {
  return new StepError({ code: 'bad-input', message, retryable: false })
}

function shown(value: Json): string {
  if (value === null || value === '') return 'Nothing'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return `“${text.length > 60 ? `${text.slice(0, 60)}…` : text}”`
}
