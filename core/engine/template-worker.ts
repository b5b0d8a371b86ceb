// A thread of its own: renders templates over values of many megabytes, which would hold up everything else in the main one.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { isJsonList, isJsonObject, type Json } from '../domain/json.ts'
import { isLargeValue, type LargeValue } from '../domain/large-value.ts'
import { StepError, type StepErrorDetails } from '../domain/step-error.ts'
import { parseTemplate } from '../domain/template.ts'
import { MissingPathError } from '../domain/template-errors.ts'

export type RenderRequest = {
  readonly id: number
  readonly texts: readonly string[]
  readonly values: { readonly [root: string]: unknown }
}

export type RenderAnswer = {
  readonly id: number
  /** In the order of the texts. `json` is the value's text, which is cheaper to hand over than the value. */
  readonly results: readonly (
    | { readonly ok: true; readonly json: string }
    | { readonly ok: false; readonly isMissing: boolean; readonly error: StepErrorDetails }
  )[]
}

/** Values that are kept once read, the last used ones: the rounds of a loop read the same one again and again. */
const KEPT_VALUES = 2
const kept = new Map<string, Json>()

const { folder } = z.object({ folder: z.string() }).parse(workerData)

function read(value: LargeValue): Json {
  const key = `${value.type} ${value.$blob}`
  const known = kept.get(key)
  if (known !== undefined) return known
  // Read anew on purpose, not through the main thread's store: its promises would keep this thread from doing one thing after the other.
  const content = readFileSync(join(folder, value.$blob))
  const found: Json =
    value.type === 'json'
      ? JSON.parse(content.toString('utf8'))
      : content.toString(value.type === 'text' ? 'utf8' : 'base64')
  kept.set(key, found)
  const oldest = kept.keys().next()
  if (kept.size > KEPT_VALUES && !oldest.done) kept.delete(oldest.value)
  return found
}

/** A value with everything in it that stands for a large one. */
function whole(value: Json): Json {
  if (isLargeValue(value)) return whole(read(value))
  if (isJsonList(value)) return value.some(hasLarge) ? value.map(whole) : value
  if (!isJsonObject(value)) return value
  const members = Object.entries(value)
  return members.some(([, item]) => hasLarge(item))
    ? Object.fromEntries(members.map(([key, item]) => [key, whole(item)]))
    : value
}

function hasLarge(value: Json): boolean {
  return typeof value === 'object' && value !== null && JSON.stringify(value).includes('"$blob"')
}

function render(text: string, values: Record<string, Json>): RenderAnswer['results'][number] {
  try {
    return { ok: true, json: JSON.stringify(parseTemplate(text).render(values)) }
  } catch (error) {
    return { ok: false, isMissing: error instanceof MissingPathError, error: StepError.from(error) }
  }
}

parentPort?.on('message', ({ id, texts, values }: RenderRequest) => {
  let answer: RenderAnswer
  try {
    const scope: Record<string, Json> = Object.create(null)
    // The main thread's scope holds JSON alone.
    for (const [root, value] of Object.entries(values)) scope[root] = whole(value as Json)
    answer = { id, results: texts.map((text) => render(text, scope)) }
  } catch (error) {
    const message = `A large value is missing or damaged: ${error instanceof Error ? error.message : String(error)}`
    const details: StepErrorDetails = { code: 'missing-data', message, retryable: false }
    answer = { id, results: texts.map(() => ({ ok: false, isMissing: false, error: details })) }
  }
  parentPort?.postMessage(answer)
})
