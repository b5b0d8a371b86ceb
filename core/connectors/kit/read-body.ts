import { z } from 'zod'
import type { Json } from '../../domain/values/json.ts'
import { type JsonText, readSmallJson, SMALL_JSON } from '../../domain/values/json-text.ts'

import type { LargeValue } from '../../domain/values/large-value.ts'
import type { FetchResponse, LargeValues } from '../action-context.ts'

/** What an answer's body says. */
export type AnswerBody = { readonly body: Json; readonly encoding?: 'base64'; readonly note?: string }

/**
 * A response's body by its content type: JSON (`application/json`, `…+json`) as its value, text and XML as text, anything
 * else in base64, and nothing as null. JSON that is broken or nests too deeply is given as text, so that it can be seen.
 * Without a content type, what is UTF-8 counts as text. JSON that is made of very many values becomes a file, as that of a webhook does.
 */
export function readBody(
  { headers, body }: Pick<FetchResponse, 'headers' | 'body'>,
  large: Pick<LargeValues, 'readJson'>,
): AnswerBody | Promise<AnswerBody> {
  if (body.length === 0) return { body: null }
  const { type, charset } = contentTypeOf(headers)
  if (JSON_TYPES.test(type)) return readJsonBody(decode(body, charset), large)
  if (TEXT_TYPES.test(type))
    return { body: decode(body, charset ?? (XML_TYPES.test(type) ? xmlCharset(body) : undefined)) }
  if (type === '') {
    try {
      return { body: new TextDecoder('utf-8', { fatal: true }).decode(body) }
    } catch {
      // Not UTF-8, so it is no text.
    }
  }
  return { body: Buffer.from(body).toString('base64'), encoding: 'base64' }
}

/** Headers of an answer in an output: text, and a list where there are several cookies. */
export const headersSchema = z.record(z.string(), z.union([z.string(), z.array(z.string())]))

/** The headers of an answer as steps read them. */
export function shownHeaders({ headers, cookies }: FetchResponse): Record<string, string | string[]> {
  return cookies.length > 1 ? { ...headers, 'set-cookie': [...cookies] } : { ...headers }
}

const JSON_TYPES = /^(?:application|text)\/(?:x-)?json$|\+json$/
/** Lists of JSON values, tables and the like stay text: what reads them is a step of its own. */
const TEXT_TYPES =
  /^text\/|[/+](?:xml|yaml|jsonl|json-seq|ndjson|csv)$|^application\/(?:x-www-form-urlencoded|(?:x-)?(?:javascript|ecmascript|ndjson|jsonl|jsonlines|json-lines|yaml|yml|toml|csv|sql|sh|graphql)|jwt|vnd\.(?:yaml|csv))$/
const XML_TYPES = /[/+]xml$/
/** The character set that an XML text says it is in. */
const XML_CHARSET = /^<\?xml\s[^>]{0,100}?encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9._-]{1,40})["']/

/** What is in a body that is too large to be read here, by its content type. */
export function largeType(headers: FetchResponse['headers']): LargeValue['type'] {
  const { type, charset = 'utf-8' } = contentTypeOf(headers)
  if (!/^(utf-?8|us-ascii)$/.test(charset)) return 'bytes'
  return JSON_TYPES.test(type) ? 'json' : TEXT_TYPES.test(type) ? 'text' : 'bytes'
}

function contentTypeOf(headers: FetchResponse['headers']): { type: string; charset: string | undefined } {
  const [type = '', ...parameters] = (headers['content-type'] ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  const charset = parameters
    .find((part) => part.startsWith('charset='))
    ?.slice('charset='.length)
    .replaceAll('"', '')
  return { type, charset }
}

function readJsonBody(text: string, large: Pick<LargeValues, 'readJson'>): AnswerBody | Promise<AnswerBody> {
  if (text.length <= SMALL_JSON) return bodyOf(readSmallJson(text), text)
  const read = large.readJson(text)
  return read instanceof Promise ? read.then((found) => bodyOf(found, text)) : bodyOf(read, text)
}

/** Numbers that cannot be calculated with stay text, as the note says. */
function bodyOf(read: JsonText, text: string): AnswerBody {
  if (read.kind !== 'json') return { body: text }
  return { body: read.value, ...(read.note === null ? {} : { note: read.note }) }
}

function xmlCharset(body: Uint8Array): string | undefined {
  return XML_CHARSET.exec(Buffer.from(body.subarray(0, 200)).toString('latin1'))?.[1]
}

/** A mark at the beginning says more of the character set than a header does. */
function decode(body: Uint8Array, charset: string | undefined): string {
  const [first, second] = body
  const marked =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : undefined
  try {
    return new TextDecoder(marked ?? charset).decode(body)
  } catch {
    return new TextDecoder().decode(body) // a character set that nobody knows
  }
}
