import { jsonSchema, textOf } from '../../domain/values/json.ts'

/** Characters of a key at most: a longer one is a whole payload rather than a name. */
const MAX_KEY_CHARS = 1_000

/** What a step remembers things under: any value, as text. */
export const memoryKeySchema = jsonSchema.refine((key) => textOf(key).length <= MAX_KEY_CHARS, {
  error: `must have at most ${MAX_KEY_CHARS} characters`,
})
