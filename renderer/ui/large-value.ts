import { type LargeValue, largeValueSchema } from '../../core/contract/values.ts'
import { isJsonObject, type Json } from '../../core/domain/json.ts'
import { formatBytes } from './format-bytes.ts'

/** The reference that stands in the place of a value too large for the database; null for every other value. */
export function asLargeValue(value: Json | undefined): LargeValue | null {
  // Looked at for every branch of a tree: what is none should cost next to nothing.
  if (!isJsonObject(value) || !Object.hasOwn(value, '$blob')) return null
  const parsed = largeValueSchema.safeParse(value)
  return parsed.success ? parsed.data : null
}

const KINDS: Readonly<Record<LargeValue['type'], string>> = {
  json: 'Large value',
  text: 'Long text',
  bytes: 'Large file',
}

/** What a person is told in place of such a value. */
export function largeValueWords(large: LargeValue): string {
  return `${KINDS[large.type]}, ${formatBytes(large.bytes)}, kept beside the database`
}
