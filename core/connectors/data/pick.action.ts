import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { isJsonObject, type Json, jsonSchema, textOf } from '../../domain/values/json.ts'
import { isLargeValue } from '../../domain/values/large-value.ts'
import { defineComputation } from '../define-computation.ts'
import { NAMED_VALUES, namedOutput, namedValues } from '../kit/named-values.ts'
import { pathsSchema, readPath } from '../kit/path.ts'
import { wordFor } from '../kit/rows.ts'
import { dropAt, keepAt, renameAt } from '../kit/shape-object.ts'

/** Keeps, drops and renames fields of an object. */
export const dataPick = defineComputation({
  id: 'data.pick',
  title: 'Pick fields',
  description: 'Keeps, drops or renames fields of an object.',
  keywords: [
    'select fields',
    'rename keys',
    'remove fields',
    'pick',
    'omit',
    'keep fields',
    'drop fields',
    'rename',
    'get dictionary value',
  ],
  icon: 'list-checks',
  category: 'data',
  summary: '{keep} {drop}',
  input: z
    .strictObject({
      from: jsonSchema
        .refine((value) => isJsonObject(value) || isLargeValue(value), {
          error: ({ input }) => `must be an object, but is ${wordFor(jsonSchema.safeParse(input).data)}`,
        })
        .meta({ title: 'Object', ui: { widget: 'template', placeholder: '{{ hook.body }}' } }),
      keep: pathsSchema.optional().meta({
        title: 'Keep',
        description: 'Names or paths of fields, one a line. All of them when empty.',
        ui: { widget: 'text-list', placeholder: 'id\ncustomer.name' },
      }),
      drop: pathsSchema
        .optional()
        .meta({ title: 'Drop', ui: { widget: 'text-list', placeholder: 'customer.password' } }),
      rename: namedValues
        .superRefine((names, check) => {
          for (const [old, name] of Object.entries(names)) {
            if (typeof name === 'string' && name.trim() !== '') continue
            check.addIssue({ code: 'custom', path: [old], message: 'needs a new name' })
          }
        })
        .optional()
        .meta({
          ...NAMED_VALUES,
          title: 'Rename',
          description: 'The name or path of a field, and its new name.',
          ui: { widget: 'key-value' },
        }),
    })
    .superRefine(({ keep = [], drop = [], rename = {} }, check) => {
      if (keep.length === 0 && drop.length === 0 && Object.keys(rename).length === 0) {
        check.addIssue({ code: 'custom', path: ['keep'], message: 'is needed, or fields to drop or to rename' })
      }
    }),
  output: namedOutput,
  sample: { id: 7, customer: { name: 'Ada' } },
  *compute({ from, keep = [], drop = [], rename = {} }) {
    let object: Json = from
    if (keep.length > 0) object = keepAt(object, keep)
    object = dropAt(object, drop)
    object = renameAt(
      object,
      Object.entries(rename).map(([old, name]) => [readPath(old), textOf(name)] as const),
    )
    if (isJsonObject(object)) return object
    throw new StepError({ code: 'bad-input', message: 'There is no object to pick from.', retryable: false })
  },
})
