import { z } from 'zod'
import { isJsonList, type Json } from './json.ts'

/** Bytes of JSON beyond which a value is kept as a file beside the database, so that the journal stays small. */
export const STORED_APART_BYTES = 262_144

/**
 * Bytes beyond which a value is not even read into a run: reading 50 MB of JSON would hold up everything else for half a second.
 * Steps get a {@link LargeValue} in its place, and templates that look inside are rendered by another thread.
 */
export const LAZY_BYTES = 4_194_304

/**
 * Stands in place of a value that is kept as a file: its SHA-256 and what is in it. `json` and `text` (UTF-8) can be read by templates
 * like any value; `bytes` are handed on whole. Whoever knows the hash has had the content, so a reference gives nothing away.
 */
export const largeValueSchema = z.strictObject({
  $blob: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().min(0),
  type: z.enum(['json', 'text', 'bytes']),
})
export type LargeValue = z.infer<typeof largeValueSchema>

/** Whether a value is a reference to a large one. */
export function isLargeValue(value: unknown): value is LargeValue {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.hasOwn(value, '$blob') &&
    largeValueSchema.safeParse(value).success
  )
}

/** Whether a value is, or has in it, a reference to a large one. */
export function holdsLarge(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (isLargeValue(value)) return true
  return isJsonList(value) ? value.some(holdsLarge) : Object.values(value).some(holdsLarge)
}
