import { z } from 'zod'
import { numericOf } from '../../domain/values/decimal.ts'

/**
 * A number in a form, of which a template with more than one value in it makes a text: `"5"` is 5. In the form, and in its JSON schema, it is the number that
 * `schema` says. Its default is a `prefault`: zod leaves a default out of the JSON schema of what is read from something else.
 */
export function numberField<Schema extends z.ZodType<number>>(schema: Schema) {
  return z.preprocess((value) => (typeof value === 'string' ? (numericOf(value) ?? value) : value), schema)
}

/** As {@link numberField}, for a switch: the texts `true` and `false` are what they say. */
export function switchField() {
  return z.preprocess(
    (value) => (typeof value === 'string' ? (SWITCHED.get(value.trim()) ?? value) : value),
    z.boolean(),
  )
}

const SWITCHED: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
])
