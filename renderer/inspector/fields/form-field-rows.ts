import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../../core/domain/values/json.ts'

/** What a field of a form may ask for, in the order of the menu. */
export const FIELD_TYPES = [
  { value: 'text', label: 'Text' },
  { value: 'long', label: 'Long text' },
  { value: 'email', label: 'E-mail' },
  { value: 'number', label: 'Number' },
  { value: 'date', label: 'Date' },
  { value: 'choice', label: 'Choice of one' },
  { value: 'choices', label: 'Choice of several' },
  { value: 'checkbox', label: 'Check box' },
  { value: 'file', label: 'File' },
] as const
export type FieldType = (typeof FIELD_TYPES)[number]['value']

/** A field as a draft may have it: anything may be missing. */
export type FieldRow = {
  readonly name: string
  readonly label: string
  readonly type: FieldType
  readonly required: boolean
  readonly options: readonly string[]
  readonly help: string
  /** What stands in it at first, where a step asks. */
  readonly value?: Json
}

export function rowOf(value: Json): FieldRow {
  const field: JsonObject = isJsonObject(value) ? value : {}
  const text = (name: string): string => (typeof field[name] === 'string' ? field[name] : '')
  const options = field.options !== undefined && isJsonList(field.options) ? field.options : []
  return {
    name: text('name'),
    label: text('label'),
    type: FIELD_TYPES.find(({ value }) => value === field.type)?.value ?? 'text',
    required: field.required === true,
    options: options.filter((option) => typeof option === 'string'),
    help: text('help'),
    ...(field.value === undefined ? {} : { value: field.value }),
  }
}

/** A field as it is stored: what says nothing is left out. */
export function fieldOf({ name, label, type, required, options, help, value }: FieldRow): JsonObject {
  return {
    name,
    label,
    type,
    ...(required ? { required } : {}),
    ...(takesOptions(type) ? { options: [...options] } : {}),
    ...(help === '' ? {} : { help }),
    ...(value === undefined ? {} : { value }),
  }
}

export const takesOptions = (type: FieldType): boolean => type === 'choice' || type === 'choices'

const MAX_NAME = 40

/** The name by which later steps know what is answered to a label; unlike those that are taken. */
export function nameFor(label: string, taken: readonly string[]): string {
  const plain = label
    .slice(0, 300)
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '')
    .slice(0, MAX_NAME)
  const base = plain === '' ? 'field' : plain
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}_${number}`
    if (!taken.includes(name)) return name
  }
}

const GUESSES: readonly (readonly [RegExp, FieldType])[] = [
  [/e-?mail/i, 'email'],
  [/\b(date|day|when|birthday)\b/i, 'date'],
  [/\b(how many|number of|amount|quantity|count|price|age)\b/i, 'number'],
  [/\b(photo|picture|file|attachment|upload|document|receipt)\b/i, 'file'],
  [/\b(message|comment|comments|describe|tell us|details|notes?)\b/i, 'long'],
  [/^(i agree|i accept|yes,)/i, 'checkbox'],
]

/** What a label most likely asks for. */
export function typeFor(label: string): FieldType {
  return GUESSES.find(([pattern]) => pattern.test(label))?.[1] ?? 'text'
}
