import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import type { Touch } from '../../domain/trust/permissions.ts'
import { fileTouch } from '../../domain/trust/touches.ts'
import { plainRelativeName } from '../../domain/values/file-name.ts'
import { isJsonList, isJsonObject, type Json, textOf } from '../../domain/values/json.ts'
import { isLargeValue, type LargeValue, readReference } from '../../domain/values/large-value.ts'
import type { ActionContext, FileContent, LargeValues } from '../action-context.ts'
import { contentTypeOf } from './content-type.ts'

/** A file that travels through a run: what is in it lies beside the database, and a reference goes from step to step. */
export type FileValue = {
  readonly filename: string
  readonly contentType: string
  readonly bytes: number
  readonly content: LargeValue
}

/** Schema of a {@link FileValue} in an output. */
export const fileValueSchema = z.object({
  filename: z.string(),
  contentType: z.string(),
  bytes: z.int(),
  // An example has what a reference looks like; a step returns one.
  content: z.custom<LargeValue>((value) => readReference(value) !== undefined, {
    error: 'must be the content of a file',
  }),
})

/** A {@link FileValue} as an example: what is in it is written as the screens show it. */
export const sampleFile = (filename: string, bytes: number): Json => ({
  filename,
  contentType: contentTypeOf(filename),
  bytes,
  content: { $blob: '0'.repeat(64), bytes, type: 'bytes' },
})

/** Whether a value is a file: of a form, or made by a step. What only looks like one has no content that is ours. */
export function isFileValue(value: Json): value is FileValue {
  return isJsonObject(value) && typeof value.filename === 'string' && isLargeValue(value.content)
}

/** Keeps content as a file. When this resolves it is on the disk. */
export async function keepFile(
  large: Pick<LargeValues, 'keep'>,
  filename: string,
  content: FileContent,
  contentType: string = contentTypeOf(filename),
): Promise<FileValue> {
  const kept = await large.keep(content, 'bytes')
  return { filename: plainRelativeName(filename), contentType, bytes: kept.bytes, content: kept }
}

/** Something with content that a step was given. */
export type Source = {
  readonly filename: string
  /** Its size, where that is known before it is read. */
  readonly bytes: number
  readonly contentType: string
  /** Whether it was given as text, and not as a file. */
  readonly isText: boolean
  /** Its content from the beginning, in pieces. Once. */
  stream(): AsyncIterable<Uint8Array>
  /** All of it. */
  read(): Promise<Uint8Array>
  close(): Promise<void>
}

/** What a step touches by a field that {@link openSource} reads, as it is written: the file of a path, and none where it is only a template. */
export function sourceTouch(from: Json | undefined): Touch[] {
  return typeof from === 'string' && !/^\s*\{\{[^{}]*\}\}\s*$/.test(from) ? fileTouch(from, 'reads') : []
}

/** The same of a field that takes a list of such, too. */
export function filesTouched(from: Json | undefined): Touch[] {
  return from !== undefined && isJsonList(from) ? from.flatMap(sourceTouch) : sourceTouch(from)
}

type Reach = Pick<ActionContext<unknown>, 'files' | 'large'>

/** Bytes that a step reads whole, at most. */
export const MOST_BYTES = 104_857_600

/**
 * Opens what a field was given: a file value, a large value, a path inside an allowed folder or, where `text` says how such a text is called,
 * the content itself. A text of one line that ends as a file's name does is a path: a file that is missing is then named, and not read as its
 * own content. The caller closes it.
 *
 * @throws StepError `bad-input` for anything else, and what opening a file throws.
 */
export async function openSource(
  { files, large }: Reach,
  given: Json,
  field: string,
  text?: { readonly called: string; readonly extensions: readonly string[] },
): Promise<Source> {
  if (isFileValue(given)) return ofLarge(large, given.content, given.filename, given.contentType)
  if (isLargeValue(given)) return ofLarge(large, given, field, 'application/octet-stream')
  if (isJsonList(given) && given.length === 1 && given[0] !== undefined)
    return openSource({ files, large }, given[0], field, text)
  if (typeof given === 'string' && given.trim() !== '') {
    if (text !== undefined && !isPath(given, text.extensions)) return ofText(given, field)
    const file = await files.open(given)
    return {
      filename: file.info.name,
      bytes: file.info.bytes,
      contentType: contentTypeOf(file.info.name),
      isText: false,
      stream: file.stream,
      read: () => gathered(file.stream(), file.info.name),
      close: file.close,
    }
  }
  const takes = text === undefined ? 'a file, or the path of one' : `a file, the path of one, or ${text.called}`
  throw new StepError({
    code: 'bad-input',
    message: `"${field}" takes ${takes}, but ${came(given)}.`,
    retryable: false,
  })
}

/**
 * The bytes of a value: of a file or a large value what is in it, of anything else its text.
 *
 * @throws StepError `too-large` for more than a step reads whole.
 */
export async function bytesOf(large: Pick<LargeValues, 'read'>, value: Json): Promise<Uint8Array> {
  const kept = isFileValue(value) ? value.content : value
  if (!isLargeValue(kept)) return Buffer.from(textOf(kept), 'utf8')
  if (kept.bytes > MOST_BYTES) throw tooLarge(isFileValue(value) ? value.filename : 'The value', kept.bytes)
  return large.read(kept)
}

/** Opens each of what a field was given: one thing as {@link openSource} takes it, or a list of them. */
export async function openSources(reach: Reach, given: Json, field: string): Promise<Source[]> {
  if (!isJsonList(given)) return [await openSource(reach, given, field)]
  const sources: Source[] = []
  try {
    for (const [at, item] of given.entries()) sources.push(await openSource(reach, item, `${field}.${at}`))
    return sources
  } catch (error) {
    await Promise.all(sources.map((source) => source.close()))
    throw error
  }
}

/** Does something with what a field was given, and closes it. */
export async function withSource<T>(source: Promise<Source>, work: (source: Source) => Promise<T>): Promise<T> {
  const opened = await source
  try {
    return await work(opened)
  } finally {
    await opened.close()
  }
}

/** What came in the place of something else, as the end of a sentence. */
function came(value: Json): string {
  if (value === null) return 'nothing came'
  if (isJsonList(value)) return value.length === 0 ? 'an empty list came' : `a list of ${value.length} came`
  if (typeof value === 'object') return 'an object came that is no file'
  return typeof value === 'string' ? 'an empty text came' : `a ${typeof value} came`
}

function isPath(text: string, extensions: readonly string[]): boolean {
  if (text.length > 4_096 || /[\r\n]/.test(text)) return false
  const lower = text.trim().toLowerCase()
  return extensions.some((extension) => lower.endsWith(`.${extension}`)) || /^(?:[\\/]|[a-z]:[\\/])/.test(lower)
}

function ofText(text: string, field: string): Source {
  const content = Buffer.from(text, 'utf8')
  return {
    filename: field,
    bytes: content.length,
    contentType: 'text/plain',
    isText: true,
    // In parts, so that nothing else waits for all of it.
    async *stream() {
      for (let at = 0; at < content.length; at += 65_536) yield content.subarray(at, at + 65_536)
    },
    read: async () => content,
    close: async () => undefined,
  }
}

function ofLarge(large: LargeValues, value: LargeValue, filename: string, contentType: string): Source {
  return {
    filename: plainRelativeName(filename),
    bytes: value.bytes,
    contentType,
    isText: false,
    stream: () => large.stream(value),
    async read() {
      if (value.bytes > MOST_BYTES) throw tooLarge(filename, value.bytes)
      return large.read(value)
    },
    close: async () => undefined,
  }
}

async function gathered(stream: AsyncIterable<Uint8Array>, name: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of stream) {
    bytes += piece.length
    if (bytes > MOST_BYTES) throw tooLarge(name, bytes)
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

function tooLarge(name: string, bytes: number): StepError {
  const message = `${name} has ${bytes > MOST_BYTES ? 'more than ' : ''}${MOST_BYTES / 1_048_576} MB, which is more than a step reads whole: give it a smaller file.`
  return new StepError({ code: 'too-large', message, retryable: false })
}
