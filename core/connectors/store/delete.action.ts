import { z } from 'zod'
import { textOf } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { keyField, scopeField, storeOutput } from './fields.ts'

/** Forgets a value that was kept by name. */
export const storeDelete = defineAction({
  id: 'store.delete',
  title: 'Forget stored value',
  description: 'Deletes what was kept under a name, and returns it.',
  keywords: ['delete variable', 'forget', 'clear', 'remove', 'reset', 'redis del'],
  icon: 'eraser',
  category: 'data',
  summary: '{key}',
  // A repeat finds the change that it has made.
  effect: 'idempotent',
  input: z.strictObject({
    key: keyField,
    scope: scopeField,
  }),
  output: storeOutput,
  sample: { value: 'invoice-42', existed: true },
  async run({ input, memory }) {
    const result = await memory.change(input.scope, textOf(input.key), (before) => ({
      value: undefined,
      result: { value: before ?? null, existed: before !== undefined },
    }))
    return { output: storeOutput.parse(result) }
  },
})
