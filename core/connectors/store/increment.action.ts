import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { createSum, type Numeric, numericOf } from '../../domain/values/decimal.ts'
import { type Json, textOf } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { expiryOf, keyField, scopeField, storeOutput, ttlField } from './fields.ts'

/** Counts by name: each run gets a number of its own. */
export const storeIncrement = defineAction({
  id: 'store.increment',
  title: 'Count up',
  description: 'Adds to a stored number, and returns it.',
  keywords: ['counter', 'count', 'increment', 'sequence', 'next number', 'add', 'invoice number', 'redis incr'],
  icon: 'circle-plus',
  category: 'data',
  summary: '{key}',
  // A repeat finds the change that it has made.
  effect: 'idempotent',
  input: z.strictObject({
    key: keyField,
    scope: scopeField,
    by: z
      .union([z.number(), z.string().max(100)])
      .default(1)
      .meta({ title: 'By', description: 'A number; with a minus it counts down.', ui: { widget: 'template' } }),
    ttl: ttlField,
  }),
  output: storeOutput,
  sample: { value: 43, existed: true },
  async run({ input, memory }) {
    const by = numberOf(input.by, 'by')
    const result = await memory.change(input.scope, textOf(input.key), (before, now) => {
      const value = sumOf(numberOf(before ?? 0, textOf(input.key)), by, textOf(input.key))
      return { value, expiresAt: expiryOf(input.ttl, now), result: { value, existed: before !== undefined } }
    })
    return { output: storeOutput.parse(result) }
  },
})

function numberOf(value: Json, what: string): Numeric {
  const number = numericOf(value)
  if (number !== undefined) return number
  const came =
    value === null ? 'nothing' : typeof value === 'object' ? 'a list or an object' : JSON.stringify(value).slice(0, 80)
  throw refusal(`"${what}" is ${came}, which nothing can be added to: it must be a number.`)
}

/** The exact sum: as text where it has more digits than a double has, so that no count is lost. */
function sumOf(before: Numeric, by: Numeric, what: string): Numeric {
  const sum = createSum()
  try {
    sum.add(before)
    sum.add(by)
    const total = sum.total()
    if (numericOf(total) !== undefined && Number.isFinite(Number(total))) return total
  } catch (error) {
    throw refusal(tooFar(before, by, what), error)
  }
  throw refusal(tooFar(before, by, what))
}

const tooFar = (before: Numeric, by: Numeric, what: string): string =>
  `"${what}" is ${shown(before)}, to which ${shown(by)} cannot be added: the sum is larger or has more digits than a number may have. Begin again from another number.`

const shown = (number: Numeric): string => String(number).slice(0, 80)

function refusal(message: string, cause?: unknown): StepError {
  return new StepError({ code: 'bad-input', message, retryable: false }, { cause })
}
