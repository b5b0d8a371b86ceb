import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { isJsonList, jsonSchema, textOf } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { numberField } from '../kit/from-text.ts'
import { expiryOf, keepable, keyField, scopeField, storeOutput, ttlField } from './fields.ts'

/** Adds to a list that is kept by name. */
export const storeAppend = defineAction({
  id: 'store.append',
  title: 'Add to stored list',
  description: 'Adds an item to a stored list, and returns the list.',
  keywords: ['collect', 'list', 'push', 'append', 'queue', 'history', 'last items', 'redis push'],
  icon: 'list-plus',
  category: 'data',
  summary: '{key}',
  // A repeat finds the change that it has made.
  effect: 'idempotent',
  input: z.strictObject({
    key: keyField,
    scope: scopeField,
    value: jsonSchema.default(null).meta({ title: 'Item', ui: { widget: 'template' } }),
    limit: numberField(z.int().min(1).max(10_000))
      .optional()
      .meta({ title: 'Keep at most', description: 'The oldest items go first.' }),
    ttl: ttlField,
  }),
  output: storeOutput,
  sample: { value: ['first', 'second'], existed: true },
  async run({ input, memory }) {
    const result = await memory.change(input.scope, textOf(input.key), (before, now) => {
      if (before !== undefined && !isJsonList(before)) throw noList(textOf(input.key))
      const value = keepable(
        [...(before ?? []), input.value].slice(-(input.limit ?? Number.POSITIVE_INFINITY)),
        input.key,
      )
      return { value, expiresAt: expiryOf(input.ttl, now), result: { value, existed: before !== undefined } }
    })
    return { output: storeOutput.parse(result) }
  },
})

function noList(key: string): StepError {
  const message = `What is kept as "${key}" is no list: use another name, or forget it first.`
  return new StepError({ code: 'bad-input', message, retryable: false })
}
