import { z } from 'zod'
import { FORM_FIELD_TYPES, type FormField } from '../../domain/runs/question.ts'

/** What a field of a page says of itself in a step's input. */
const fieldShape = {
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_-]{0,59}$/, {
      error: 'begins with a letter, and takes letters, digits, "_" and "-", 60 at most',
    })
    .meta({ title: 'Name' }),
  label: z
    .string()
    .min(1, { error: 'needs a text' })
    .max(300)
    .refine((text) => text.trim() !== '', { error: 'needs a text' })
    .meta({ title: 'Label' }),
  type: z.enum(FORM_FIELD_TYPES).default('text').meta({ title: 'Type' }),
  required: z.boolean().default(false).meta({ title: 'Must be answered' }),
  // A template may make a list of numbers of it.
  options: z
    .array(z.union([z.string().min(1).max(300), z.number().transform(String)]))
    .max(200)
    .optional()
    .meta({ title: 'Choices' }),
  help: z.string().max(500).optional().meta({ title: 'Help' }),
}

type WrittenField = {
  readonly name: string
  readonly label: string
  readonly type: FormField['type']
  readonly required: boolean
  readonly options?: readonly string[] | undefined
  readonly help?: string | undefined
}

function checkOptions({ type, options = [] }: WrittenField, check: z.core.$RefinementCtx): void {
  if (type !== 'choice' && type !== 'choices') return
  if (options.length === 0) {
    check.addIssue({ code: 'custom', path: ['options'], message: 'needs at least one choice' })
  } else if (new Set(options).size < options.length) {
    check.addIssue({ code: 'custom', path: ['options'], message: 'has the same choice twice' })
  }
}

/** A field as a step's input has it. */
export const writtenFieldSchema = z.strictObject(fieldShape).superRefine(checkOptions)

/** The same, with what stands in it at first. */
export const filledFieldSchema = z
  .strictObject({
    ...fieldShape,
    value: z
      .union([z.string().max(20_000), z.number(), z.boolean(), z.null(), z.array(z.string().max(300)).max(200)])
      .optional()
      .meta({ title: 'What stands in it at first' }),
  })
  .superRefine(checkOptions)

/** Fields of one page: no two have one name. */
export function fieldsSchema<Field extends z.ZodType<WrittenField>>(field: Field) {
  return z
    .array(field)
    .max(60, { error: 'takes 60 fields at most' })
    .superRefine((fields, check) => {
      const names = new Set<string>()
      for (const [index, { name }] of fields.entries()) {
        if (names.has(name)) {
          check.addIssue({ code: 'custom', path: [index, 'name'], message: 'is the name of another field too' })
        }
        names.add(name)
      }
    })
}

/** A field with everything said. */
export function formField({ name, label, type, required, options = [], help }: WrittenField): FormField {
  return { name, label, type, required, options: [...options], help: help ?? null }
}
