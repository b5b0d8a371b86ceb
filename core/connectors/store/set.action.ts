import { z } from 'zod'
import { jsonSchema, textOf } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { expiryOf, keepable, keyField, scopeField, storeOutput, ttlField } from './fields.ts'

/** Keeps a value by name. */
export const storeSet = defineAction({
  id: 'store.set',
  title: 'Store value',
  description: 'Keeps a value under a name, for later runs.',
  keywords: [
    'set variable',
    'store',
    'remember',
    'save value',
    'state',
    'static data',
    'memory',
    'storage set',
    'redis set',
  ],
  icon: 'database',
  category: 'data',
  summary: '{key}',
  // A repeat finds the change that it has made.
  effect: 'idempotent',
  input: z.strictObject({
    key: keyField,
    scope: scopeField,
    value: jsonSchema.default(null).meta({ title: 'Value', ui: { widget: 'template' } }),
    ttl: ttlField,
  }),
  output: storeOutput,
  sample: { value: 'invoice-42', existed: true },
  async run({ input, memory }) {
    const value = keepable(input.value, input.key)
    const result = await memory.change(input.scope, textOf(input.key), (before, now) => ({
      value,
      expiresAt: expiryOf(input.ttl, now) ?? null,
      result: { value, existed: before !== undefined },
    }))
    return { output: storeOutput.parse(result) }
  },
})
