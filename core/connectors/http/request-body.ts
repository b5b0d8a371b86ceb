import { StepError } from '../../domain/runs/step-error.ts'
import type { Touch } from '../../domain/trust/permissions.ts'
import { fileTouch } from '../../domain/trust/touches.ts'
import { isJsonList, isJsonObject, type Json, type JsonObject, textOf } from '../../domain/values/json.ts'
import { isLargeValue, type LargeValue } from '../../domain/values/large-value.ts'
import type { ActionContext } from '../action-context.ts'
import type { FormPart } from '../app-request.ts'
import { encodeBody } from '../kit/encode-body.ts'
import { encodeParts } from '../kit/encode-parts.ts'
import { isFileValue, openSource, sourceTouch, withSource } from '../kit/file-value.ts'

export const BODY_TYPES = ['json', 'form', 'text', 'multipart', 'binary'] as const
export type BodyType = (typeof BODY_TYPES)[number]

type Reach = Pick<ActionContext<unknown>, 'files' | 'large' | 'written'>

/**
 * The body of a request, with its content type; null for none. Throws a {@link StepError} `bad-input` for what cannot be sent in the
 * way that was asked for, and what reading a file throws.
 */
export async function bodyOf(
  {
    body,
    bodyType,
    fields,
  }: {
    readonly body?: Json | undefined
    readonly bodyType?: BodyType | undefined
    readonly fields?: JsonObject | undefined
  },
  reach: Reach,
): Promise<{ content: string | Uint8Array; contentType: string } | null> {
  if (bodyType === 'multipart') return encodeParts(await partsOf(fields ?? {}, reach))
  if (bodyType === 'binary') {
    if (body === undefined || body === null) return null
    return withSource(openSource(reach, body, 'body'), async (source) => ({
      content: await source.read(),
      contentType: source.contentType,
    }))
  }
  return isLargeValue(body) ? largeBody(body, bodyType, reach) : encodeBody(body, bodyType)
}

/** The files that a body is made of, as a step says them. */
export function bodyTouches({ body, bodyType, fields }: JsonObject): Touch[] {
  if (bodyType === 'binary') return sourceTouch(body)
  if (bodyType !== 'multipart' || !isJsonObject(fields ?? null)) return []
  return Object.values(Object(fields) as JsonObject).flatMap((value) =>
    (isJsonList(value) ? value : [value]).flatMap((one) => (isWrittenFile(one) ? fileTouch(one.file, 'reads') : [])),
  )
}

/** How a part says what it is called and of what type it is, beside its file or text. */
type PartTerms = { readonly filename?: string; readonly contentType?: string }
/** A file by its path, as the author of a zap writes it: `{ "file": "photo.jpg" }`. */
type WrittenFile = PartTerms & { readonly file: Json }
/** A text with a type of its own: `{ "text": "{}", "contentType": "application/json" }`. */
type WrittenText = PartTerms & { readonly text: Json; readonly contentType: string }

const hasTerms = (value: JsonObject, own: string, terms: readonly string[]): boolean =>
  Object.entries(value).every(([key, item]) => key === own || (terms.includes(key) && typeof item === 'string'))

const isWrittenFile = (value: Json | undefined): value is JsonObject & WrittenFile =>
  value !== undefined &&
  isJsonObject(value) &&
  value.file !== undefined &&
  hasTerms(value, 'file', ['filename', 'contentType'])

const isWrittenText = (value: Json | undefined): value is JsonObject & WrittenText =>
  value !== undefined &&
  isJsonObject(value) &&
  value.text !== undefined &&
  value.contentType !== undefined &&
  hasTerms(value, 'text', ['contentType'])

/** A large value as a body: as its own kind says, or as the step does. */
async function largeBody(
  value: LargeValue,
  type: 'json' | 'form' | 'text' | undefined,
  { large }: Reach,
): Promise<{ content: Uint8Array; contentType: string }> {
  const own = value.type === 'value' ? 'json' : value.type
  const kind = type === 'json' || type === 'text' ? type : own
  const contentTypes = {
    json: 'application/json',
    text: 'text/plain; charset=utf-8',
    bytes: 'application/octet-stream',
  }
  return { content: await large.read(value), contentType: contentTypes[kind] }
}

/** The fields of a form with files. What came from outside is text or a file of a step, but never the path of one. */
async function partsOf(fields: JsonObject, reach: Reach): Promise<FormPart[]> {
  const written = isJsonObject(reach.written.fields ?? null) ? (reach.written.fields as JsonObject) : {}
  const parts: FormPart[] = []
  for (const [name, value] of Object.entries(fields)) {
    const own = written[name]
    const items = isJsonList(value) ? value : [value]
    for (const [at, item] of items.entries()) {
      if (item === null) continue
      const author = isJsonList(own ?? null) ? (own as readonly Json[])[at] : own
      if (isWrittenFile(author) && isWrittenFile(item)) parts.push(await filePart(name, item.file, reach, item))
      else if (isWrittenText(author) && isWrittenText(item))
        parts.push({ name, value: textOf(item.text), contentType: item.contentType })
      else if (isFileValue(item) || isLargeValue(item)) parts.push(await filePart(name, item, reach))
      else parts.push({ name, value: textOf(item) })
    }
  }
  if (parts.length > 0) return parts
  const message = 'A body as form data needs "fields" with at least one value.'
  throw new StepError({ code: 'bad-input', message, retryable: false })
}

function filePart(name: string, file: Json, reach: Reach, terms: PartTerms = {}): Promise<FormPart> {
  return withSource(openSource(reach, file, `fields.${name}`), async (source) => ({
    name,
    filename: terms.filename || source.filename,
    contentType: terms.contentType || source.contentType,
    content: await source.read(),
  }))
}
