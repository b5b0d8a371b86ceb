import { renderedPart } from '../connectors/check-input.ts'
import type { Action } from '../connectors/define.ts'
import { readItems } from '../connectors/kit/json-items.ts'
import { wordFor } from '../connectors/kit/rows.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { parseTemplate, type RenderedText, renderValue, templateRoots } from '../domain/templates/template.ts'
import { MissingPathError } from '../domain/templates/template-errors.ts'
import { isJsonList, isJsonObject, type Json } from '../domain/values/json.ts'
import { holdsLarge, isLargeValue, LAZY_BYTES, type LargeValue } from '../domain/values/large-value.ts'
import { fromStored, toStored } from '../domain/values/stored-json.ts'
import type { Step } from '../domain/zap/zap-file.ts'
import { type Frame, settleStep } from './run/frame.ts'
import type { StepServices } from './step-services.ts'

/**
 * Renders the templates of a step that look inside large values, and reads those that are not too large for a run after all. Undefined
 * when no such value is near, which is nearly always.
 */
export async function renderLarge(
  action: Action,
  step: Step,
  frame: Frame,
  services: StepServices,
): Promise<ReadonlyMap<string, RenderedText> | undefined> {
  if (frame.large.size === 0) return undefined
  const found = templateRoots(renderedPart(action, step.input))
  for (const root of new Set(found.flatMap((template) => template.roots))) {
    const value = frame.values[root]
    if (!frame.large.has(root) || !isLargeValue(value) || value.bytes > LAZY_BYTES) continue
    const output = await services.values.unpack(toStored(value))
    frame.large.delete(root)
    settleStep(frame, root, { ports: frame.outcomes.get(root)?.ports ?? [], output, hasLarge: holdsLarge(output) })
  }
  const texts = found
    .filter(({ roots, error }) => error === undefined && roots.some((root) => frame.large.has(root)))
    .map(({ text }) => text)
    .filter((text) => !isHandedOn(text, frame))
  if (texts.length === 0) return undefined
  // Filters that write dates read the zap's zone and the run's now.
  const roots = new Set(['zap', 'now', ...texts.flatMap((text) => parseTemplate(text).roots)])
  const values = Object.fromEntries(
    [...roots].filter((root) => root in frame.values).map((root) => [root, frame.values[root]]),
  )
  return services.largeTemplates.render([...new Set(texts)], values)
}

/** Whether a text only hands a value on, large or not, without looking into what is large. */
function isHandedOn(text: string, frame: Frame): boolean {
  if (!parseTemplate(text).isPath) return false
  try {
    renderValue(text, frame.values)
    return true
  } catch (error) {
    // What seems to be missing may be inside a large value.
    return !(error instanceof MissingPathError)
  }
}

/**
 * An input as an action that knows nothing of large values can take it: large text is text again.
 *
 * @throws StepError `too-large` for other large values.
 */
export async function withoutLarge(action: Action, step: Step, input: Json, services: StepServices): Promise<Json> {
  if (action.takesLarge === true || action.templates === 'own' || !holdsLarge(input)) return input
  const { large } = services
  const contents = new Map<LargeValue, string>()
  let bytes = 0
  const find = (value: Json): void => {
    if (!isLargeValue(value)) {
      if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) find(item)
      return
    }
    bytes += value.bytes
    if (value.type !== 'text' || bytes > MAX_TEXT_BYTES) throw tooLarge(step, Math.max(value.bytes, bytes))
    contents.set(value, '')
  }
  find(input)
  for (const value of contents.keys()) contents.set(value, Buffer.from(await large.read(value)).toString('utf8'))
  const walk = (value: Json): Json => {
    if (isLargeValue(value)) return contents.get(value) ?? ''
    if (isJsonList(value)) return value.map(walk)
    if (!isJsonObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item)]))
  }
  return walk(input)
}

/**
 * The items of a large value, read in turns with everything else. Each may still hold references.
 *
 * @throws StepError `bad-input` for what is no list, and `too-large` for more than a run may hold.
 */
export async function largeItems(value: LargeValue, step: Step, services: StepServices): Promise<Json[]> {
  if (value.bytes > MAX_TEXT_BYTES) throw tooLarge(step, value.bytes)
  const refuse = (other: Json): never => {
    const message = `"items" of the step "${step.name ?? step.id}" must be a list, but is ${wordFor(other)}.`
    throw new StepError({ code: 'bad-input', message, retryable: false })
  }
  const all: Json[] = []
  const parse = value.type === 'value' ? fromStored : (text: string): Json => JSON.parse(text)
  const items = readItems(services.large.stream(value), refuse, parse)
  for await (const some of items) all.push(...some)
  return all
}

/** Bytes of large text that one step gets as text, however often a piece of it stands in its input. */
const MAX_TEXT_BYTES = 67_108_864

function tooLarge(step: Step, bytes: number): StepError {
  const size = `${(bytes / 1_048_576).toFixed(1)} MB`
  return new StepError({
    code: 'too-large',
    message: `The step "${step.name ?? step.id}" cannot take a value of ${size}: give it a part of it, or send it whole with an HTTP request.`,
    retryable: false,
  })
}
