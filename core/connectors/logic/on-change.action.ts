import { z } from 'zod'
import { canonical, type Json, jsonSchema, textOf } from '../../domain/values/json.ts'
import { MAIN_PORT } from '../../domain/zap/zap-file.ts'
import { defineLogic } from '../define.ts'
import { numberField } from '../kit/from-text.ts'
import { memoryKeySchema } from './memory-key.ts'

/** Milliseconds that a value is remembered: a sensor that was silent for a year begins anew. */
const MEMORY_MS = 365 * 86_400_000

/** The last value that was let through, by which run, and what it was compared with. */
const seenSchema = z.object({ value: jsonSchema, by: z.string(), previous: jsonSchema, first: z.boolean() })

/** Goes on only when a value is another one than the last time. */
export const logicOnChange = defineLogic({
  id: 'logic.on-change',
  title: 'Only on change',
  description: 'Continues only when a value differs from the last one.',
  keywords: ['changed', 'rbe', 'report by exception', 'difference', 'deadband', 'only if changed', 'detect changes'],
  icon: 'diff',
  category: 'logic',
  summary: '{value}',
  // A repeat finds that the change was its own.
  effect: 'idempotent',
  stopReason: 'the value is the same as the last time',
  input: z.strictObject({
    value: jsonSchema.meta({ title: 'Value', ui: { widget: 'template', placeholder: '{{ hook.body.temperature }}' } }),
    key: memoryKeySchema.optional().meta({
      title: 'Compared for each',
      description: 'Such as {{ hook.body.sensor }}: each has a last value of its own. Without it, there is one.',
      ui: { widget: 'template' },
    }),
    tolerance: numberField(z.number().min(0))
      .optional()
      .meta({
        title: 'Numbers may differ by',
        description: 'Two numbers that differ by no more than this count as the same.',
        ui: { advanced: true },
      }),
  }),
  output: z.object({ value: jsonSchema, previous: jsonSchema, first: z.boolean() }),
  sample: { value: 21.5, previous: 20, first: false },
  async run({ input, clock, store, eventKey: by }) {
    const { value, tolerance = 0 } = input
    const { changed, previous, first } = await store.update(textOf(input.key ?? null), (stored) => {
      const last = seenSchema.safeParse(stored).data
      const expiresAt = clock.now() + MEMORY_MS
      if (last?.by === by) {
        return { value: last, expiresAt, result: { changed: true, previous: last.previous, first: last.first } }
      }
      if (last !== undefined && isSame(last.value, value, tolerance)) {
        return { value: last, expiresAt, result: { changed: false, previous: last.value, first: false } }
      }
      const found = { previous: last?.value ?? null, first: last === undefined }
      return { value: { value, by, ...found }, expiresAt, result: { changed: true, ...found } }
    })
    return { output: { value, previous, first }, ports: changed ? [MAIN_PORT] : [] }
  },
})

/** Whether two values are the same: numbers also as text, and objects in any order of their fields. */
function isSame(one: Json, other: Json, tolerance: number): boolean {
  const [a, b] = [numberOf(one), numberOf(other)]
  if (a !== undefined && b !== undefined) return Math.abs(a - b) <= tolerance
  return canonical(one) === canonical(other)
}

function numberOf(value: Json): number | undefined {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^\s*[-+]?\d{1,300}(?:\.\d{1,300})?\s*$/.test(value) ? Number(value) : undefined
}
