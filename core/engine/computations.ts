import type { Compute } from '../connectors/action-context.ts'
import type { Action } from '../connectors/define.ts'
import { inTurns } from '../connectors/kit/in-turns.ts'
import { type TemplateScope, templateRoots } from '../domain/templates/template.ts'
import { isJsonList, isJsonObject, type Json } from '../domain/values/json.ts'
import { holdsLarge } from '../domain/values/large-value.ts'
import type { Step } from '../domain/zap/zap-file.ts'
import type { StepServices } from './step-services.ts'

/** What the templates of the fields for items read. */
function itemRoots({ itemFields }: Action, input: Json): ReadonlySet<string> {
  if (itemFields === undefined || !isJsonObject(input)) return new Set()
  return new Set(itemFields.flatMap((name) => templateRoots(input[name] ?? null)).flatMap(({ roots }) => roots))
}

/** Characters of a text from which it is worked on by the thread: work on one text cannot always be done in turns. */
const LONG_TEXT = 100_000

/** Members of one list or object from which it is: what is done with an object as a whole, or with all items once each had its turn, is done at once. */
const MANY_MEMBERS = 10_000

/** Whether a computation may do something with one of these values that takes longer than its turn. */
function isHeavy(value: Json): boolean {
  if (typeof value === 'string') return value.length > LONG_TEXT
  if (typeof value !== 'object' || value === null) return false
  const members = isJsonList(value) ? value : Object.values(value)
  return members.length > MANY_MEMBERS || members.some(isHeavy)
}

/** Computes: in turns with everything else or, where large values, long texts or very many members stand in the input or in what it reads, in a thread. */
export async function compute(
  asked: {
    readonly action: Action
    readonly step: Step
    /** Rendered, but for its fields for items. */
    readonly input: Json
    readonly scope: TemplateScope
    /** Those of the scope's values that hold references to large ones. */
    readonly large: ReadonlySet<string>
    readonly signal: AbortSignal
  },
  work: () => ReturnType<Compute<never>>,
  { largeTemplates, values }: Pick<StepServices, 'largeTemplates' | 'values'>,
): Promise<Json> {
  const { action, step, input, scope, large, signal } = asked
  const isLong = isHeavy(input)
  if (isLong || large.size > 0) {
    const roots = itemRoots(action, input)
    if (isLong || holdsLarge(input) || [...roots].some((root) => large.has(root))) {
      // Filters that write dates read the zap's zone and the run's now.
      const read = [...new Set([...roots, 'zap', 'now'])].filter((root) => root in scope)
      const known = Object.fromEntries(read.map((root) => [root, scope[root]]))
      return largeTemplates.compute(
        { uses: action.id, step: { id: step.id, ...(step.name !== undefined && { name: step.name }) }, input },
        known,
        signal,
      )
    }
  }
  return values.lighten(await inTurns(work(), signal))
}
