import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { isJsonObject, type Json, jsonSchema } from '../../domain/values/json.ts'
import { isLargeValue, type LargeValue } from '../../domain/values/large-value.ts'
import type { LargeValues } from '../action-context.ts'
import { defineAction } from '../define.ts'
import { NAMED_VALUES, namedOutput, namedValues } from '../kit/named-values.ts'
import { wordFor } from '../kit/rows.ts'
import { unfinishedFields } from '../kit/unfinished.ts'

/** Gives names to values that later steps use. */
export const dataSet = defineAction({
  id: 'data.set',
  title: 'Set data',
  description: 'Sets values that later steps can use by name.',
  keywords: [
    'set',
    'edit fields',
    'set variable',
    'variable',
    'dictionary',
    'change',
    'assign',
    'compose',
    'tools',
    'formatter',
  ],
  icon: 'braces',
  category: 'data',
  summary: '{fields}',
  effect: 'none',
  takesLarge: true,
  input: z.strictObject({
    fields: namedValues.default({}).meta({
      ...NAMED_VALUES,
      title: 'Values',
      description: 'A value that is one {{ … }} keeps its type; anything else is text.',
      ui: { widget: 'key-value' },
    }),
    keep: jsonSchema.optional().meta({
      title: 'Keep the fields of',
      description: 'An object whose other fields stay beside these values.',
      ui: { widget: 'template', placeholder: '{{ hook.body }}', advanced: true },
    }),
  }),
  unfinished: ({ fields }) => unfinishedFields(fields),
  output: namedOutput,
  sample: { name: 'value' },
  async run({ input: { fields, keep }, large }) {
    if (keep === undefined || keep === null) return { output: fields }
    const kept = isLargeValue(keep) ? await readObject(keep, large) : keep
    if (isJsonObject(kept)) return { output: Object.fromEntries([...Object.entries(kept), ...Object.entries(fields)]) }
    const message = `The fields of “keep” can only be those of an object, but it is ${wordFor(kept)}.`
    throw new StepError({ code: 'bad-input', message, retryable: false })
  },
})

/** A large value as far as it may be read where everything else waits. */
async function readObject(value: LargeValue, large: LargeValues): Promise<Json> {
  const text = Buffer.from(await large.read(value)).toString('utf8')
  const read = value.type === 'text' ? null : await large.readJson(text)
  if (read?.kind === 'json' && read.isFile !== true) return read.value
  const message = 'The object of “keep” is too large to be put together with other values: keep a part of it.'
  throw new StepError({ code: 'too-large', message, retryable: false })
}
