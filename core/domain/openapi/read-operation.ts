import { withoutTrailing } from '../templates/trailing.ts'
import { isJsonList, isJsonObject, type Json, type JsonObject } from '../values/json.ts'
import type {
  ApiAnswer,
  ApiEvent,
  Operation,
  Parameter,
  ParameterPlace,
  ParameterStyle,
  RequestBody,
  SignIn,
} from './api.ts'
import { type Documents, objectAt } from './pointers.ts'
import { plainText, type SchemaReader, shortExample } from './read-schema.ts'
import { listOf, serversOf, signInIds, textOf } from './read-values.ts'

/** What all operations of a description are read with. */
export type OperationContext = {
  readonly documents: Documents
  readonly schemas: SchemaReader
  readonly root: JsonObject
  /** It is OpenAPI 2.0. */
  readonly isOld: boolean
  /** The ways to sign in of operations that say nothing; null where nothing is said at all. */
  readonly security: readonly string[] | null
  readonly signIns: readonly SignIn[]
  /** Keys of operations so far. */
  readonly keys: Set<string>
}

type Place = {
  readonly path: string
  readonly method: string
  readonly item: JsonObject
  readonly file: string
  readonly value: JsonObject
}

/** Reads one operation. It is never refused: what is wrong with it is left out, or becomes a field for JSON that says why. */
export function readOperation(context: OperationContext, { path, method, item, file, value }: Place): Operation {
  const raw = rawParameters(context, [item.parameters, value.parameters], file)
  const parameters = declared(context, raw, path)
  const body = context.isOld ? oldBody(context, raw, value) : newBody(context, value, file)
  const answer = readAnswer(context, value, file)
  const blank = path.replace(/\{[^{}]*\}/g, '{}')
  const id = textOf(value.operationId).slice(0, 200)
  const summary = plainText(textOf(value.summary))
  const description = plainText(textOf(value.description))
  const tags = listOf(value.tags).map(textOf)
  const own = serversOf(value, false)
  const keyHeader = raw.find(({ object }) => object.in === 'header' && /^idempotency-?key$/i.test(textOf(object.name)))
  return {
    key: uniqueKey(context.keys, `${method} ${blank}`),
    method,
    path,
    id,
    title: titleOf(textOf(value['x-ms-summary']) || summary, description, id, method, path),
    description: description === '' || description === summary ? '' : description,
    tag: (tags[0] ?? '').slice(0, 100),
    isDeprecated: value.deprecated === true,
    parameters: parameters.filter(({ in: place, name }) => !(place === 'header' && /^idempotency-?key$/i.test(name))),
    body,
    answer,
    servers: own.length > 0 ? own : serversOf(item, false),
    signIns: signInIds(value.security) ?? context.security ?? context.signIns.map((one) => one.id),
    keyHeader: keyHeader ? textOf(keyHeader.object.name) : null,
    list: null,
  }
}

/** Reads what the API tells by a call. */
export function readEvent(
  context: OperationContext,
  name: string,
  method: string,
  value: JsonObject,
  file: string,
): ApiEvent {
  const body = newBody(context, value, file)
  const tags = listOf(value.tags).map(textOf)
  const content = objectAt(context.documents, file, value.requestBody)
  return {
    key: `EVENT ${name}`.slice(0, 500),
    title: titleOf(
      plainText(textOf(value.summary)),
      plainText(textOf(value.description)),
      textOf(value.operationId) || name,
      '',
      name,
    ),
    description: plainText(textOf(value.description)),
    tag: (tags[0] ?? '').slice(0, 100),
    method,
    schema: body?.schema ?? null,
    example: content === null ? undefined : exampleIn(context, content.object, content.file),
  }
}

function uniqueKey(keys: Set<string>, key: string): string {
  let unique = key
  for (let number = 2; keys.has(unique); number++) unique = `${key} ${number}`
  keys.add(unique)
  return unique
}

/** A short title: what the document says, or else the first sentence of the description, the id in words, or method and path. */
function titleOf(summary: string, description: string, id: string, method: string, path: string): string {
  const [sentence = ''] = description.split(/(?<=[.!?])\s/)
  const plain = summary || (sentence.length <= 100 ? sentence : '') || wordsOf(id) || `${method} ${path}`.trim()
  const short = withoutTrailing(plain, '. \n')
  return short.length > 100 ? `${short.slice(0, 99).trimEnd()}…` : short
}

function wordsOf(id: string): string {
  const words = id
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_./:-]+/g, ' ')
    .trim()
  return words === '' ? '' : words.charAt(0).toUpperCase() + words.slice(1).toLowerCase()
}

type RawParameter = { readonly object: JsonObject; readonly file: string }

/** All parameters; those of the operation stand in place of those of the path. */
function rawParameters(
  { documents }: OperationContext,
  lists: readonly (Json | undefined)[],
  file: string,
): RawParameter[] {
  const found = new Map<string, RawParameter>()
  for (const list of lists) {
    if (list === undefined || !isJsonList(list)) continue
    for (const one of list) {
      const parameter = objectAt(documents, file, one)
      if (parameter !== null) found.set(`${textOf(parameter.object.in)} ${textOf(parameter.object.name)}`, parameter)
    }
  }
  return [...found.values()]
}

const PLACES: readonly ParameterPlace[] = ['path', 'query', 'header', 'cookie']
/** Headers that the request itself is responsible for. */
const OWN_HEADERS = /^(?:content-type|authorization|content-length|host|connection)$/i

function declared(context: OperationContext, raw: readonly RawParameter[], path: string): Parameter[] {
  const inPath = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name)
  const parameters = raw.flatMap(({ object, file }): Parameter[] => {
    const name = textOf(object.name)
    // The whole query at once (OpenAPI 3.2): its members are parameters.
    const isQuery = object.in === 'querystring' && !/json/i.test(Object.keys(Object(object.content)).join())
    const place = isQuery ? 'query' : PLACES.find((one) => one === object.in)
    if (place === undefined || name === '' || name.length > 300) return []
    if (place === 'header' && OWN_HEADERS.test(name)) return []
    if (place === 'path' && !inPath.includes(name)) return []
    return [parameterOf(context, object, file, name, place)]
  })
  const missing = inPath.filter((name) => !parameters.some((one) => one.in === 'path' && one.name === name))
  return [
    ...[...new Set(missing)].map((name) => ({
      name,
      in: 'path' as const,
      required: true,
      description: '',
      schema: { type: 'string' },
      style: 'simple' as const,
      explode: false,
      reserved: false,
      isJson: false,
    })),
    ...parameters,
  ]
}

const STYLES: readonly ParameterStyle[] = [
  'simple',
  'label',
  'matrix',
  'form',
  'spaceDelimited',
  'pipeDelimited',
  'deepObject',
]
const FORMATS: Readonly<Record<string, ParameterStyle>> = {
  csv: 'form',
  ssv: 'spaceDelimited',
  tsv: 'tabDelimited',
  pipes: 'pipeDelimited',
}

function parameterOf(
  { schemas, isOld }: OperationContext,
  object: JsonObject,
  file: string,
  name: string,
  place: ParameterPlace,
): Parameter {
  const content = isJsonObject(object.content) ? Object.entries(object.content)[0] : undefined
  const given = content === undefined ? object.schema : isJsonObject(content[1]) ? content[1].schema : undefined
  const schema = schemas.read(given ?? (isOld || object.type !== undefined ? object : undefined), file)
  const usual = place === 'query' || place === 'cookie' ? 'form' : 'simple'
  const format = textOf(object.collectionFormat)
  const style =
    STYLES.find((one) => one === object.style) ??
    (Object.hasOwn(FORMATS, format) && place === 'query' ? (FORMATS[format] ?? usual) : usual)
  const explode =
    typeof object.explode === 'boolean'
      ? object.explode
      : isOld
        ? format === 'multi'
        : style === 'form' || style === 'deepObject'
  const example = shortExample(object.example ?? object['x-example'] ?? firstExample(object.examples) ?? null)
  const { description: inner, ...rest } = schema
  return {
    name,
    in: place,
    required: object.required === true || place === 'path',
    description: plainText(textOf(object.description) || textOf(inner)),
    schema: {
      ...rest,
      ...(example !== null && example !== undefined && schema.example === undefined && { example }),
      ...(typeof object['x-ms-summary'] === 'string' && { 'x-ms-summary': object['x-ms-summary'] }),
      ...(typeof object['x-ms-visibility'] === 'string' && { 'x-ms-visibility': object['x-ms-visibility'] }),
    },
    style,
    explode,
    reserved: object.allowReserved === true || object['x-ms-skip-url-encoding'] === true,
    isJson: content !== undefined && /json/i.test(content[0]),
  }
}

/** The best of several content types of a body: the one for which a form can say most. */
function rank(type: string, schema: JsonObject): number {
  const plain = type.split(';')[0]?.trim().toLowerCase() ?? ''
  const isEmpty = Object.keys(schema).length === 0
  if (plain === 'application/json') return isEmpty ? 3 : 0
  if (/[/+]json$/.test(plain)) return 1
  if (plain === 'multipart/form-data') return 1.5
  if (plain === 'application/x-www-form-urlencoded') return 2
  if (plain === '*/*') return 4
  if (plain.startsWith('text/')) return 6
  if (/xml|yaml/.test(plain)) return 7
  return 5
}

function newBody({ documents, schemas }: OperationContext, value: JsonObject, file: string): RequestBody | null {
  const body = objectAt(documents, file, value.requestBody)
  if (body === null || !isJsonObject(body.object.content)) return null
  const types = Object.entries(body.object.content).flatMap(([type, media]) => {
    if (!isJsonObject(media)) return []
    return [{ type, media, schema: schemas.read(media.schema, body.file) }]
  })
  const [best] = types.toSorted((a, b) => rank(a.type, a.schema) - rank(b.type, b.schema))
  // Some documents have an empty form on each of their reads.
  const isEmpty =
    best === undefined ||
    (best.schema.type === 'object' && best.schema.additionalProperties !== true && isEmptyObject(best.schema))
  if (best === undefined || (isEmpty && body.object.required !== true)) return null
  const encoding = isJsonObject(best.media.encoding) ? Object.entries(best.media.encoding) : []
  const example = exampleIn({ documents }, body.object, body.file)
  return {
    type: best.type === '*/*' ? 'application/json' : best.type.slice(0, 200),
    required: body.object.required === true,
    description: plainText(textOf(body.object.description)),
    schema: example === undefined || best.schema.example !== undefined ? best.schema : { ...best.schema, example },
    encoding: Object.fromEntries(
      encoding.map(([name, one]) => {
        const style = (isJsonObject(one) && STYLES.find((known) => known === one.style)) || 'form'
        const type = isJsonObject(one) ? textOf(one.contentType).trim() : ''
        // Several, or a range, are what the API takes and not what is sent.
        const isOne = type.length <= 200 && /^[\w.+-]+\/[\w.+-]+(?:\s*;[^,*]*)?$/.test(type)
        const explode = isJsonObject(one) && typeof one.explode === 'boolean' ? one.explode : true
        return [name, { style, explode, ...(isOne && { contentType: type }) }]
      }),
    ),
  }
}

function isEmptyObject({ properties, allOf, anyOf, oneOf, $ref }: JsonObject): boolean {
  return (
    $ref === undefined &&
    !allOf &&
    !anyOf &&
    !oneOf &&
    (!isJsonObject(properties) || Object.keys(properties).length === 0)
  )
}

/** The body of OpenAPI 2.0: a parameter of its own, or fields of a form. */
function oldBody(
  { schemas, root }: OperationContext,
  raw: readonly RawParameter[],
  value: JsonObject,
): RequestBody | null {
  const consumes = value.consumes ?? root.consumes
  const types = listOf(consumes).map(textOf)
  const whole = raw.find(({ object }) => object.in === 'body')
  if (whole !== undefined) {
    const schema = schemas.read(whole.object.schema, whole.file)
    // What the whole document takes may be a form with files, which a body of one value never is.
    const [type = 'application/json'] = types
      .filter((one) => !/^multipart\//i.test(one))
      .toSorted((a, b) => rank(a, schema) - rank(b, schema))
    return {
      type,
      required: whole.object.required === true,
      description: plainText(textOf(whole.object.description)),
      schema,
      encoding: {},
    }
  }
  const fields = raw.filter(({ object }) => object.in === 'formData' && textOf(object.name) !== '')
  if (fields.length === 0) return null
  const hasFile = fields.some(({ object }) => object.type === 'file')
  const properties = fields.map(({ object, file }): [string, Json] => {
    const { required: _required, ...schema } = schemas.read(object, file)
    return [textOf(object.name), object.type === 'file' ? { ...schema, type: 'string', format: 'binary' } : schema]
  })
  return {
    type:
      hasFile || (types.includes('multipart/form-data') && !types.includes('application/x-www-form-urlencoded'))
        ? 'multipart/form-data'
        : 'application/x-www-form-urlencoded',
    required: fields.some(({ object }) => object.required === true),
    description: '',
    schema: {
      type: 'object',
      properties: Object.fromEntries(properties),
      required: fields.filter(({ object }) => object.required === true).map(({ object }) => textOf(object.name)),
    },
    encoding: Object.fromEntries(
      fields.flatMap(({ object }): [string, { style: ParameterStyle; explode: boolean }][] => {
        const format = textOf(object.collectionFormat)
        return object.type === 'array'
          ? [[textOf(object.name), { style: FORMATS[format] ?? 'form', explode: format === 'multi' }]]
          : []
      }),
    ),
  }
}

function readAnswer(context: OperationContext, value: JsonObject, file: string): ApiAnswer {
  const { documents, schemas, isOld } = context
  const responses = objectAt(documents, file, value.responses)
  const codes = Object.keys(responses?.object ?? {})
    .filter((code) => /^2/.test(code))
    .toSorted()
  const code = codes.find((one) => one !== '204') ?? codes[0] ?? 'default'
  const response =
    responses === null || !Object.hasOwn(responses.object, code)
      ? null
      : objectAt(documents, responses.file, responses.object[code])
  if (response === null) return { schema: null, example: undefined, isStream: false }
  if (isOld) {
    const examples = isJsonObject(response.object.examples) ? Object.values(response.object.examples)[0] : undefined
    const schema = response.object.schema === undefined ? null : schemas.read(response.object.schema, response.file)
    return { schema, example: examples === undefined ? undefined : shortExample(examples), isStream: false }
  }
  const content = isJsonObject(response.object.content) ? Object.entries(response.object.content) : []
  const [best] = content.toSorted(([a], [b]) => rank(a, { type: 'object' }) - rank(b, { type: 'object' }))
  const media = best?.[1]
  return {
    schema: isJsonObject(media) && media.schema !== undefined ? schemas.read(media.schema, response.file) : null,
    example: exampleIn(context, response.object, response.file),
    isStream: best?.[0].includes('event-stream') === true,
  }
}

/** The example of a content, where there is one. */
function exampleIn(
  { documents }: Pick<OperationContext, 'documents'>,
  { content }: JsonObject,
  file: string,
): Json | undefined {
  if (!isJsonObject(content)) return undefined
  for (const media of Object.values(content)) {
    if (!isJsonObject(media)) continue
    if (media.example !== undefined) return shortExample(media.example)
    if (!isJsonObject(media.examples)) continue
    const first = objectAt(documents, file, Object.values(media.examples)[0])
    if (first !== null && first.object.value !== undefined) return shortExample(first.object.value)
  }
  return undefined
}

function firstExample(examples: Json | undefined): Json | undefined {
  if (!isJsonObject(examples)) return undefined
  const [first] = Object.values(examples)
  return isJsonObject(first) ? first.value : undefined
}
