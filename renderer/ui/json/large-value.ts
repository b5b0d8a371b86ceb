import { type LargeValueFacts, readReference } from '../../../core/contract/values.ts'
import type { Json } from '../../../core/domain/values/json.ts'
import { formatBytes } from '../words/format-bytes.ts'

/** The reference that stands in the place of a value too large for the database; null for every other value. */
export function asLargeValue(value: Json | undefined): LargeValueFacts | null {
  return readReference(value) ?? null
}

const KINDS: Readonly<Record<LargeValueFacts['type'], string>> = {
  json: 'Large value',
  value: 'Large value',
  text: 'Long text',
  bytes: 'Large file',
}

/** What a person is told in place of such a value. */
export function largeValueWords(large: LargeValueFacts): string {
  return `${KINDS[large.type]}, ${formatBytes(large.bytes)}, kept beside the database`
}
