import type { Shape, Slice, SliceField } from '../../domain/openapi/api.ts'
import { StepError } from '../../domain/runs/step-error.ts'
import { withoutTrailing } from '../../domain/templates/trailing.ts'
import { encodedPart, shownAddress } from '../../domain/values/address-text.ts'
import { isJsonList, isJsonObject, type Json, type JsonObject, textOf } from '../../domain/values/json.ts'
import type { FormPart } from '../app-request.ts'

/** A request that an operation is, before files in it are read and it is signed in. */
export type OperationRequest = {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: OperationBody | null
}

export type OperationBody =
  | { readonly kind: 'text'; readonly content: string; readonly type: string }
  | { readonly kind: 'file'; readonly value: Json; readonly field: string; readonly type: string }
  | { readonly kind: 'parts'; readonly parts: readonly (FormPart | FilePart)[] }

/** A part of a form that is a file still to be read. */
export type FilePart = { readonly name: string; readonly file: Json; readonly field: string }

/**
 * Makes the request of an operation from what its step was filled in with, as OpenAPI says parameters are written
 * (https://spec.openapis.org/oas/v3.1.1#style-values). It goes to `base` and below: whatever stands in a path, it leads nowhere else.
 *
 * @throws StepError `bad-input` that names the field, `bad-url` for a base that is no address.
 */
export function operationRequest(slice: Slice, base: string, input: JsonObject): OperationRequest {
  const values = new Map<SliceField, Json>()
  for (const field of slice.fields) {
    const given = Object.hasOwn(input, field.name) ? input[field.name] : undefined
    const value = field.constant ?? (given === undefined || given === '' ? undefined : as(given, field.shape))
    if (value !== undefined && value !== null) values.set(field, value)
    else if (value === null && field.in === 'body') values.set(field, null)
    else if (field.fallback !== undefined) values.set(field, field.fallback)
    else if (field.required) throw bad(field.name, 'needs a value')
  }
  const known = new Set(slice.fields.map(({ name }) => name))
  const unknown = Object.keys(input).find((name) => !known.has(name))
  if (unknown !== undefined)
    throw bad(unknown, `is no field of "${slice.title}"; it has ${[...known].slice(0, 20).join(', ') || 'none'}`)
  const of = (place: SliceField['in']) => [...values].filter(([field]) => field.in === place)
  const headers = new Map<string, string>()
  for (const [field, value] of of('header'))
    headers.set(field.key, field.isJson === true ? JSON.stringify(value) : simple(value, field.explode))
  const cookies = of('cookie')
    .flatMap(([field, value]) => pairs(field, value))
    .map(([name, value]) => `${name}=${value.split('\0').map(encodedPart).join(',')}`)
  if (cookies.length > 0) headers.set('Cookie', cookies.join('; '))
  return {
    url: addressIn(slice, base, of('path'), of('query')),
    headers: Object.fromEntries(headers),
    body: bodyOf(slice, of('body')),
  }
}

type Given = readonly (readonly [SliceField, Json])[]

function addressIn(slice: Slice, given: string, path: Given, query: Given): URL {
  const base = URL.parse(given)
  if (base === null || !/^https?:$/.test(base.protocol))
    throw new StepError({
      code: 'bad-url',
      message: `"${shownAddress(given)}" is not an address that begins with http:// or https://.`,
      retryable: false,
    })
  const prefix = withoutTrailing(base.pathname, '/')
  const [template = ''] = slice.path.split('#')
  const filled = template.replace(/\{([^{}]+)\}/g, (all, name: string) => {
    const found = path.find(([field]) => field.key === name)
    return found === undefined ? encodedPart(all) : inPath(found[0], found[1])
  })
  const [way = '', own = ''] = splitQuery(filled)
  const added = query.flatMap(([field, value]) => queryPairs(field, value))
  const search = [base.search.slice(1), own, ...added].filter(Boolean).join('&')
  const url = new URL(base)
  const whole = `${prefix}/${way.replace(/^\/+/, '')}`
  if (whole.split('/').some((part) => /^(?:\.|%2e){1,2}$/i.test(part))) throw leadsAway(slice)
  url.pathname = way === '' || way === '/' ? `${prefix}${way}` || '/' : whole
  url.search = search
  url.hash = ''
  // Whatever the description and the values say.
  if (url.origin !== base.origin || !(url.pathname === prefix || url.pathname.startsWith(`${prefix}/`)))
    throw leadsAway(slice)
  return url
}

function splitQuery(text: string): [string, string] {
  const at = text.indexOf('?')
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

function leadsAway({ title }: Slice): StepError {
  const message = `"${title}" would leave the address of its app: a value in its path must not be "." or "..".`
  return new StepError({ code: 'bad-input', message, retryable: false })
}

function inPath(field: SliceField, value: Json): string {
  const { style, explode, reserved } = field
  const encode = (text: string): string =>
    reserved === true ? encodeURI(text.toWellFormed()).replace(/[?#]/g, encodeURIComponent) : encoded(text)
  const joined = (separator: string): string =>
    isJsonList(value)
      ? value.map((one) => encode(textOf(one))).join(separator)
      : isJsonObject(value)
        ? Object.entries(value)
            .map(([name, one]) => `${encode(name)}${explode ? '=' : ','}${encode(textOf(one))}`)
            .join(separator)
        : encode(field.isJson === true ? JSON.stringify(value) : textOf(value))
  const text =
    style === 'label'
      ? `.${joined(explode ? '.' : ',')}`
      : style === 'matrix'
        ? matrix(field, value, encode, joined)
        : joined(',')
  if (text === '' || /^\.{1,2}$/.test(text))
    throw bad(field.name, 'stands in the path, so it must not be empty, "." or ".."')
  return text
}

/** `;id=1,2`, and where it is exploded `;id=1;id=2`, or `;a=1;b=2` of an object (RFC 6570, 3.2.7). */
function matrix(
  { key, explode }: SliceField,
  value: Json,
  encode: (text: string) => string,
  joined: (separator: string) => string,
): string {
  if (explode && isJsonList(value)) return value.map((one) => `;${encode(key)}=${encode(textOf(one))}`).join('')
  if (explode && isJsonObject(value)) return `;${joined(';')}`
  return `;${encode(key)}=${joined(',')}`
}

const encoded = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )

function queryPairs(field: SliceField, value: Json): string[] {
  const encode = (text: string): string =>
    field.reserved === true ? encodeURI(text.toWellFormed()).replace(/[#&+=]/g, encodeURIComponent) : encoded(text)
  const separator = SEPARATORS[field.style] ?? ','
  return pairs(field, value).map(
    ([name, text, isJoined]) =>
      `${encodedName(name)}=${isJoined ? text.split('\0').map(encode).join(separator) : encode(text)}`,
  )
}

/** Brackets in names are left as they are, since that is how nearly every API writes them. */
const encodedName = (name: string): string => encoded(name).replaceAll('%5B', '[').replaceAll('%5D', ']')
const SEPARATORS: Readonly<Record<string, string>> = { spaceDelimited: '%20', tabDelimited: '%09', pipeDelimited: '|' }

/** A value as names and texts; a list in one text has zero bytes between its parts. */
function pairs(field: SliceField, value: Json): [name: string, text: string, isJoined: boolean][] {
  const { key, style, explode } = field
  if (field.isJson === true) return [[key, JSON.stringify(value), false]]
  if (isJsonList(value)) {
    if (style === 'deepObject') return value.flatMap((one, index) => deep(`${key}[${index}]`, one))
    if (explode) return value.map((one) => [key, textOf(one), false])
    return [[key, value.map(textOf).join('\0'), true]]
  }
  if (!isJsonObject(value)) return [[key, textOf(value), false]]
  if (style === 'deepObject') return deep(key, value)
  const members = Object.entries(value)
  if (explode) return members.map(([name, one]) => [name, textOf(one), false])
  return [[key, members.flatMap(([name, one]) => [name, textOf(one)]).join('\0'), true]]
}

function deep(name: string, value: Json): [string, string, boolean][] {
  if (isJsonList(value)) return value.flatMap((one, index) => deep(`${name}[${index}]`, one))
  if (isJsonObject(value)) return Object.entries(value).flatMap(([key, one]) => deep(`${name}[${key}]`, one))
  return value === null ? [] : [[name, textOf(value), false]]
}

function simple(value: Json, explode: boolean): string {
  if (isJsonList(value)) return value.map(textOf).join(',')
  if (isJsonObject(value))
    return Object.entries(value)
      .map(([name, one]) => `${name}${explode ? '=' : ','}${textOf(one)}`)
      .join(',')
  return textOf(value)
}

function bodyOf({ body }: Slice, values: Given): OperationBody | null {
  if (body === null || values.length === 0) return null
  const { type, isWhole } = body
  const [whole] = values
  const content: Json = isWhole
    ? (whole?.[1] ?? null)
    : Object.fromEntries(values.map(([{ key }, value]) => [key, value]))
  if (/^multipart\//i.test(type))
    return {
      kind: 'parts',
      parts: isWhole ? wholeParts(content) : values.flatMap(([field, value]) => partsOf(field, value)),
    }
  if (/^application\/x-www-form-urlencoded/i.test(type))
    return { kind: 'text', content: formText(isWhole ? wholeFields(content) : values), type }
  if (LINES_OF_JSON.test(type)) return { kind: 'text', content: linesOf(content), type }
  if (/json/i.test(type)) return { kind: 'text', content: JSON.stringify(content), type }
  if (whole !== undefined && whole[0].shape.type === 'file')
    return { kind: 'file', value: content, field: whole[0].name, type }
  return { kind: 'text', content: textOf(content), type }
}

/** Each line is JSON (https://github.com/ndjson/ndjson-spec). */
const LINES_OF_JSON = /^application\/(?:x-)?(?:ndjson|jsonl|json-?lines)\b/i

const linesOf = (content: Json): string =>
  typeof content === 'string'
    ? content
    : (isJsonList(content) ? content : [content]).map((one) => `${JSON.stringify(one)}\n`).join('')

const wholeFields = (content: Json): Given =>
  Object.entries(isJsonObject(content) ? content : {}).map(([key, value]) => [
    { name: key, key, in: 'body', required: false, shape: { type: 'any' }, style: 'form', explode: true },
    value,
  ])

const wholeParts = (content: Json): (FormPart | FilePart)[] =>
  wholeFields(content).flatMap(([field, value]) => partsOf(field, value))

/** Fields of a form; what is nested stands in brackets, unless it is said otherwise. */
function formText(values: Given): string {
  return values
    .flatMap(([field, value]) => {
      const isNested =
        isJsonObject(value) || (isJsonList(value) && value.some((one) => typeof one === 'object' && one !== null))
      return queryPairs(isNested ? { ...field, style: 'deepObject' } : field, value)
    })
    .map((pair) => pair.replaceAll('%20', '+'))
    .join('&')
}

function partsOf(field: SliceField, value: Json): (FormPart | FilePart)[] {
  const { key, name, shape, contentType } = field
  if (shape.type === 'file') return [{ name: key, file: value, field: name }]
  if (isJsonList(value)) {
    if (shape.items?.type === 'file') return value.map((file) => ({ name: key, file, field: name }))
    if (value.every((one) => typeof one !== 'object')) return value.map((one) => ({ name: key, value: textOf(one) }))
  }
  if (value === null) return []
  // As OpenAPI has it for what is no text (https://spec.openapis.org/oas/v3.1.1#encoding-content-type).
  if (typeof value === 'object')
    return [{ name: key, value: JSON.stringify(value), contentType: contentType ?? 'application/json' }]
  return [{ name: key, value: textOf(value), ...(contentType !== undefined && { contentType }) }]
}

/** A value as its field has it: templates often make texts of numbers. What does not fit stays as it is, and the API judges it. */
function as(value: Json, shape: Shape): Json {
  if (typeof value === 'string') {
    const text = value.trim()
    if ((shape.type === 'number' || shape.type === 'integer') && /^-?[0-9]{1,15}(?:\.[0-9]{1,15})?$/.test(text))
      return Number(text)
    if (shape.type === 'boolean' && /^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true'
    if ((shape.type === 'list' || shape.type === 'object') && /^[[{]/.test(text)) return parsed(text) ?? value
    if (shape.type === 'any' && /^[[{]/.test(text)) return parsed(text) ?? value
    if (shape.type === 'list') return [as(value, shape.items ?? { type: 'any' })]
    return value
  }
  if (isJsonList(value))
    return shape.items === undefined ? value : value.map((one) => as(one, shape.items ?? { type: 'any' }))
  if (isJsonObject(value) && shape.type === 'object')
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => {
        const inner = shape.fields !== undefined && Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined
        return [name, inner === undefined ? one : as(one, inner)]
      }),
    )
  if (shape.type === 'string' && (typeof value === 'number' || typeof value === 'boolean')) return String(value)
  return shape.type === 'list' && value !== null ? [as(value, shape.items ?? { type: 'any' })] : value
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function bad(field: string, reason: string): StepError {
  return new StepError({
    code: 'bad-input',
    message: `The field "${field.slice(0, 100)}" ${reason}.`,
    retryable: false,
  })
}
