import { isJsonList, isJsonObject, type Json, type JsonObject } from '../values/json.ts'
import type { Shape } from './api.ts'
import { dereferenced, merged, type Parts } from './parts.ts'
import { listOf, textOf } from './read-values.ts'
import { sampleOf } from './sample.ts'

/** A field as a form shows it (JSON Schema with `ui`), of which type its value is, and why it must be written as JSON, where that is so. */
export type FormPart = { readonly form: JsonObject; readonly shape: Shape; readonly raw: string | null }

/** Levels of objects below which nothing is a form any more. */
const MOST_LEVELS = 5
/** Parts of schemas, and fields, that one form is made of. */
const MOST_PARTS = 5_000
const MOST_FIELDS = 300

/** Makes the fields of one form; what it has used up is counted over all of them. */
export class FormMaker {
  readonly #parts: Parts
  #left = MOST_PARTS
  #fields = MOST_FIELDS

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Whether a schema says nothing of what it describes. */
  isUnknown(given: JsonObject): boolean {
    const schema = withoutNull(merged(given, this.#parts), this.#parts)
    return kindOf(schema) === '' && schema.enum === undefined && schema.const === undefined && shapesOf(schema) === null
  }

  /** The field of a schema. `trail` are the refs inside of which it stands. */
  field(given: JsonObject, trail: readonly string[] = [], level = 0): FormPart {
    this.#left--
    this.#fields--
    const { ref } = dereferenced(given, this.#parts)
    const schema = withoutNull(merged(given, this.#parts), this.#parts)
    if (ref !== null && trail.includes(ref)) return this.#json(schema, 'it holds things of its own kind')
    if (this.#left < 0 || this.#fields < 0) return this.#json(schema, 'the form would be too long')
    if (level > MOST_LEVELS) return this.#json(schema, 'it lies too deep in other things')
    const inside = ref === null ? trail : [...trail, ref]
    return this.#ofType(schema, inside, level)
  }

  #ofType(schema: JsonObject, trail: readonly string[], level: number): FormPart {
    const about = aboutOf(schema)
    if (isJsonList(schema.enum ?? null)) return choice(schema, about)
    if (schema.const !== undefined)
      return plain({ ...about, enum: [schema.const], const: schema.const }, typeOf(schema.const))
    const shapes = shapesOf(schema)
    if (shapes !== null && !isJsonObject(schema.properties)) return this.#oneOf(schema, shapes, about, trail, level)
    switch (kindOf(schema)) {
      case 'boolean':
        return plain({ ...about, type: 'boolean' }, 'boolean')
      case 'integer':
      case 'number':
        return plain({ ...about, type: 'number' }, kindOf(schema) === 'integer' ? 'integer' : 'number')
      case 'string':
        return text(schema, about)
      case 'array':
        return this.#list(schema, about, trail, level)
      case 'object':
        return this.#object(schema, shapes, about, trail, level)
      default:
        return this.#json(
          schema,
          schema['x-missing'] === undefined
            ? 'the description does not say what it may hold'
            : 'its description is missing',
        )
    }
  }

  #list(schema: JsonObject, about: JsonObject, trail: readonly string[], level: number): FormPart {
    if (!isJsonObject(schema.items)) return this.#json(schema, 'it is a list of anything')
    const item = this.field(schema.items, trail, level + 1)
    const shape: Shape = { type: 'list', items: item.shape }
    if (item.raw !== null) return { ...this.#json(schema, item.raw), shape }
    if (isJsonList(item.form.enum ?? null))
      return { form: { ...about, type: 'array', items: { enum: item.form.enum ?? [] } }, shape, raw: null }
    if (isJsonObject(item.form.properties))
      return { form: { ...about, type: 'array', items: item.form, ui: { noun: 'row' } }, shape, raw: null }
    if (SCALARS.has(item.shape.type))
      return { form: { ...about, type: 'array', items: { type: 'string' }, ui: { noun: 'value' } }, shape, raw: null }
    return { ...this.#json(schema, 'it is a list of lists'), shape }
  }

  #object(
    schema: JsonObject,
    shapes: readonly JsonObject[] | null,
    about: JsonObject,
    trail: readonly string[],
    level: number,
  ): FormPart {
    const properties = isJsonObject(schema.properties) ? schema.properties : {}
    const variants = (shapes ?? []).filter((one) => isJsonObject(merged(one, this.#parts).properties))
    const names = Object.keys(properties)
    if (names.length === 0 && variants.length === 0) return this.#map(schema, about, trail, level)
    const own = this.fields({ ...schema, properties }, trail, level + 1)
    // Properties beside a choice of shapes: those of all the shapes are offered as well.
    const others = variants.map((one) => this.fields({ ...merged(one, this.#parts), required: [] }, trail, level + 1))
    const all = new Map([...others.flatMap((one) => [...one.parts]), ...own.parts])
    return {
      form: { ...about, type: 'object', ...objectForm(all, own.required) },
      shape: objectShape(all),
      raw: rawIn(all, own.required),
    }
  }

  #map(schema: JsonObject, about: JsonObject, trail: readonly string[], level: number): FormPart {
    const values = schema.additionalProperties
    if (!isJsonObject(values) || Object.keys(values).length === 0) return this.#json(schema, 'it may hold anything')
    const value = this.field(values, trail, level + 1)
    if (value.raw !== null) return this.#json(schema, value.raw)
    if (isJsonObject(value.form.properties))
      return { form: { ...about, type: 'object', additionalProperties: value.form }, shape: { type: 'any' }, raw: null }
    if (!SCALARS.has(value.shape.type)) return this.#json(schema, 'it is a list by names')
    return {
      form: { ...about, type: 'object', additionalProperties: { type: 'string' } },
      shape: { type: 'any' },
      raw: null,
    }
  }

  /** One of several shapes. */
  #oneOf(
    schema: JsonObject,
    shapes: readonly JsonObject[],
    about: JsonObject,
    trail: readonly string[],
    level: number,
  ): FormPart {
    const members = shapes.map((one) => ({ given: one, schema: withoutNull(merged(one, this.#parts), this.#parts) }))
    if (members.every((one) => isJsonList(one.schema.enum ?? null) || one.schema.const !== undefined)) {
      const values = members.flatMap(({ schema: one }) =>
        one.enum === undefined ? [one.const ?? null] : [...listOf(one.enum)],
      )
      return choice({ ...schema, enum: values }, about)
    }
    // A text may be anything that a template becomes, so it stands for all that is no object.
    const simple = members.find((one) => kindOf(one.schema) === 'string' || isJsonList(one.schema.enum ?? null))
    const objects = members.filter((one) => isJsonObject(one.schema.properties))
    if (simple !== undefined && objects.length === 0) return { ...text(simple.schema, about), shape: { type: 'any' } }
    if (objects.length > 1)
      return this.#variants(
        schema,
        objects.map(({ given }) => given),
        about,
        trail,
        level,
      )
    let first: FormPart | undefined
    for (const { given } of members) {
      const made = this.field(given, trail, level)
      first ??= made
      if (made.raw === null)
        return { form: { ...made.form, ...about }, shape: members.length > 1 ? { type: 'any' } : made.shape, raw: null }
    }
    return first ?? this.#json(schema, 'the description does not say what it may hold')
  }

  /** Objects of several kinds, told apart by a field that has one value in each, where there is such a field. */
  #variants(
    schema: JsonObject,
    variants: readonly JsonObject[],
    about: JsonObject,
    trail: readonly string[],
    level: number,
  ): FormPart {
    const { discriminator } = schema
    const by =
      isJsonObject(discriminator) && typeof discriminator.propertyName === 'string' ? discriminator.propertyName : null
    const values = isJsonObject(discriminator) && isJsonObject(discriminator.values) ? discriminator.values : {}
    const made = variants.map((given) => {
      const { ref } = dereferenced(given, this.#parts)
      const whole = merged(given, this.#parts)
      const inside = ref === null ? trail : [...trail, ref]
      const isCircle = ref !== null && trail.includes(ref)
      const fields = isCircle
        ? { parts: new Map<string, FormPart>(), required: [] }
        : this.fields(whole, inside, level + 1)
      if (by === null) return fields
      const named = ref === null ? undefined : Object.hasOwn(values, ref) ? values[ref] : ref.split('/').at(-1)
      const known = fields.parts.get(by)
      const choices = listOf(known?.form.enum)
      const value = known?.form.const ?? (choices.length === 1 ? choices[0] : named)
      if (value === undefined) return fields
      const kind: FormPart = { form: { type: 'string', const: value }, shape: { type: 'string' }, raw: null }
      return {
        parts: new Map([[by, kind], ...[...fields.parts].filter(([name]) => name !== by)]),
        required: [...new Set([by, ...fields.required])],
      }
    })
    const all = new Map(made.flatMap(({ parts }) => [...parts]))
    const raw = made.map(({ parts, required }) => rawIn(parts, required)).find((one) => one !== null) ?? null
    const forms = made.map(({ parts, required }) => ({ type: 'object', ...objectForm(parts, required) }))
    return { form: { ...about, oneOf: forms }, shape: objectShape(all), raw }
  }

  /** The fields of an object that a person fills in, in the order of a form. */
  fields(
    schema: JsonObject,
    trail: readonly string[],
    level: number,
  ): { parts: Map<string, FormPart>; required: string[] } {
    const properties = isJsonObject(schema.properties) ? schema.properties : {}
    const required = listOf(schema.required).map(textOf)
    const made = Object.entries(properties).flatMap(([name, property]): [string, FormPart][] => {
      if (!isJsonObject(property)) return []
      const whole = merged(property, this.#parts)
      if (whole.readOnly === true || whole['x-ms-visibility'] === 'internal') return []
      return [[name, this.field(property, trail, level)]]
    })
    const isNeeded = ([name]: [string, FormPart]): number => (required.includes(name) ? 0 : 1)
    return {
      parts: new Map(made.toSorted((a, b) => isNeeded(a) - isNeeded(b))),
      required: required.filter((name) => made.some(([one]) => one === name)),
    }
  }

  #json(schema: JsonObject, reason: string): FormPart {
    const { description, ...about } = aboutOf(schema)
    const words = [typeof description === 'string' ? description : '', `Written as JSON: ${reason}.`]
      .filter(Boolean)
      .join(' ')
    const sample = sampleOf(schema, this.#parts)
    const placeholder = sample === undefined ? undefined : JSON.stringify(sample).slice(0, 2_000)
    return {
      form: { ...about, description: words, ui: { widget: 'json', ...(placeholder && { placeholder }) } },
      shape: { type: 'any' },
      raw: reason,
    }
  }
}

const SCALARS: ReadonlySet<string> = new Set(['string', 'number', 'integer', 'boolean', 'file'])

/** The form of an object's fields. */
export function objectForm(parts: ReadonlyMap<string, FormPart>, required: readonly string[]): JsonObject {
  return {
    properties: Object.fromEntries([...parts].map(([name, part]) => [name, part.form])),
    required: [...required],
  }
}

function objectShape(parts: ReadonlyMap<string, FormPart>): Shape {
  return { type: 'object', fields: Object.fromEntries([...parts].map(([name, part]) => [name, part.shape])) }
}

/** Why a field that is needed must be written as JSON. One that may be left out does no harm. */
function rawIn(parts: ReadonlyMap<string, FormPart>, required: readonly string[]): string | null {
  for (const name of required) {
    const raw = parts.get(name)?.raw
    if (raw) return raw
  }
  return null
}

/** What a person reads about a field. */
function aboutOf(schema: JsonObject): JsonObject {
  const { description, default: usual } = schema
  const title = schema['x-ms-summary']
  return {
    ...(typeof title === 'string' && title !== '' && { title: title.slice(0, 100) }),
    ...(typeof description === 'string' && description !== '' && { description }),
    ...(usual !== undefined && usual !== null && typeof usual !== 'object' && { default: usual }),
  }
}

const plain = (form: JsonObject, type: Shape['type']): FormPart => ({ form, shape: { type }, raw: null })

function choice(schema: JsonObject, about: JsonObject): FormPart {
  const values = listOf(schema.enum).filter((value) => value !== null && typeof value !== 'object')
  const [first] = values
  if (first === undefined) return plain({ ...about, type: 'string' }, 'any')
  const types = new Set(values.map(typeOf))
  return plain({ ...about, enum: [...new Set(values)] }, types.size === 1 ? typeOf(first) : 'any')
}

function typeOf(value: Json): Shape['type'] {
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value === 'boolean' ? 'boolean' : typeof value === 'string' ? 'string' : 'any'
}

/** Names and lengths of what takes more than a line. */
const LONG_NAMES = /(?:^|[_-])(?:body|content|description|text|message|comment|notes?|html|markdown)$/i

function text(schema: JsonObject, about: JsonObject): FormPart {
  const { format, maxLength } = schema
  if (format === 'binary' || schema.type === 'file' || typeof schema.contentMediaType === 'string')
    return plain({ ...about, type: 'string', ui: { widget: 'file-path', mustExist: true } }, 'file')
  const isLong =
    typeof maxLength === 'number' && maxLength > 200 && maxLength < 1e9 && LONG_NAMES.test(textOf(schema.title))
  const example = exampleText(schema)
  const placeholder = example ?? (Object.hasOwn(FORMATS, textOf(format)) ? FORMATS[textOf(format)] : undefined)
  return plain(
    {
      ...about,
      type: 'string',
      ui: { widget: isLong ? 'template-long' : 'template', ...(placeholder && { placeholder }) },
    },
    'string',
  )
}

const FORMATS: Readonly<Record<string, string>> = {
  'date-time': '2026-11-30T09:00:00Z',
  date: '2026-11-30',
  uri: 'https://example.com',
  email: 'ada@example.com',
}

function exampleText({ example, examples }: JsonObject): string | undefined {
  const value = example ?? examples
  return (typeof value === 'string' || typeof value === 'number') && String(value).length <= 200
    ? String(value)
    : undefined
}

/** The type that a schema has, or that what it says makes it have. */
function kindOf(schema: JsonObject): string {
  const { type } = schema
  if (typeof type === 'string' && type !== 'file') return type
  if (type === 'file') return 'string'
  if (type !== undefined && isJsonList(type)) {
    const types = type.filter((one) => one !== 'null').map(textOf)
    // A text stands for any of them.
    return types.includes('string') ? 'string' : (types[0] ?? '')
  }
  if (isJsonObject(schema.properties) || isJsonObject(schema.additionalProperties)) return 'object'
  if (isJsonObject(schema.items)) return 'array'
  if (typeof schema.format === 'string' || typeof schema.maxLength === 'number') return 'string'
  if (typeof schema.minimum === 'number' || typeof schema.maximum === 'number') return 'number'
  return ''
}

function shapesOf(schema: JsonObject): readonly JsonObject[] | null {
  const shapes = schema.oneOf ?? schema.anyOf
  return shapes !== undefined && isJsonList(shapes) && shapes.length > 0
    ? shapes.filter((one) => isJsonObject(one))
    : null
}

/** A schema without the choice of null: what may be null may be left out, or be a template that becomes null. */
function withoutNull(schema: JsonObject, parts: Parts): JsonObject {
  const shapes = shapesOf(schema)
  if (shapes === null) return schema
  const left = shapes.filter((one) => merged(one, parts).type !== 'null')
  if (left.length === shapes.length) return schema
  const { oneOf: _one, anyOf: _any, ...rest } = schema
  const [only] = left
  if (left.length !== 1 || only === undefined) return { ...rest, oneOf: left }
  return { ...merged(only, parts), ...rest }
}
