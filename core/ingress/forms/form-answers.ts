import type { FormField } from '../../domain/runs/question.ts'
import { isJsonList, type Json, type JsonObject, textOf } from '../../domain/values/json.ts'
import { readFields } from '../parse-form.ts'
import { type FormFile, type Part, readParts } from '../parse-multipart.ts'

/** What a browser sent, as texts and files by the names of the fields; null for a body that is no form. */
export type SentForm = {
  readonly texts: ReadonlyMap<string, readonly string[]>
  readonly files: ReadonlyMap<string, SentFile>
}
type SentFile = Exclude<Part, string>

/** An answer of a field as it was entered, and what is wrong with it. */
export type Entered = {
  readonly texts: readonly string[]
  readonly file: FormFile | null
  readonly problem: string | null
}

const MAX_CHARS = { text: 1_000, long: 20_000, email: 320, number: 60, date: 20 } as const

/** Reads the body of a form, as browsers send it with and without files. */
export async function readSentForm(raw: Uint8Array, contentType: string | undefined): Promise<SentForm | null> {
  const type = contentType?.split(';')[0]?.trim().toLowerCase()
  const texts = new Map<string, string[]>()
  const files = new Map<string, SentFile>()
  const add = (name: string, part: Part): void => {
    if (typeof part !== 'string') {
      // A browser sends an empty file where none was chosen.
      if (!files.has(name) && (part.filename !== '' || part.content.length > 0)) files.set(name, part)
      return
    }
    const known = texts.get(name)
    // As browsers write line breaks.
    const text = part.replaceAll('\r\n', '\n')
    if (known === undefined) texts.set(name, [text])
    else known.push(text)
  }
  if (type === 'multipart/form-data') {
    try {
      for (const [name, part] of await readParts(raw, contentType ?? '')) add(name, part)
    } catch {
      return null
    }
  } else if (type === 'application/x-www-form-urlencoded') {
    const form = readFields(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('utf8'))
    if (form === null) return null
    for (const [name, value] of form.fields) add(name, value)
  } else return null
  return { texts, files }
}

/** What was entered in a field, looked at. `file` is what was sent in it, or kept from an earlier try. */
export function enteredIn(field: FormField, sent: readonly string[], file: FormFile | null): Entered {
  const texts = field.type === 'choices' ? [...new Set(sent)] : sent.slice(0, 1)
  return { texts, file, problem: problemOf(field, texts, file) }
}

function problemOf(field: FormField, texts: readonly string[], file: FormFile | null): string | null {
  const { type, required, options } = field
  const text = texts[0] ?? ''
  const isEmpty = type === 'file' ? file === null : texts.every((one) => one.trim() === '')
  if (isEmpty) return required ? MISSING[type] : null
  switch (type) {
    case 'file':
    case 'checkbox':
      return null
    case 'choice':
    case 'choices':
      return texts.every((one) => options.includes(one)) ? null : 'Please choose from these.'
    default: {
      const max = MAX_CHARS[type]
      if (text.length > max)
        return `At most ${max.toLocaleString('en')} characters; this has ${text.length.toLocaleString('en')}.`
    }
  }
  if (type === 'email') return isEmail(text.trim()) ? null : 'Write an e-mail address, such as name@example.org.'
  if (type === 'number') return numberOf(text) === undefined ? 'Write a number, such as 1500 or 12.5.' : null
  if (type === 'date') return isDate(text.trim()) ? null : 'Write a day as 2026-11-30.'
  return null
}

const MISSING: Readonly<Record<FormField['type'], string>> = {
  text: 'Please fill this in.',
  long: 'Please fill this in.',
  email: 'Please fill this in.',
  number: 'Please fill this in.',
  date: 'Please choose a day.',
  choice: 'Please choose one.',
  choices: 'Please choose at least one.',
  file: 'Please choose a file.',
  checkbox: 'Please tick this box.',
}

/** The value of an answer without a problem, as the zap sees it. What was left out is null, false, or an empty list. */
function answerOf({ type }: FormField, { texts, file }: Entered): Json {
  const text = texts[0] ?? ''
  switch (type) {
    case 'checkbox':
      return text !== ''
    case 'choices':
      return texts.filter((one) => one !== '')
    case 'file':
      return file
    case 'long':
      return text.trim() === '' ? null : text
    case 'number':
      return text.trim() === '' ? null : (numberOf(text) ?? null)
    default:
      return text.trim() === '' ? null : text.trim()
  }
}

/** The answers of fields without problems, by their names. */
export function answersIn(fields: readonly FormField[], entered: ReadonlyMap<string, Entered>): JsonObject {
  // fromEntries defines own properties, so that a field called `__proto__` stays one.
  return Object.fromEntries(
    fields.map((field): [string, Json] => {
      const answer = entered.get(field.name)
      return [field.name, answer === undefined ? null : answerOf(field, answer)]
    }),
  )
}

/** A value as a browser would send it, for those who answer without one. */
export function textsFor({ type }: FormField, value: Json | undefined): readonly string[] {
  if (value === undefined || value === null) return []
  if (type === 'checkbox') return value === true || value === 'true' || value === 'yes' ? ['yes'] : []
  return (isJsonList(value) ? value : [value]).map(textOf)
}

const NUMBER = /^[+-]?(?:\d{1,40}(?:[.,]\d{1,40})?|[.,]\d{1,40})$/

/**
 * A number as people write it, with a point or a comma before its fraction. Undefined for what may mean two things, such as "1,500". One that
 * a double cannot hold exactly stays text.
 */
function numberOf(text: string): number | string | undefined {
  const written = text.trim().replaceAll('\u2212', '-')
  if (!NUMBER.test(written) || /,\d{3}$/.test(written)) return undefined
  const plain = written.replace(',', '.').replace(/^\+/, '')
  const digits = plain.replace(/^-?0*/, '').replace('.', '')
  const value = Number(plain)
  return digits.length > 15 ? plain : value
}

function isEmail(text: string): boolean {
  return /^[^\s@<>(),;:"[\]\\]{1,64}@[^\s@<>(),;:"[\]\\.]{1,63}(\.[^\s@<>(),;:"[\]\\.]{1,63}){1,8}$/.test(text)
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}
