import { isJsonObject, type Json, type JsonObject } from '../values/json.ts'
import type { Operation, ParameterStyle, Slice, SliceField } from './api.ts'
import { FormMaker, type FormPart } from './form.ts'
import { merged, type Parts } from './parts.ts'
import { listOf } from './read-values.ts'

/** The form of an operation's input, and the fields by which a request is made of what is filled in. */
export type OperationForm = {
  /** JSON Schema of the input, in the order of the form. */
  readonly form: JsonObject
  readonly fields: readonly SliceField[]
  readonly body: Slice['body']
  /** Why fields must be written as JSON, by their names; those that are needed are among `needed`. */
  readonly raw: ReadonlyMap<string, string>
  readonly needed: readonly string[]
}

type Entry = {
  readonly field: SliceField
  readonly part: FormPart
  readonly isImportant: boolean
  readonly isFolded: boolean
}

/** What is shown before "More fields" although it may be left out. */
const MOST_SHOWN = 6

/** Makes the form of an operation. It never fails: what cannot be a field is a field for JSON. */
export function operationForm(operation: Operation, parts: Parts): OperationForm {
  const maker = new FormMaker(parts)
  const names = new Set<string>()
  const entries: Entry[] = []
  for (const parameter of operation.parameters) {
    const { in: place, required, style, explode, reserved, isJson } = parameter
    if (parameter.schema['x-ms-visibility'] === 'internal' && parameter.schema.default === undefined) continue
    const isAccept = place === 'header' && /^accept$/i.test(parameter.name)
    const accepted = isAccept ? acceptedBy(parameter.schema) : undefined
    if (isAccept && accepted === undefined) continue
    const part = maker.field({
      ...parameter.schema,
      ...(parameter.description !== '' && { description: parameter.description }),
    })
    entries.push(
      entryOf(parameter.schema, part, {
        ...(accepted !== undefined && { constant: accepted }),
        name: freeName(names, parameter.name),
        key: parameter.name,
        in: place,
        required,
        shape: part.shape,
        style,
        explode,
        ...(reserved && { reserved }),
        ...(isJson && { isJson }),
      }),
    )
  }
  const { body, added } = bodyOf(operation, parts, maker, names)
  entries.push(...added)
  const ordered = [...entries.filter(({ field }) => field.required), ...entries.filter(({ field }) => !field.required)]
  const shown = ordered.filter(({ field, isFolded }) => !field.required && !isFolded)
  const isFew = shown.length <= MOST_SHOWN
  const properties = ordered
    .filter(({ field }) => field.constant === undefined)
    .map(({ field, part, isImportant, isFolded }): [string, Json] => {
      const advanced = !field.required && !isImportant && (isFolded || !isFew)
      const ui = isJsonObject(part.form.ui) ? part.form.ui : {}
      return [field.name, advanced ? { ...part.form, ui: { ...ui, advanced: true } } : part.form]
    })
  return {
    form: {
      type: 'object',
      properties: Object.fromEntries(properties),
      required: ordered
        .filter(({ field }) => field.required && field.constant === undefined)
        .map(({ field }) => field.name),
    },
    fields: ordered.map(({ field }) => field),
    body,
    raw: new Map(ordered.flatMap(({ field, part }) => (part.raw === null ? [] : [[field.name, part.raw]]))),
    needed: ordered.filter(({ field, part }) => field.required && part.raw !== null).map(({ field }) => field.name),
  }
}

/** The kind of answer that an operation asks to be asked for, which is no question to a person. */
function acceptedBy({ default: usual, enum: values, example }: JsonObject): string | undefined {
  return [usual, listOf(values)[0], example].find((value) => typeof value === 'string')
}

function entryOf(schema: JsonObject, part: FormPart, field: SliceField): Entry {
  const visibility = schema['x-ms-visibility']
  const { const: only, enum: values } = part.form
  // What can only be one thing is no question.
  const single = only ?? (listOf(values).length === 1 ? listOf(values)[0] : undefined)
  const isHidden = visibility === 'internal' ? schema.default : field.required ? single : undefined
  return {
    field: {
      ...field,
      ...(isHidden !== undefined && { constant: isHidden }),
      ...(field.required && schema.default !== undefined && schema.default !== null && { fallback: schema.default }),
    },
    part,
    isImportant: visibility === 'important',
    isFolded: visibility === 'advanced' || schema.deprecated === true,
  }
}

function freeName(names: Set<string>, wanted: string): string {
  let name = wanted
  for (let number = 2; names.has(name); number++) name = `${wanted}_${number}`
  names.add(name)
  return name
}

/** The fields of a body: those of an object beside the parameters, or one field `body` for anything else. */
function bodyOf(
  { body }: Operation,
  parts: Parts,
  maker: FormMaker,
  names: Set<string>,
): { body: Slice['body']; added: readonly Entry[] } {
  if (body === null) return { body: null, added: [] }
  const schema = merged(body.schema, parts)
  const isForm = /^(?:multipart\/|application\/x-www-form-urlencoded)/i.test(body.type)
  const isJson = /json/i.test(body.type)
  const hasShapes = schema.oneOf !== undefined || schema.anyOf !== undefined
  if (
    (isForm || isJson) &&
    isJsonObject(schema.properties) &&
    Object.keys(schema.properties).length > 0 &&
    !hasShapes
  ) {
    const { parts: made, required } = maker.fields(
      schema,
      typeof body.schema.$ref === 'string' ? [body.schema.$ref] : [],
      1,
    )
    const properties = schema.properties
    const added = [...made].map(([key, part]) => {
      const taken = names.has(key)
      const name = freeName(names, taken ? `body_${key}` : key)
      const encoding = Object.hasOwn(body.encoding, key) ? body.encoding[key] : undefined
      const property = properties[key]
      return entryOf(isJsonObject(property) ? merged(property, parts) : {}, part, {
        name,
        key,
        in: 'body',
        required: required.includes(key),
        shape: part.shape,
        style: encoding?.style ?? ('form' satisfies ParameterStyle),
        explode: encoding?.explode ?? true,
        ...(encoding?.contentType !== undefined && { contentType: encoding.contentType }),
      })
    })
    return { body: { type: body.type, isWhole: false }, added }
  }
  const isBinary = !isForm && !isJson && !/^text\/|xml|yaml/i.test(body.type)
  const given = isBinary ? { type: 'string', format: 'binary' } : isJson || isForm ? body.schema : { type: 'string' }
  const part = maker.field({ ...given, ...(body.description !== '' && { description: body.description }) })
  const name = freeName(names, 'body')
  const field: SliceField = {
    name,
    key: 'body',
    in: 'body',
    required: body.required,
    shape: part.shape,
    style: 'form',
    explode: true,
  }
  return { body: { type: body.type, isWhole: true }, added: [entryOf({}, part, field)] }
}
