import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { readDate } from '../../domain/time/read-date.ts'
import { type Json, jsonSchema, textOf } from '../../domain/values/json.ts'
import { numberField, switchField } from '../kit/from-text.ts'

/** How a field is shown: `fieldUiSchema` in the contract says what there is. */
type FieldUi = { readonly [key: string]: Json }

/** Where in a request of an operation a field goes. By itself: into the path where that names it, else into body or query, as the method has one. */
export type FieldPlace = 'path' | 'query' | 'header' | 'body' | 'nowhere'

/** A field of the form of an operation, and where it goes. */
export type ServiceField = {
  readonly schema: z.ZodType
  readonly at?: FieldPlace
  /** What the service calls it; dots make objects in a body. Its own name when absent. */
  readonly as?: string
  /** What is sent of it; undefined sends nothing. What was entered when absent. */
  readonly send?: (value: Json) => Json | undefined
  /** It holds a file, which the operation reads itself. */
  readonly isFile?: boolean
}

type Options = {
  readonly title: string
  readonly help?: string
  readonly placeholder?: string
  /** Left out when it is not filled in. */
  readonly optional?: boolean
  /** Folded under "Advanced". */
  readonly advanced?: boolean
  /** A list of the app from which it may be chosen, and what that depends on. */
  readonly from?: { readonly list: string; readonly needs?: readonly string[]; readonly searches?: boolean }
  readonly at?: FieldPlace
  readonly as?: string
  readonly send?: (value: Json) => Json | undefined
  readonly showIf?: { readonly field: string; readonly in: Json[] }
}

function field(schema: z.ZodType, options: Options, ui: FieldUi): ServiceField {
  const { title, help, placeholder, optional, advanced, from, at, as, send, showIf } = options
  const chosen: FieldUi =
    from === undefined
      ? ui
      : {
          ...ui,
          widget: 'service-choice',
          options: {
            from: from.list,
            ...(from.needs && { needs: [...from.needs] }),
            ...(from.searches && { searches: true }),
          },
        }
  const shown: FieldUi = {
    ...chosen,
    ...(placeholder !== undefined && { placeholder }),
    ...((advanced ?? false) && { advanced: true }),
    ...(showIf && { showIf }),
  }
  const whole = (optional ?? false) ? schema.optional() : schema
  return {
    schema: whole.meta({ title, ...(help !== undefined && { description: help }), ui: shown }),
    ...(at && { at }),
    ...(as !== undefined && { as }),
    ...(send && { send }),
  }
}

const filled = (most: number) =>
  jsonSchema
    .transform((value) => (typeof value === 'string' ? value : textOf(value)))
    .refine((text) => text.trim() !== '', { error: 'needs a value' })
    .refine((text) => text.length <= most, { error: `takes ${most} characters at most` })

/** Longest text that an operation sends: some services take whole documents. */
const LONGEST = 1_000_000

/** One line of text, with templates. */
export const text = (title: string, options: Omit<Options, 'title'> & { readonly most?: number } = {}): ServiceField =>
  field(filled(options.most ?? 10_000), { title, ...options }, { widget: 'template' })

/** Several lines of text, with templates. */
export const longText = (
  title: string,
  options: Omit<Options, 'title'> & { readonly most?: number } = {},
): ServiceField => field(filled(options.most ?? LONGEST), { title, ...options }, { widget: 'template-long' })

/** A number; `min` and `max` are those of the service. */
export const number = (
  title: string,
  options: Omit<Options, 'title'> & { readonly min?: number; readonly max?: number; readonly whole?: boolean } = {},
): ServiceField => {
  const { min = -Number.MAX_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER, whole = true } = options
  return field(numberField((whole ? z.int() : z.number()).min(min).max(max)), { title, ...options }, {})
}

/** A date or a time, as a service takes it: milliseconds or seconds since 1970, the day alone, or an ISO time. */
export const moment = (
  title: string,
  { form, ...options }: Omit<Options, 'title' | 'send'> & { readonly form: TimeForm },
): ServiceField =>
  field(
    filled(100),
    {
      title,
      placeholder: form === 'day' ? '2026-12-01' : '2026-12-01T09:00:00Z',
      ...options,
      send: (value) => timeIn(value, form, title),
    },
    { widget: 'template' },
  )

type TimeForm = 'ms' | 's' | 'day' | 'iso'

function timeIn(value: Json, form: TimeForm, title: string): Json {
  const text = textOf(value).trim()
  const at = readDate(text, 'UTC')
  if (at === undefined) {
    const message = `"${title}" takes a date or a time, such as 2026-12-01T09:00:00Z, but "${text}" came.`
    throw new StepError({ code: 'bad-input', message, retryable: false })
  }
  if (form === 'ms') return at
  if (form === 's') return Math.floor(at / 1_000)
  const iso = new Date(at).toISOString()
  return form === 'iso' ? iso : (/^\d{4}-\d{2}-\d{2}/.exec(text)?.[0] ?? iso.slice(0, 10))
}

/** Yes or no; `false` is not sent unless `sendsNo`. */
export const yesNo = (
  title: string,
  options: Omit<Options, 'title' | 'optional'> & { readonly initial?: boolean; readonly sendsNo?: boolean } = {},
): ServiceField => {
  const { initial = false, sendsNo = false } = options
  const send = options.send ?? ((value: Json) => (value === false && !sendsNo ? undefined : value))
  return field(switchField().prefault(initial), { title, ...options, send }, {})
}

/** One of a few words of the service, with what a person calls them. The first is the default, unless it is optional. */
export const choice = (
  title: string,
  labels: Readonly<Record<string, string>>,
  options: Omit<Options, 'title'> & { readonly initial?: string } = {},
): ServiceField => {
  const words = Object.keys(labels)
  const schema = z.enum(words)
  const initial = options.initial ?? words[0] ?? ''
  const whole = options.optional === true ? schema : schema.default(initial)
  return field(whole, { title, ...options }, { labels: { ...labels } })
}

/** Texts, one a line. */
export const texts = (title: string, options: Omit<Options, 'title'> & { readonly most?: number } = {}): ServiceField =>
  field(
    z.preprocess(
      (value) =>
        typeof value === 'string'
          ? value
              .split(/[\n,]/)
              .map((one) => one.trim())
              .filter(Boolean)
          : value,
      z.array(z.string().min(1).max(10_000)).max(options.most ?? 1_000),
    ),
    { title, ...options },
    { widget: 'text-list' },
  )

/** Names and values. */
export const pairs = (title: string, options: Omit<Options, 'title'> = {}): ServiceField =>
  field(z.record(z.string().min(1).max(1_000), jsonSchema), { title, ...options }, { widget: 'key-value' })

/** Anything that JSON can say, as the service has it. */
export const json = (title: string, options: Omit<Options, 'title'> = {}): ServiceField =>
  field(
    z.preprocess((value) => (typeof value === 'string' ? (parsed(value) ?? value) : value), jsonSchema),
    { title, ...options },
    { widget: 'json' },
  )

/** A file of an earlier step, or the path of one. Always read by the operation itself. */
export const file = (title: string, options: Omit<Options, 'title'> = {}): ServiceField => ({
  ...field(jsonSchema, { title, at: 'nowhere', ...options }, { widget: 'file-path', mustExist: true }),
  isFile: true,
})

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
