import type { Json } from '../domain/values/json.ts'

/** A form with more fields than these is kept as text: no form has so many, but an attack might. */
const MAX_FIELDS = 10_000
/** Characters of a field's name, as it is sent. A query, which comes in a request's head, cannot have a longer one. */
const MAX_NAME_CHARS = 16_384

/** The fields of a form in order. `isGuessed`: some are no UTF-8 and no charset is named, so they were read as Windows-1252. */
export type FormFields = {
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly isGuessed: boolean
}

/**
 * The fields of a query or of an `x-www-form-urlencoded` body; null when there are too many, or one has too long a name. `charset`: of the
 * bytes behind `%xx`; '' when none is named. It takes time in proportion to the text, which `URLSearchParams` does not.
 */
export function readFields(text: string, charset = ''): FormFields | null {
  const fields: (readonly [string, string])[] = []
  const decoder = createDecoder(charset)
  for (let at = 0; at < text.length; ) {
    const next = text.indexOf('&', at)
    const end = next < 0 ? text.length : next
    if (end > at) {
      const pair = text.slice(at, end)
      const equals = pair.indexOf('=')
      const name = equals < 0 ? pair : pair.slice(0, equals)
      if (fields.length === MAX_FIELDS || name.length > MAX_NAME_CHARS) return null
      fields.push([decoder.decode(name), equals < 0 ? '' : decoder.decode(pair.slice(equals + 1))])
    }
    at = end + 1
  }
  return { fields, isGuessed: decoder.isGuessed() }
}

/** Query or form fields as an object; a name that comes more than once has a list. Empty when {@link readFields} gives it up. */
export function parseForm(text: string, charset = ''): { readonly [name: string]: Json } {
  return text === '' ? {} : gather(readFields(text, charset)?.fields ?? [])
}

/** The first value of a field. */
export function fieldOf(form: FormFields | null, name: string): string | undefined {
  return form?.fields.find(([other]) => other === name)?.[1]
}

/** Fields as an object without a prototype, so that one called `__proto__` is like any other; a name that comes more than once has a list. */
export function gather<Value extends Json>(
  fields: Iterable<readonly [name: string, value: Value]>,
): { readonly [name: string]: Json } {
  const gathered = new Map<string, Value | Value[]>()
  const repeated = new Set<string>()
  for (const [name, value] of fields) {
    const earlier = gathered.get(name)
    if (earlier === undefined) gathered.set(name, value)
    else if (repeated.has(name))
      (earlier as Value[]).push(value) // made below
    else {
      gathered.set(name, [earlier as Value, value]) // there once: the value itself
      repeated.add(name)
    }
  }
  const object: Record<string, Json> = Object.create(null)
  for (const [name, value] of gathered) object[name] = value
  return object
}

type Decoder = { decode(part: string): string; isGuessed(): boolean }

const utf8 = new TextDecoder('utf-8', { fatal: true })
const windows1252 = new TextDecoder('windows-1252')

function createDecoder(charset: string): Decoder {
  const named = charset === '' || charset === 'utf-8' ? utf8 : decoderOf(charset)
  let isGuessed = false

  function decode(part: string): string {
    const plain = part.includes('+') ? part.replaceAll('+', ' ') : part
    if (!plain.includes('%')) return plain
    // Characters beyond one byte were not written as `%xx`: they were decoded with the text.
    if (named === utf8 || BEYOND_BYTES.test(plain)) return decodeUtf8(percentDecoded(Buffer.from(plain, 'utf8')))
    return named.decode(percentDecoded(Buffer.from(plain, 'latin1')))
  }

  function decodeUtf8(bytes: Uint8Array): string {
    try {
      return utf8.decode(bytes)
    } catch {
      isGuessed = true
      return windows1252.decode(bytes)
    }
  }

  return { decode, isGuessed: () => isGuessed }
}

const BEYOND_BYTES = /[^\0-\xff]/
const PERCENT = 0x25

/** Bytes with those in place that are written as `%xx`; a "%" that is no such thing stays. Writes into `bytes` itself. */
function percentDecoded(bytes: Buffer): Uint8Array {
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    const value = byte === PERCENT ? hexOf(bytes[at + 1]) * 16 + hexOf(bytes[at + 2]) : Number.NaN
    bytes[length++] = Number.isNaN(value) ? byte : value
    if (!Number.isNaN(value)) at += 2
  }
  return bytes.subarray(0, length)
}

function hexOf(code = 0): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = (code | 0x20) - 0x61
  return letter >= 0 && letter < 6 ? letter + 10 : Number.NaN
}

/** The decoder of a charset; UTF-8's for one that does not exist. */
function decoderOf(charset: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset)
  } catch {
    return utf8
  }
}
