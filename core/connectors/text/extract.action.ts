import { z } from 'zod'
import { isJsonList, type Json, jsonSchema, textOf } from '../../domain/values/json.ts'
import { defineComputation } from '../define-computation.ts'
import { guessNumber } from '../kit/guess-number.ts'
import { findPattern } from '../kit/pattern.ts'
import { checkMade, listOutput } from '../kit/rows.ts'

const MONTHS =
  'jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|september|october|november|december'
const CLOCK =
  '\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d{1,9})?)?(?: ?[ap]\\.?m\\.?)?(?: ?(?:z|utc|gmt)\\b| ?[+-]\\d{2}:?\\d{2})?'

/** What is looked for, and what becomes of what was found; undefined for what only looks like it. */
const KINDS: Readonly<
  Record<string, { readonly pattern: string; read(found: string, before: string): Json | undefined | readonly Json[] }>
> = {
  emails: {
    pattern: '[\\pL\\pN._%+-]{1,64}@(?:[\\pL\\pN](?:[\\pL\\pN-]{0,62})\\.){1,8}\\pL{2,24}',
    read: (found) => found.replace(/^\.+/, ''),
  },
  urls: {
    pattern: '(?:https?|ftp)://[^\\s<>"\'`]+|\\bwww\\.[^\\s<>"\'`]+\\.[^\\s<>"\'`]+',
    read: withoutTrailing,
  },
  numbers: {
    pattern: "[+\\-−]?\\.?\\d(?:[.,'’_ \\x{a0}\\x{202f}]?\\d)*(?:e[+-]?\\d{1,3}\\b)?",
    read: numbersIn,
  },
  dates: {
    pattern: [
      `\\b\\d{4}-\\d{1,2}-\\d{1,2}(?:(?:t|,? )${CLOCK})?`,
      `\\b\\d{4}/\\d{1,2}/\\d{1,2}\\b`,
      `\\b\\d{1,2}\\.\\d{1,2}\\.(?:\\d{4}|\\d{2})\\b`,
      `\\b\\d{1,2}/\\d{1,2}/(?:\\d{4}|\\d{2})\\b`,
      `\\b\\d{1,2}(?:st|nd|rd|th|\\.)? (?:${MONTHS})\\.?,? \\d{4}\\b(?:,? ${CLOCK})?`,
      `\\b(?:${MONTHS})\\.? \\d{1,2}(?:st|nd|rd|th)?,? \\d{4}\\b(?:,? (?:at )?${CLOCK})?`,
    ].join('|'),
    read: (found) => found,
  },
  phones: {
    pattern: '(?:\\+|\\b00|\\(|\\b)\\d(?:[ ./()\\x{a0}-]{0,3}\\d){5,16}',
    read: readPhone,
  },
}

/** Finds everything of one kind in a text. */
export const textExtract = defineComputation({
  id: 'text.extract',
  title: 'Find in text',
  description: 'Finds the email addresses, links, numbers, dates or phone numbers in a text.',
  keywords: [
    'extract',
    'extract email',
    'extract number',
    'extract url',
    'extract phone',
    'get urls from input',
    'detect',
    'parse text',
    'links',
    'email address',
  ],
  icon: 'scan-text',
  category: 'data',
  summary: '{what}',
  input: z.strictObject({
    text: jsonSchema.meta({ title: 'Text', ui: { widget: 'template-long' } }),
    what: z.enum(['emails', 'urls', 'numbers', 'dates', 'phones']).meta({
      title: 'Find',
      ui: {
        labels: {
          emails: 'Email addresses',
          urls: 'Links',
          numbers: 'Numbers',
          dates: 'Dates',
          phones: 'Phone numbers',
        },
      },
    }),
  }),
  output: z.object({ found: listOutput, first: jsonSchema }),
  sample: { found: ['ada@example.com', 'bob@example.com'], first: 'ada@example.com' },
  *compute({ text, what }) {
    const kind = KINDS[what]
    const found: Json[] = []
    if (kind === undefined) return { found, first: null }
    const whole = textOf(text)
    for (const match of findPattern(kind.pattern, whole, true)) {
      yield
      const value = kind.read(match.text, whole.slice(Math.max(0, match.index - 2), match.index))
      if (value === undefined) continue
      if (isJsonList(value)) found.push(...value)
      else found.push(value)
      checkMade(found.length)
    }
    return { found, first: found[0] ?? null }
  },
})

/** What a name ends with, of which digits behind it are a part. */
const NAME_END = /[\p{L}\p{N}_]$/u

/**
 * The numbers in digits with marks between them. What begins inside a name (`v1.2.3`) and what has its marks elsewhere than a number (dates, versions, addresses of
 * computers) is none; a minus behind a letter or a digit is a dash. Blanks may be between groups of digits or between numbers.
 */
function numbersIn(found: string, before: string): readonly Json[] {
  const isInName = NAME_END.test(before)
  const signed = isInName ? found.replace(/^[+\-−]/, '') : found
  // Of "wait...5" the points belong to the words.
  const run = /\.$/.test(before) ? signed.replace(/^\./, '') : signed
  const isPartOfName = isInName && signed === found
  const number = isPartOfName ? undefined : guessNumber(run)
  if (number !== undefined) return [number]
  return run.split(/[ \u00a0\u202f]/).flatMap((piece, index) => {
    if (index === 0 && isPartOfName) return []
    const one = guessNumber(piece)
    if (one !== undefined) return [one]
    return /^[+\-−]?\d{1,2}(?:,\d{1,2})+$/.test(piece)
      ? piece.split(',').flatMap((each) => guessNumber(each) ?? [])
      : []
  })
}

/** An address without what belongs to the sentence around it: a full stop, or a bracket that was opened before it. */
function withoutTrailing(found: string): string {
  let end = found.length
  for (; end > 0; end--) {
    const last = found[end - 1] ?? ''
    if ('.,;:!?*_~'.includes(last)) continue
    const opening = last === ')' ? '(' : last === ']' ? '[' : last === '}' ? '{' : ''
    if (opening === '') break
    const whole = found.slice(0, end)
    if (whole.split(opening).length >= whole.split(last).length) break
  }
  return found.slice(0, end)
}

/** A phone number has 7 to 15 digits (E.164), and is no date. */
function readPhone(found: string): string | undefined {
  const text = found.trim()
  const digits = text.replace(/\D/g, '')
  if (
    digits.length < 7 ||
    digits.length > 15 ||
    /^\d{4}-\d{2}-\d{2}/.test(text) ||
    /^\d{1,2}\.\d{1,2}\.\d{4}$/.test(text)
  )
    return undefined
  return text
}
