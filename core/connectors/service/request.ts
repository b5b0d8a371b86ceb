import { StepError } from '../../domain/runs/step-error.ts'
import { encodedPart } from '../../domain/values/address-text.ts'
import { isJsonList, isJsonObject, type Json, textOf } from '../../domain/values/json.ts'
import type { AppRequest } from '../app-request.ts'
import type { FieldPlace, ServiceField } from './fields.ts'

/** What an operation sends: `POST /v1/chats/{chat}/messages?pretty=1`, with fields in braces; `{+path}` keeps its slashes. */
export type RequestLine = `${NonNullable<AppRequest['method']>} ${string}`

export type ServiceFields = Readonly<Record<string, ServiceField>>

/** What was entered, by the names of the fields. */
export type Entered = Readonly<Record<string, Json | undefined>>

export type RequestRule = {
  readonly request: RequestLine
  readonly fields?: ServiceFields
  /** In which form the body is sent; JSON when absent. `brackets` is a form in which objects and lists are `a[b][0]`. */
  readonly bodyType?: 'json' | 'form' | 'brackets'
  /** What is always sent beside the fields, or makes the body of what the fields made of it. */
  readonly body?: Readonly<Record<string, Json>> | ((body: Json, entered: Entered) => Json)
  readonly headers?: Readonly<Record<string, string>>
}

/** Methods that have no body. */
const BODILESS = new Set(['GET', 'DELETE'])

/** The request of an operation. Throws a {@link StepError} `bad-input` for a field of the path that would lead elsewhere. */
export function requestOf(rule: RequestRule, entered: Entered): AppRequest {
  const { request, fields = {}, bodyType = 'json' } = rule
  const { method, template, constants } = readLine(request)
  const inPath = namesInPath(template)
  const query: Record<string, string | readonly string[]> = { ...constants }
  const headers: Record<string, string> = { ...rule.headers }
  let body: Json = {}
  for (const [name, field] of Object.entries(fields)) {
    const value = sent(name, field, entered[name])
    if (value === undefined) continue
    const place = placeOf(name, field, { inPath, method })
    const as = field.as ?? name
    if (place === 'query') query[as] = isJsonList(value) ? value.map(textOf) : textOf(value)
    if (place === 'header') headers[as] = textOf(value)
    if (place === 'body') body = withField(body, as.split('.'), value)
  }
  const own = isJsonObject(body) ? body : {}
  // Without a field for it there is none: some services take even an empty one amiss.
  const takesBody = Object.entries(fields).some(([name, field]) => placeOf(name, field, { inPath, method }) === 'body')
  const hasBody = takesBody || rule.body !== undefined
  const whole = typeof rule.body === 'function' ? rule.body(own, entered) : { ...rule.body, ...own }
  return {
    method,
    path: pathOf(template, fields, entered),
    query,
    headers,
    ...(hasBody &&
      (bodyType === 'brackets' ? { body: bracketed(whole), bodyType: 'form' } : { body: whole, bodyType })),
  }
}

function readLine(line: RequestLine) {
  const blank = line.indexOf(' ')
  // The type of a line says so.
  const method = line.slice(0, blank) as NonNullable<AppRequest['method']>
  const [template = '', search = ''] = line.slice(blank + 1).split('?', 2)
  return { method, template, constants: Object.fromEntries(new URLSearchParams(search)) }
}

function namesInPath(template: string): ReadonlySet<string> {
  return new Set([...template.matchAll(/\{\+?(\w+)\}/g)].map(([, name]) => name ?? ''))
}

function placeOf(
  name: string,
  field: ServiceField,
  { inPath, method }: { readonly inPath: ReadonlySet<string>; readonly method: string },
): FieldPlace {
  if (field.at !== undefined) return field.at
  if (inPath.has(name)) return 'path'
  return BODILESS.has(method) ? 'query' : 'body'
}

/** Throws a {@link StepError} `bad-input` where a number was to be made of what is none: as JSON it would be null, and mean something else. */
function sent(name: string, field: ServiceField, value: Json | undefined): Json | undefined {
  if (value === undefined) return undefined
  if (field.send === undefined) return value
  const made = field.send(value)
  // A number that came as one is its sender's affair.
  const isText = typeof value === 'string' || isJsonList(value)
  if (made !== undefined && isText && holdsNoNumber(made, Number.MAX_SAFE_INTEGER)) throw noNumber(name, value)
  return made
}

/** Whether numbers in a value are none, or in whole ones larger than `most`, which may stand for others. */
export function holdsNoNumber(value: Json, most: number): boolean {
  if (typeof value === 'number') return !Number.isFinite(value) || (Number.isInteger(value) && Math.abs(value) > most)
  if (isJsonList(value)) return value.some((one) => holdsNoNumber(one, most))
  return isJsonObject(value) && Object.values(value).some((one) => holdsNoNumber(one, most))
}

function noNumber(name: string, value: Json): StepError {
  const came = textOf(value).slice(0, 100)
  return new StepError({
    code: 'bad-input',
    message: `"${name}" takes a number, but "${came}" came.`,
    retryable: false,
  })
}

/** Names in braces that are no field stay: a credential puts its secret there at the last moment. */
function pathOf(template: string, fields: ServiceFields, entered: Entered): string {
  const filled = template.replace(/\{(\+?)(\w+)\}/g, (whole, plus: string, name: string) => {
    const field = fields[name]
    if (field === undefined) return whole
    const value = textOf(sent(name, field, entered[name]) ?? '')
    return plus === ''
      ? pathPart(name, value)
      : value
          .split('/')
          .map((part) => encodedPart(checkedPart(name, part)))
          .join('/')
  })
  return filled.replace(/^\//, '')
}

/** What was entered in a field as one part of a path, for operations that make their own. Throws a {@link StepError} `bad-input` where it would lead elsewhere. */
export function pathPart(name: string, value: Json | undefined): string {
  const text = textOf(value ?? '')
  if (text === '') throw leadsElsewhere(name, 'nothing')
  return encodedPart(checkedPart(name, text))
}

/** A part of dots would be a step up. */
function checkedPart(name: string, part: string): string {
  if (/^\.{1,2}$/.test(part)) throw leadsElsewhere(name, `"${part}"`)
  return part
}

function leadsElsewhere(name: string, came: string): StepError {
  const message = `"${name}" takes a name or an id, but ${came} came.`
  return new StepError({ code: 'bad-input', message, retryable: false })
}

/** An object as the names of a form: `{ a: { b: [1] } }` as `a[b][0]`. */
export function bracketed(value: Json): Readonly<Record<string, Json>> {
  const made: Record<string, Json> = {}
  const put = (name: string, one: Json): void => {
    if (isJsonList(one)) for (const [at, item] of one.entries()) put(`${name}[${at}]`, item)
    else if (isJsonObject(one))
      for (const [key, item] of Object.entries(one)) put(name === '' ? key : `${name}[${key}]`, item)
    else made[name] = one
  }
  put('', value)
  return made
}

/** A body with a field in it, in objects by the names before. */
export function withField(body: Json, keys: readonly string[], value: Json): Json {
  const [key, ...rest] = keys
  if (key === undefined) return value
  const object = isJsonObject(body) ? body : {}
  return { ...object, [key]: withField(Object.hasOwn(object, key) ? (object[key] ?? null) : {}, rest, value) }
}
