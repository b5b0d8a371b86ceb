import { StepError } from '../../domain/runs/step-error.ts'
import { LAZY_BYTES } from '../../domain/values/large-value.ts'
import type { FetchResponse, LargeValues } from '../action-context.ts'
import { contentTypeOf } from '../kit/content-type.ts'
import { type FileValue, keepFile } from '../kit/file-value.ts'
import { type AnswerBody, largeType, readBody } from '../kit/read-body.ts'

export const ANSWERS_AS = ['auto', 'file', 'text', 'json'] as const

/** The body of an answer in the way that a step takes it. Throws a {@link StepError} `bad-answer` for what is not what it has to be. */
export async function answerOf(
  response: FetchResponse,
  as: (typeof ANSWERS_AS)[number],
  large: LargeValues,
): Promise<AnswerBody & { readonly file?: FileValue }> {
  const { body, headers } = response
  if (as === 'file') return { body: null, file: await fileOf(response, large) }
  const type = as === 'text' ? 'text/plain' : as === 'json' ? 'application/json' : headers['content-type']
  const told = as === 'auto' ? response : { body, headers: { ...headers, 'content-type': withCharset(type, headers) } }
  if (body.length > LAZY_BYTES) {
    const kind = largeType(told.headers)
    if (as !== 'auto' || kind !== 'bytes') return { body: await large.keep(body, kind) }
    const file = await fileOf(response, large)
    return { body: file.content, file }
  }
  const read = await readBody(told, large)
  if (as === 'json' && typeof read.body === 'string' && !isJsonText(body)) {
    const message = `The answer of ${new URL(response.url).origin} is no JSON: ${start(read.body)}`
    throw new StepError({ code: 'bad-answer', message, retryable: false })
  }
  return read.encoding === undefined ? read : { ...read, file: await fileOf(response, large) }
}

/** A type with the character set of another, as a text that is called something else is still written in it. */
function withCharset(type: string | undefined, headers: FetchResponse['headers']): string {
  const charset = /;\s{0,9}charset\s{0,9}=\s{0,9}"?([A-Za-z0-9._-]{1,40})/i.exec(
    (headers['content-type'] ?? '').slice(0, 1_000),
  )?.[1]
  return charset === undefined ? (type ?? '') : `${type}; charset=${charset}`
}

/** Whether what was read as text is a text in JSON, such as `"done"`. */
function isJsonText(body: Uint8Array): boolean {
  try {
    JSON.parse(Buffer.from(body).toString('utf8'))
    return true
  } catch {
    return false
  }
}

const start = (text: string): string => JSON.stringify(text.length > 200 ? `${text.slice(0, 199)}…` : text)

function fileOf(response: FetchResponse, large: LargeValues): Promise<FileValue> {
  const type = (response.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const filename = dispositionName(response.headers['content-disposition'] ?? '') ?? addressName(response.url)
  return keepFile(large, filename, response.body, type === '' ? contentTypeOf(filename) : type)
}

/** The name that an answer has for itself (RFC 6266); undefined for none. */
export function dispositionName(header: string): string | undefined {
  const text = header.slice(0, 2_000)
  const extended = /;\s{0,9}filename\*\s{0,9}=\s{0,9}utf-8'[^';]{0,40}'([^;\s]{1,1000})/i.exec(text)?.[1]
  const plain = /;\s{0,9}filename\s{0,9}=\s{0,9}(?:"((?:[^"\\]|\\.){1,1000})"|([^;\s"]{1,1000}))/i.exec(text)
  const name =
    (extended === undefined ? undefined : decoded(extended)) ?? plain?.[1]?.replace(/\\(.)/g, '$1') ?? plain?.[2]
  const last = name?.split(/[\\/]/).at(-1)
  return last === undefined || last === '' ? undefined : last
}

function addressName(address: string): string {
  const last = new URL(address).pathname.split('/').at(-1) ?? ''
  return decoded(last) || 'answer'
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
