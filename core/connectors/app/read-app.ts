import { deflateSync } from 'node:zlib'
import { z } from 'zod'
import type { Operation } from '../../domain/openapi/api.ts'
import { operationForm } from '../../domain/openapi/operation-form.ts'
import { readApi } from '../../domain/openapi/read-api.ts'
import { StepError } from '../../domain/runs/step-error.ts'
import type { Json } from '../../domain/values/json.ts'
import type { HeavyTask } from '../heavy-work.ts'
import { parseDocumentText } from './parse-documents.ts'

/** What is read: files one behind the other, `bytes` long each. */
const optionsSchema = z.object({ files: z.array(z.object({ path: z.string(), bytes: z.int() })).min(1) })

/** The place of a description that is one file. */
const ALONE = 'description'

/** Rows that are handed over at once. */
const ROWS = 200
/** Characters from which on a row is packed. */
const PACKED = 400
/** Milliseconds for which forms are made, to say what is special about each. */
const FORMS_MS = 5_000

/**
 * Reads the description of an API, in a thread of its own. It yields JSON: first what is known of the whole, then lists of rows, as
 * `core/engine/apis/` stores them.
 */
export const readApp: HeavyTask = async function* (content, given) {
  const { files } = optionsSchema.parse(given)
  const bytes: Uint8Array[] = []
  for await (const piece of content) bytes.push(piece)
  const whole = Buffer.concat(bytes)
  const values = new Map<string, Json>()
  let at = 0
  let main: string | undefined
  for (const { path, bytes: length } of files) {
    const text = new TextDecoder('utf-8').decode(whole.subarray(at, at + length))
    at += length
    const value = parsed(path, text, files.length > 1)
    if (value === undefined) continue
    // Whatever a single file is called, its parts keep their names when another one is read.
    const place = files.length === 1 ? ALONE : path
    values.set(place, value)
    if (main === undefined && isRoot(value)) main = place
  }
  const api = refusing(() => readApi({ main: main ?? [...values.keys()][0] ?? '', files: values }))
  const lookup = { part: (ref: string) => api.parts.get(ref) }
  const end = performance.now() + FORMS_MS
  let needsJson = 0
  const operations = api.operations.map((operation) => {
    const form = performance.now() < end ? operationForm(operation, lookup) : null
    if (form !== null && form.needed.length > 0) needsJson++
    return {
      ...rowOf(operation),
      fields: form?.fields.length ?? null,
      raw: form === null ? [] : [...form.raw].slice(0, 20),
      needsJson: (form?.needed.length ?? 0) > 0,
    }
  })
  const events = api.events.map((event) => ({
    key: event.key,
    title: event.title,
    method: 'EVENT',
    path: event.key.slice('EVENT '.length),
    operationId: event.key.slice('EVENT '.length),
    tag: event.tag,
    search: `${event.title} ${event.key} ${event.tag} ${event.description}`,
    isEvent: true,
    canPoll: false,
    isDeprecated: false,
    body: packed(event),
    fields: null,
    raw: [],
    needsJson: false,
  }))
  const { title, version, kind, servers, signIns, problems } = api
  const streams = api.operations.filter(({ answer }) => answer.isStream).length
  yield JSON.stringify({
    head: {
      title,
      version,
      kind,
      servers,
      signIns,
      operations: operations.length,
      events: events.length,
      polls: operations.filter(({ canPoll }) => canPoll).length,
      problems: [
        ...problems,
        ...(needsJson === 0
          ? []
          : [`${needsJson} of ${operations.length} operations have a field that must be written as JSON.`]),
        ...(streams === 0
          ? []
          : [
              `The answer of ${streams} ${streams === 1 ? 'operation is' : 'operations is'} a stream; only its end is given.`,
            ]),
      ],
    },
  })
  const rows = [...operations, ...events]
  for (let from = 0; from < rows.length; from += ROWS)
    yield JSON.stringify({ operations: rows.slice(from, from + ROWS) })
  const parts = [...api.parts].map(([ref, schema]) => ({ ref, body: packed(schema) }))
  for (let from = 0; from < parts.length; from += ROWS) yield JSON.stringify({ parts: parts.slice(from, from + ROWS) })
}

function rowOf(operation: Operation) {
  const { key, title, method, path, tag, id, isDeprecated, list, parameters, description } = operation
  return {
    key,
    title,
    method,
    path,
    operationId: id,
    tag,
    search: `${title} ${path} ${tag} ${id} ${description.slice(0, 300)}`,
    isEvent: false,
    canPoll: list !== null && !parameters.some((one) => one.required && one.in !== 'path'),
    isDeprecated,
    body: packed(operation),
  }
}

/** A row's JSON; where it is long, packed and in base64 behind a `z`. */
function packed(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length <= PACKED ? text : `z${deflateSync(text).toString('base64')}`
}

const isRoot = (value: Json): boolean =>
  typeof value === 'object' && value !== null && ('openapi' in value || 'swagger' in value)

/** In a folder other things may lie beside the description. */
function parsed(path: string, text: string, isFolder: boolean): Json | undefined {
  try {
    return parseDocumentText({ path, text })
  } catch (error) {
    if (isFolder) return undefined
    throw refusalOf(error)
  }
}

function refusing<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw refusalOf(error)
  }
}

function refusalOf(error: unknown): StepError {
  const isTooLarge = error instanceof RangeError || error instanceof ReferenceError
  const reason = error instanceof Error ? error.message : String(error)
  const message = isTooLarge ? `The description cannot be taken: ${reason.slice(0, 300)}.` : reason.slice(0, 500)
  return new StepError({ code: 'no-description', message, retryable: false })
}
