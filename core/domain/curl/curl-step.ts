import { isSecretName } from '../trust/secret-names.ts'
import { isJsonList, isJsonObject, type Json, type JsonObject } from '../values/json.ts'
import { readJson } from '../values/lossless-json.ts'
import { asShown, asTemplate, hasMark, variablesIn } from './command-text.ts'
import { splitOnce } from './curl-options.ts'
import type { CurlPart } from './curl-parts.ts'
import { type CurlBody, type CurlRequest, readCurl } from './read-curl.ts'

/** A credential that a curl line needs. `secret` is how `credentials.set` takes it; null where only its owner knows it. */
export type CurlCredential = { readonly name: string; readonly type: string; readonly secret: string | null }

/** A step that sends what a curl line sends, the credential that its secret becomes, and what could not be taken over, in sentences. */
export type CurlStep = {
  readonly step: { readonly uses: 'http.request'; readonly input: JsonObject }
  readonly credentials: readonly CurlCredential[]
  readonly problems: readonly string[]
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'])
/** Headers that Hookline sets by itself, so that a step may not. */
const FRAMING =
  /^(?:connection|content-length|expect|http2-settings|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade|host)$/i
const NO_SECRET = /csrf|xsrf|idempotency|^cookie$|^sec-/i
const KEY_HEADER = /(?:[-_](?:key|auth|password)|apikey)$/i

/** Makes the step of a curl line. Null when there is none in the text. `taken` are names of credentials that are there already. */
export function curlStep(pasted: string, taken: ReadonlySet<string> = new Set()): CurlStep | null {
  const request = readCurl(pasted)
  if (request === null) return null
  const problems = new Set(request.problems)
  const { signIn, headers, url } = takeSecret(request, problems)
  const credential = signIn && nameIt(signIn, request.url, taken)
  if (credential?.secret === null)
    problems.add(
      `The secret is not in the line (${asShown(signIn?.shown ?? '')}): set the credential "${credential.name}".`,
    )
  if (!METHODS.has(request.method)) problems.add(`A step cannot send ${request.method}: choose another method.`)
  const method = METHODS.has(request.method) ? request.method : 'GET'
  const { fields, contentType } = bodyFields(request.body, headerValue(headers, 'content-type'), problems)
  const named = headersOf(headers, request.body, contentType, problems)
  for (const name of secretFields(request.body))
    problems.add(`The body holds "${name}", which may be a secret: all who may read the zap see it.`)
  const variables = variablesIn(JSON.stringify([url, headers, request.body, request.proxy]))
  for (const name of variables)
    problems.add(`The variable ${name} is read when the step runs: it must be among those that HOOKLINE_ENV lists.`)
  const input: JsonObject = {
    method,
    url: asTemplate(url),
    ...(Object.keys(named).length > 0 && { headers: named }),
    ...fields,
    ...(credential && { auth: { $credential: credential.name } }),
    ...(request.isInsecure && { tls: { insecure: true } }),
    ...(request.proxy !== undefined && { proxy: asTemplate(proxyAddress(request.proxy)) }),
    ...(request.isDownload && { answerAs: 'file' }),
  }
  return { step: { uses: 'http.request', input }, credentials: credential ? [credential] : [], problems: [...problems] }
}

type Header = readonly [name: string, value: string | null]
type SignIn = { readonly type: string; readonly secret: string; readonly shown: string }

/** Takes the secret out of a request: of user and password, the headers, or the address. There is room for one. */
function takeSecret(
  { user, headers, url }: CurlRequest,
  problems: Set<string>,
): { signIn: SignIn | null; headers: readonly Header[]; url: string } {
  const secrets = headers.filter(([name, value]) => value !== null && value !== '' && isSecretHeader(name))
  const [first] = secrets.toSorted(
    ([a], [b]) => Number(/^authorization$/i.test(b)) - Number(/^authorization$/i.test(a)),
  )
  const inAddress = secretParameter(url)
  const also = (name: string): void => {
    problems.add(
      `${name} may be a secret too, and a step has room for one credential: all who may read the zap see it.`,
    )
  }
  if (user !== undefined || first !== undefined) {
    for (const [name] of secrets) if (user !== undefined || name !== first?.[0]) also(`The header ${name}`)
    if (inAddress !== null) also(`"${inAddress.name}" in the address`)
  }
  if (headers.some(([name]) => /^cookie$/i.test(name)))
    problems.add('The header Cookie may sign you in: all who may read the zap see it.')
  if (user !== undefined) {
    const secret = user.includes(':') ? user : `${user}:`
    if (!user.includes(':'))
      problems.add('The line has a user without a password, which curl would ask for: enter it in the credential.')
    return { signIn: { type: 'basic', secret, shown: user }, headers, url }
  }
  if (first !== undefined) {
    const [name, value] = first
    return { signIn: signInOf(name, value ?? ''), headers: headers.filter((header) => header !== first), url }
  }
  if (inAddress === null) return { signIn: null, headers, url }
  const { name, value, rest } = inAddress
  return { signIn: { type: 'query', secret: JSON.stringify({ name, value }), shown: value }, headers, url: rest }
}

const isSecretHeader = (name: string): boolean => !NO_SECRET.test(name) && (isSecretName(name) || KEY_HEADER.test(name))

function signInOf(name: string, value: string): SignIn {
  const [, token] = /^bearer\s+(.*)$/is.exec(value) ?? []
  const isAuthorization = name.toLowerCase() === 'authorization'
  if (isAuthorization && token !== undefined) return { type: 'bearer', secret: token, shown: token }
  const [, encoded] = /^basic\s+([A-Za-z0-9+/]{2,}={0,2})$/i.exec(value) ?? []
  const basic = encoded === undefined ? null : fromBase64(encoded)
  if (isAuthorization && basic?.includes(':')) return { type: 'basic', secret: basic, shown: basic }
  return { type: 'header', secret: `${name}: ${value}`, shown: value }
}

function fromBase64(text: string): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)))
  } catch {
    return null
  }
}

const SURE =
  /^(?:api[-_]?key|apikey|access[-_]?(?:token|key)|auth[-_]?token|private[-_]?token|app[-_]?(?:key|token)|client[-_]?secret|secret|subscription[-_]?key|password)$/i
const PERHAPS = /^(?:key|token|auth|appid|sig|signature|jwt)$/i

/** The parameter of an address that is a secret, as far as its name and looks tell. */
function secretParameter(url: string): { name: string; value: string; rest: string } | null {
  const [before, behind] = splitOnce(url, '?')
  if (behind === undefined) return null
  const [query, hash] = splitOnce(behind, '#')
  const pairs = query.split('&')
  for (const pair of pairs) {
    const [name, value = ''] = splitOnce(pair, '=')
    const looks =
      hasMark(value) || /^(?=.*[0-9])[A-Za-z0-9_.~%-]{16,}$/.test(value) || /(?:key|token|secret)/i.test(value)
    if (value === '' || !(SURE.test(name) || (PERHAPS.test(name) && looks))) continue
    const left = pairs.filter((one) => one !== pair).join('&')
    const rest = `${before}${left === '' ? '' : `?${left}`}${hash === undefined ? '' : `#${hash}`}`
    return { name: plain(name), value: plain(value), rest }
  }
  return null
}

function plain(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/** A secret that is a variable, or something to be filled in, is none yet. */
const isOpen = (text: string): boolean =>
  hasMark(text) ||
  /^[<[{].*[>\]}]$|^(?:your|my)[-_ ]|^x{3,}$|\.{3}|…|^\*+$/i.test(text.replace(/^[^:]*:\s*/, '').trim())

function nameIt({ type, secret }: SignIn, url: string, taken: ReadonlySet<string>): CurlCredential {
  const host = /^[a-z]+:\/\/([^/?#:]+)/i.exec(url)?.[1] ?? ''
  const plainHost = hasMark(host) ? (variablesIn(host)[0] ?? '').toLowerCase() : host
  const base =
    plainHost
      .replace(/^(?:www|api)\./i, '')
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(0, 80) || 'curl'
  let name = base
  for (let number = 2; taken.has(name); number++) name = `${base}-${number}`
  return { name, type, secret: isOpen(secret) ? null : secret }
}

const headerValue = (headers: readonly Header[], name: string): string | undefined =>
  headers.find(([known]) => known.toLowerCase() === name)?.[1] ?? undefined

function headersOf(
  headers: readonly Header[],
  body: CurlBody | null,
  contentType: string | null | undefined,
  problems: Set<string>,
): JsonObject {
  const named = new Map<string, [name: string, value: string | null]>()
  for (const [name, value] of headers) {
    const key = name.toLowerCase()
    if (FRAMING.test(name)) {
      if (key !== 'content-length' && key !== 'connection')
        problems.add(`The header ${name} is left out: Hookline sets it by itself.`)
      continue
    }
    // Its boundary is made anew.
    if (key === 'content-type' && body?.kind === 'parts') continue
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) {
      problems.add(`"${asShown(name).slice(0, 60)}" is not the name of a header: it is left out.`)
      continue
    }
    const known = named.get(key)
    const text = value === null ? null : asTemplate(value)
    named.set(
      key,
      known?.[1] && text !== null ? [known[0], `${known[1]}${key === 'cookie' ? '; ' : ', '}${text}`] : [name, text],
    )
  }
  if (contentType !== undefined && !named.has('content-type')) named.set('content-type', ['Content-Type', contentType])
  return Object.fromEntries(named.values())
}

/** The fields of a step for a body. `contentType` is what curl sends by itself and the step would not; null where the step would send one. */
function bodyFields(
  body: CurlBody | null,
  type: string | undefined,
  problems: Set<string>,
): { fields: JsonObject; contentType: string | null | undefined } {
  const FORM = 'application/x-www-form-urlencoded'
  if (body === null) return { fields: {}, contentType: undefined }
  if (body.kind === 'parts')
    return { fields: { bodyType: 'multipart', fields: formParts(body.parts, problems) }, contentType: undefined }
  if (body.kind === 'file') {
    problems.add(
      `The file "${asShown(body.path)}" is read when the step runs: it must lie in a folder that steps may use.`,
    )
    return {
      fields: { bodyType: 'binary', body: asTemplate(body.path) },
      contentType: type ?? (body.isUpload ? null : FORM),
    }
  }
  const { text } = body
  if (body.isUpload) return { fields: { bodyType: 'text', body: asTemplate(text) }, contentType: undefined }
  const kind = (type ?? FORM).split(';')[0]?.trim().toLowerCase() ?? ''
  if (kind === FORM)
    return {
      fields: { bodyType: 'form', body: formFields(text, body.pieces) ?? asTemplate(text) },
      contentType: undefined,
    }
  if (/[/+]json$/.test(kind)) {
    const value = jsonOf(text)
    if (value !== null) return { fields: { bodyType: 'json', body: value }, contentType: undefined }
    // With variables outside of strings it becomes JSON as it is filled in, as the shell does.
    const bodyType = hasMark(text) ? 'text' : 'json'
    if (canBecomeJson(text)) return { fields: { bodyType, body: asTemplate(text) }, contentType: undefined }
    if (text !== '') problems.add('The body is called JSON, but is none: it is sent as it is written.')
  }
  return { fields: { bodyType: 'text', body: asTemplate(text) }, contentType: undefined }
}

/** A body that is JSON as a value with templates in it; null where that would not send the same, as for numbers that no double holds. */
function jsonOf(text: string): Json | null {
  try {
    const { value, kept } = readJson(text)
    return kept === null && isJsonObjectOrList(value) ? templated(value) : null
  } catch {
    return null
  }
}

const isJsonObjectOrList = (value: Json): boolean => isJsonObject(value) || isJsonList(value)

/** Null where a name holds a variable: names are no templates. */
function templated(value: Json): Json | null {
  if (typeof value === 'string') return asTemplate(value)
  if (isJsonList(value)) {
    const items = value.map(templated)
    return items.some((item, index) => item === null && value[index] !== null) ? null : items
  }
  if (!isJsonObject(value)) return value
  const entries = Object.entries(value).map(([name, item]) => [name, templated(item)] as const)
  const isLost = entries.some(([name, item]) => hasMark(name) || (item === null && value[name] !== null))
  return isLost ? null : Object.fromEntries(entries)
}

function canBecomeJson(text: string): boolean {
  try {
    JSON.parse(text.replace(/\ue000[^\ue001]*\ue001/g, '0'))
    return true
  } catch {
    return false
  }
}

/** The fields of a form that was written out; null where they might not arrive as they were sent, as in a text that is no form. */
function formFields(text: string, pieces: number): JsonObject | null {
  const pairs = text.split('&').map((pair) => splitOnce(pair, '='))
  const isForm = pairs.every(([name, value]) => value !== undefined && /^[A-Za-z_][A-Za-z0-9_.[\]%-]*$/.test(name))
  if (!isForm || (pieces === 1 && pairs.length === 1 && /[\s"{}]/.test(text)) || /[\n]/.test(text)) return null
  const fields = new Map<string, Json>()
  for (const [name, value = ''] of pairs) {
    const key = plain(name)
    const item = asTemplate(plain(value))
    const known = fields.get(key)
    fields.set(key, known === undefined ? item : isJsonList(known) ? [...known, item] : [known, item])
  }
  return Object.fromEntries(fields)
}

function formParts(parts: readonly CurlPart[], problems: Set<string>): JsonObject {
  const fields = new Map<string, Json>()
  for (const { name, value, path, filename, type } of parts) {
    if (path !== undefined)
      problems.add(
        `The file "${asShown(path)}" is read when the step runs: it must lie in a folder that steps may use.`,
      )
    const contentType = type !== undefined && { contentType: asTemplate(type) }
    const text = asTemplate(value)
    const item: Json =
      path !== undefined
        ? { file: asTemplate(path), ...(filename !== undefined && { filename: asTemplate(filename) }), ...contentType }
        : contentType
          ? { text, ...contentType }
          : text
    const known = fields.get(name)
    fields.set(name, known === undefined ? item : isJsonList(known) ? [...known, item] : [known, item])
  }
  return Object.fromEntries(fields)
}

/** Names in a body that tell of a secret. */
function secretFields(body: CurlBody | null): string[] {
  if (body?.kind === 'parts')
    return body.parts.flatMap(({ name, path }) => (path === undefined && isSecretName(name) ? [name] : []))
  if (body?.kind !== 'data') return []
  return [...body.text.matchAll(/(?:^|[&"{,\s])([A-Za-z_-]{1,40})"?\s{0,3}[=:]/g)].flatMap(([, name = '']) =>
    isSecretName(name) ? [name] : [],
  )
}

const proxyAddress = (proxy: string): string => (/^[a-z0-9]+:\/\//i.test(proxy) ? proxy : `http://${proxy}`)
