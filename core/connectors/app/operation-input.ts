import type { Slice, SliceField } from '../../domain/openapi/api.ts'
import { isJsonObject, type Json, type JsonObject, textOf } from '../../domain/values/json.ts'

/** Headers that say nothing of the operation: they follow from it, or every client sets them. */
const USUAL_HEADERS = /^(?:accept|accept-encoding|accept-language|content-type|user-agent)$/i
/** What is said of a request that the step of an operation has a place for. All else changes how it is sent, such as its proxy, or what: files. */
const KNOWN: ReadonlySet<string> = new Set(['method', 'url', 'headers', 'auth', 'body', 'bodyType'])

/**
 * What stands in a path where its template has names, as it is written there; null where it is another path. A part of the path holds one name
 * at most, as nearly all do.
 */
export function pathValues(template: string, path: string): Map<string, string> | null {
  const wanted = template.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return null
  const values = new Map<string, string>()
  for (const [at, part] of wanted.entries()) {
    const text = given[at] ?? ''
    const open = part.indexOf('{')
    const close = part.indexOf('}', open)
    if (open < 0 || close < 0) {
      if (part !== text) return null
      continue
    }
    const [before, name, behind] = [part.slice(0, open), part.slice(open + 1, close), part.slice(close + 1)]
    const value = text.slice(before.length, text.length - behind.length)
    if (value === '' || text !== `${before}${value}${behind}`) return null
    values.set(name, value)
  }
  return values
}

/**
 * How the step of an operation is filled in that sends what an `http.request` with this input would. Null where that has something of which
 * the operation does not know: the plain request says it all then.
 */
export function operationInput(
  slice: Slice,
  path: ReadonlyMap<string, string>,
  request: JsonObject,
): JsonObject | null {
  if (Object.keys(request).some((name) => !KNOWN.has(name))) return null
  const input = new Map<string, Json>()
  const fields = (place: SliceField['in']) =>
    new Map(slice.fields.filter((one) => one.in === place).map((one) => [one.key, one]))
  const pathFields = fields('path')
  for (const [key, text] of path) {
    const field = pathFields.get(key)
    if (field === undefined) return null
    input.set(field.name, decoded(text))
  }
  const queryFields = fields('query')
  for (const [key, value] of queryOf(textField(request, 'url'))) {
    const field = queryFields.get(key)
    if (field === undefined || field.style === 'deepObject') return null
    const before = input.get(field.name)
    if (before !== undefined && field.shape.type !== 'list') return null
    input.set(field.name, before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value])
  }
  const headerFields = new Map([...fields('header')].map(([key, field]) => [key.toLowerCase(), field]))
  for (const [name, value] of Object.entries(
    isJsonObject(request.headers ?? null) ? (request.headers as JsonObject) : {},
  )) {
    const field = headerFields.get(name.toLowerCase())
    if (field !== undefined && typeof value === 'string') input.set(field.name, value)
    else if (!USUAL_HEADERS.test(name)) return null
  }
  const { body } = request
  if (body === undefined || body === '') return complete(slice, input)
  if (slice.body === null || !isSentAs(slice.body.type, request.bodyType)) return null
  const bodyFields = fields('body')
  if (slice.body.isWhole) {
    const [whole] = bodyFields.values()
    if (whole === undefined) return null
    return complete(slice, input.set(whole.name, body))
  }
  if (!isJsonObject(body)) return null
  for (const [key, value] of Object.entries(body)) {
    const field = bodyFields.get(key)
    if (field === undefined || field.shape.type === 'file') return null
    input.set(field.name, value)
  }
  return complete(slice, input)
}

/** The input, unless the operation would not be sent like that. */
function complete(slice: Slice, input: ReadonlyMap<string, Json>): JsonObject | null {
  const isSent = slice.fields.every(({ name, required, constant, fallback }) => {
    const given = input.get(name)
    if (given === undefined) return !required || constant !== undefined || fallback !== undefined
    return constant === undefined || textOf(constant) === textOf(given)
  })
  return isSent ? Object.fromEntries(input) : null
}

function isSentAs(type: string, bodyType: Json | undefined): boolean {
  if (/json/i.test(type)) return bodyType === 'json'
  if (/x-www-form-urlencoded/i.test(type)) return bodyType === 'form'
  return bodyType === 'text' && /^text\//i.test(type)
}

function* queryOf(url: string): Iterable<[key: string, value: string]> {
  const [, query = ''] = /\?([^#]*)/.exec(url) ?? []
  for (const pair of query.split('&')) {
    if (pair === '') continue
    const at = pair.indexOf('=')
    yield at < 0 ? [decoded(pair), ''] : [decoded(pair.slice(0, at)), decoded(pair.slice(at + 1).replaceAll('+', ' '))]
  }
}

const textField = (input: JsonObject, name: string): string => {
  const value = input[name]
  return typeof value === 'string' ? value : ''
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
