// A thread of its own: renders templates over values of many megabytes, and computes with them, which would hold up everything else in the main one.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import type { Lists } from '../connectors/action-context.ts'
import { parseInput } from '../connectors/check-input.ts'
import type { Action } from '../connectors/define.ts'
import { families } from '../connectors/families.ts'
import { isFileValue } from '../connectors/kit/file-value.ts'
import { atOnce } from '../connectors/kit/in-turns.ts'
import { familyOf } from '../connectors/manifest.ts'
import { StepError, type StepErrorDetails } from '../domain/runs/step-error.ts'
import { allowLargeOperations } from '../domain/templates/liquid.ts'
import { beginRendering, parseTemplate, type TemplateScope } from '../domain/templates/template.ts'
import { MissingPathError } from '../domain/templates/template-errors.ts'
import { isJsonList, isJsonObject, type Json, type JsonObject } from '../domain/values/json.ts'
import { holdsLarge, isLargeValue, type LargeValue, type LargeValueFacts } from '../domain/values/large-value.ts'
import { fromStored, toStored } from '../domain/values/stored-json.ts'
import type { Step } from '../domain/zap/zap-file.ts'
import { itemRenderer } from './item-renderer.ts'
import { createStreamedLists, wholeButFor } from './streamed-lists.ts'

/** Work for the thread: texts to render, or a computation (see `defineComputation`) with its rendered input as stored text. */
export type ThreadWork =
  | { readonly kind: 'render'; readonly texts: readonly string[] }
  | {
      readonly kind: 'compute'
      readonly uses: string
      readonly step: Pick<Step, 'id' | 'name'>
      readonly input: string
    }

export type ThreadRequest = {
  readonly id: number
  readonly work: ThreadWork
  /** What templates read. Each value as it is or, where references stand in it, as stored text. */
  readonly values: { readonly [root: string]: { readonly value: unknown } | { readonly stored: string } }
}

/** `json` is the value's stored text, which is cheaper to hand over than the value; `part` is the file, in the folder, of a list that was written. */
export type ThreadResult =
  | { readonly ok: true; readonly json: string }
  | { readonly ok: true; readonly part: string; readonly value: LargeValueFacts }
  | { readonly ok: false; readonly isMissing: boolean; readonly error: StepErrorDetails }

/** Work that takes long says now and then that it goes on. */
export type ThreadMessage = ThreadAnswer | { readonly id: number; readonly isAlive: true }

export type ThreadAnswer = {
  readonly id: number
  /** In the order of the texts; of a computation, of the members of its output, whose names are `names`, or one error. */
  readonly results: readonly ThreadResult[]
  readonly names: readonly string[]
}

/** Values that are kept once read, the last used ones: the rounds of a loop read the same one again and again. */
const KEPT_VALUES = 2
const kept = new Map<string, Json>()

/** Parts that this thread has written. */
let lastPart = 0

allowLargeOperations()
const { folder, partPrefix } = z.object({ folder: z.string(), partPrefix: z.string() }).parse(workerData)

/** Bytes of large values that one request may look into, however often the same one stands there. */
const MAX_BYTES = 268_435_456
/** How deep large values may stand in one another: our own never do so more than a few times. */
const MAX_NESTED = 20

function read(value: LargeValue): Json {
  const key = `${value.type} ${value.$blob}`
  const known = kept.get(key)
  if (known !== undefined) return known
  // Read anew on purpose, not through the main thread's store: its promises would keep this thread from doing one thing after the other.
  const content = readFileSync(join(folder, value.$blob))
  if (createHash('sha256').update(content).digest('hex') !== value.$blob) {
    throw new Error(`blobs/${value.$blob} is not what was kept`)
  }
  const found = contentOf(value.type, content)
  kept.set(key, found)
  const oldest = kept.keys().next()
  if (kept.size > KEPT_VALUES && !oldest.done) kept.delete(oldest.value)
  return found
}

function contentOf(type: LargeValue['type'], content: Buffer): Json {
  switch (type) {
    case 'value':
      return fromStored(content.toString('utf8'))
    case 'json':
      return JSON.parse(content.toString('utf8'))
    case 'text':
      return content.toString('utf8')
    case 'bytes':
      return content.toString('base64')
  }
}

/** Puts everything in place that stands for a large value, within the limits of one request. With `keepsFiles`, a file stays one that can be handed on. */
function expander(keepsFiles: boolean): (value: Json) => Json {
  let bytes = 0
  function whole(value: Json, nested: number): Json {
    if (isLargeValue(value)) {
      bytes += value.bytes
      if (bytes > MAX_BYTES || nested > MAX_NESTED) throw new TooLargeError()
      return whole(read(value), nested + 1)
    }
    if (!holdsLarge(value) || (keepsFiles && isFileValue(value))) return value
    if (isJsonList(value)) return value.map((item) => whole(item, nested))
    if (!isJsonObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, whole(item, nested)]))
  }
  return (value) => whole(value, 0)
}

class TooLargeError extends StepError {
  constructor() {
    const limit = `${MAX_BYTES / 1_048_576} MB`
    super({
      code: 'too-large',
      message: `The large values in it come to more than ${limit}. Use a part of it.`,
      retryable: false,
    })
  }
}

function render(text: string, values: Record<string, Json>): ThreadResult {
  // Here nothing waits behind it but others like it.
  beginRendering(values)
  try {
    return { ok: true, json: JSON.stringify(parseTemplate(text).render(values)) }
  } catch (error) {
    return { ok: false, isMissing: error instanceof MissingPathError, error: StepError.from(error) }
  }
}

async function answerTo({ id, work, values }: ThreadRequest): Promise<ThreadAnswer> {
  const failed = (error: StepErrorDetails): ThreadAnswer => {
    const count = work.kind === 'render' ? work.texts.length : 1
    return { id, names: [], results: Array.from({ length: count }, () => ({ ok: false, isMissing: false, error })) }
  }
  const scope: Record<string, Json> = Object.create(null)
  const whole = expander(work.kind === 'compute')
  const streamed = createStreamedLists(
    folder,
    () => `${partPrefix}-${id}-${++lastPart}.part`,
    whole,
    () => sayAlive(id),
  )
  let input: Json = null
  try {
    // The main thread's scope holds JSON alone.
    for (const [root, part] of Object.entries(values)) {
      scope[root] = whole('stored' in part ? fromStored(part.stored) : (part.value as Json))
    }
    if (work.kind === 'compute') {
      const isStreamed = (value: Json): boolean => isLargeValue(value) && streamed.isList(value)
      const { streams = [] } = await computationOf(work)
      input = wholeButFor(fromStored(work.input), streams, isStreamed, whole)
    }
  } catch (error) {
    const message = `A large value is missing or damaged: ${error instanceof Error ? error.message : String(error)}`
    return failed(
      error instanceof TooLargeError ? StepError.from(error) : { code: 'missing-data', message, retryable: false },
    )
  }
  if (work.kind === 'render') return { id, names: [], results: work.texts.map((text) => render(text, scope)) }
  let isFailed = true
  try {
    const output = await computeWhole(work, input, scope, streamed.lists)
    const results = Object.values(output).map((member): ThreadResult => {
      const part = isLargeValue(member) ? streamed.partOf(member) : undefined
      return part === undefined || !isLargeValue(member)
        ? { ok: true, json: toStored(member) }
        : { ok: true, part, value: member }
    })
    isFailed = false
    return { id, names: Object.keys(output), results }
  } catch (error) {
    return failed(StepError.from(error))
  } finally {
    streamed.close(isFailed)
  }
}

/** When it was last said that the work goes on. */
let saidAt = 0
const ALIVE_MS = 1_000

function sayAlive(id: number): void {
  const now = performance.now()
  if (now - saidAt < ALIVE_MS) return
  saidAt = now
  const message: ThreadMessage = { id, isAlive: true }
  parentPort?.postMessage(message)
}

/** The action of a computation, of which this thread knows that it is one. */
async function computationOf({
  uses,
}: ThreadWork & { kind: 'compute' }): Promise<Action & Required<Pick<Action, 'computes'>>> {
  const family = await families.find(({ id }) => id === familyOf(uses))?.load()
  const action = family?.connectors.find(({ id }) => id === uses)
  if (action?.kind !== 'action' || action.computes === undefined) throw new Error(`${uses} is no computation`)
  return { ...action, computes: action.computes }
}

/** What a computation makes of an input in which everything is in place but the lists that it streams. */
async function computeWhole(
  work: ThreadWork & { kind: 'compute' },
  input: Json,
  scope: TemplateScope,
  lists: Lists,
): Promise<JsonObject> {
  const action = await computationOf(work)
  const output = atOnce(action.computes(parseInput(action, work.step, input), { render: itemRenderer(scope), lists }))
  if (!isJsonObject(output)) throw new Error(`${work.uses} has no members in its output`)
  return output
}

parentPort?.on('message', (request: ThreadRequest) => {
  void answerTo(request).then((answer: ThreadMessage) => parentPort?.postMessage(answer))
})
