import { isJsonObject, type Json } from '../../../core/domain/values/json.ts'
import { templateParts } from '../templates/template-text.ts'

/** A path as templates write it, or a text in quotes, which is none. */
const PATH = /"[^"]*"|'[^']*'|[\p{L}_][\p{L}\p{N}_-]*(?:\.[\p{L}\p{N}_-]+|\[(?:\d+|"[^"]*")\])*/gu

/** Every path that the templates in a value read; names of filters are among them. */
export function usedPaths(value: Json): ReadonlySet<string> {
  const found = new Set<string>()
  collect(value, found)
  return found
}

function collect(value: Json, found: Set<string>): void {
  if (typeof value === 'string') {
    for (const { expression } of templateParts(value)) {
      for (const [path] of expression?.matchAll(PATH) ?? []) if (!/^["']/.test(path)) found.add(path)
    }
  } else if (Array.isArray(value)) for (const item of value) collect(item, found)
  else if (isJsonObject(value)) for (const item of Object.values(value)) collect(item, found)
}
