import { z } from 'zod'
import { jsonSchema, textOf } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { keyField, scopeField, storeOutput } from './fields.ts'

/** Reads a value that steps keep by name. */
export const storeGet = defineAction({
  id: 'store.get',
  title: 'Read stored value',
  description: 'Reads what a step kept under a name.',
  keywords: [
    'get variable',
    'read value',
    'remember',
    'state',
    'get data',
    'cache',
    'memory',
    'storage get',
    'redis get',
  ],
  icon: 'database',
  category: 'data',
  summary: '{key}',
  effect: 'none',
  input: z.strictObject({
    key: keyField,
    scope: scopeField,
    default: jsonSchema
      .optional()
      .meta({ title: 'If there is none', description: 'Without it: nothing.', ui: { widget: 'template' } }),
  }),
  output: storeOutput,
  sample: { value: 'invoice-42', existed: true },
  async run({ input, memory }) {
    const value = await memory.read(input.scope, textOf(input.key))
    return { output: { value: value === undefined ? (input.default ?? null) : value, existed: value !== undefined } }
  },
})
