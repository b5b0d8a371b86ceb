import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { parseDuration } from '../../domain/time/duration.ts'
import { isJsonObject, type Json, jsonSchema, textOf } from '../../domain/values/json.ts'
import { holdsLarge } from '../../domain/values/large-value.ts'
import { MAIN_PORT } from '../../domain/zap/zap-file.ts'
import { defineLogic } from '../define.ts'
import { memoryKeySchema } from './memory-key.ts'

/** What is gathered is remembered for so long beyond its time: the run that waits for it may be held up by a computer that is off. */
const MEMORY_MS = 365 * 86_400_000
/** Items of one digest, and characters of all of them; where they are reached it is let through early, so that nothing is lost. */
const MOST = { items: 1_000, characters: 1_048_576 } as const
/** Digests that are remembered after they went through, for a step that a crash has cut off. */
const REMEMBERED = 5

const itemSchema = z.object({ by: z.string(), item: jsonSchema })
const gatheredSchema = z.object({
  items: z.array(itemSchema),
  since: z.number(),
  passed: z.array(z.object({ by: z.string(), items: z.array(jsonSchema), since: z.number() })),
})
type Gathered = z.output<typeof gatheredSchema>

/** Gathers what comes, and lets one run go on with all of it. */
export const logicDigest = defineLogic({
  id: 'logic.digest',
  title: 'Digest',
  description: 'Gathers items of many runs, and continues once with all of them.',
  keywords: ['digest', 'batch', 'collect', 'summary', 'bundle', 'group runs', 'daily summary', 'release'],
  icon: 'inbox',
  category: 'logic',
  summary: 'after {after}',
  // A repeat finds the item that it has put in, and the digest that it has taken.
  effect: 'idempotent',
  stopReason: 'its item was gathered, and another run goes on with all of them',
  input: z.strictObject({
    item: jsonSchema.meta({ title: 'Item', ui: { widget: 'template', placeholder: '{{ hook.body }}' } }),
    after: z
      .union([z.int(), z.string()])
      .refine((after) => afterOf(after) !== undefined, {
        error: 'must be a length of time such as 1h, or how many items, from 1 to 1000',
      })
      .meta({
        title: 'Continue after',
        description: 'A length of time since the first item, such as 1h, or a number of items, such as 20.',
        ui: { widget: 'template', placeholder: '1h' },
      }),
    key: memoryKeySchema.optional().meta({
      title: 'Gathered for each',
      description: 'Such as {{ hook.body.customer }}: each has a digest of its own. Without it, there is one.',
      ui: { widget: 'template', advanced: true },
    }),
  }),
  output: z.object({ items: z.array(jsonSchema), count: z.int(), since: z.string() }),
  sample: { items: [{ id: 1 }, { id: 2 }], count: 2, since: '2026-11-24T09:00:00.000Z' },
  async run({ input, waited, clock, store, idempotencyKey: by }) {
    const now = clock.now()
    const after = afterOf(input.after)
    const item = small(input.item)
    const isBack = isJsonObject(waited?.data ?? null)
    const found = await store.update(textOf(input.key ?? null), (stored) => {
      const before = gatheredSchema.safeParse(stored).data ?? { items: [], since: now, passed: [] }
      const own = before.passed.find((digest) => digest.by === by)
      if (own !== undefined) return kept(before, { passes: own })
      const gathered = isBack ? before : withItem(before, by, item, now)
      const goesAt = after?.ms === undefined ? Number.POSITIVE_INFINITY : gathered.since + after.ms
      const isFull = gathered.items.length >= (after?.count ?? MOST.items) || sizeOf(gathered) > MOST.characters
      if (gathered.items.length > 0 && (isFull || goesAt <= now)) {
        const passes = { by, items: gathered.items.map((one) => one.item), since: gathered.since }
        return kept({ items: [], since: now, passed: [passes, ...gathered.passed].slice(0, REMEMBERED) }, { passes })
      }
      // The first of them waits for the others; where it was cancelled, the next one that comes after its time goes on.
      const waitsUntil = gathered.items[0]?.by === by && goesAt < Number.POSITIVE_INFINITY ? goesAt : null
      return kept(gathered, { waitsUntil, count: gathered.items.length, since: gathered.since })
    })
    if ('passes' in found) {
      const { items, since } = found.passes
      return {
        output: { items: [...items], count: items.length, since: new Date(since).toISOString() },
        ports: [MAIN_PORT],
      }
    }
    if (found.waitsUntil !== null) return { wait: { for: 'time', until: found.waitsUntil, data: { gathers: true } } }
    return { output: { items: [], count: found.count, since: new Date(found.since).toISOString() }, ports: [] }
  },
})

type Found =
  | { readonly passes: Gathered['passed'][number] }
  | { readonly waitsUntil: number | null; readonly count: number; readonly since: number }

function kept(value: Gathered, result: Found): { value: Json; expiresAt: number; result: Found } {
  return { value, expiresAt: value.since + MEMORY_MS, result }
}

/** An item is put in once, however often its step is repeated; the first one begins the digest. */
function withItem(before: Gathered, by: string, item: Json, now: number): Gathered {
  if (before.items.some((one) => one.by === by)) return before
  const since = before.items.length === 0 ? now : before.since
  return { ...before, since, items: [...before.items, { by, item }] }
}

function sizeOf({ items }: Gathered): number {
  return items.reduce((sum, { item }) => sum + JSON.stringify(item).length, 0)
}

function afterOf(after: string | number): { readonly ms?: number; readonly count?: number } | undefined {
  const count = typeof after === 'number' ? after : /^\s*\d{1,5}\s*$/.test(after) ? Number(after) : undefined
  if (count !== undefined) return count >= 1 && count <= MOST.items ? { count } : undefined
  const ms = parseDuration(String(after))
  return ms === undefined || ms <= 0 ? undefined : { ms }
}

function small(item: Json): Json {
  if (!holdsLarge(item) && JSON.stringify(item).length <= MOST.characters / 4) return item
  const message = `An item of a digest may have ${MOST.characters / 4_096} KB: choose the fields that are needed.`
  throw new StepError({ code: 'too-large', message, retryable: false })
}
