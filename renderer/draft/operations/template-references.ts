import { isJsonObject, type Json } from '../../../core/domain/values/json.ts'

const TEMPLATE_PART = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g

/** The same value with every template that begins at a renamed step pointing to the new id. */
export function renameReferences(value: Json, ids: ReadonlyMap<string, string>): Json {
  if (typeof value === 'string') return value.replace(TEMPLATE_PART, (part) => renameInPart(part, ids))
  if (Array.isArray(value)) return value.map((item: Json) => renameReferences(item, ids))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, renameReferences(item, ids)]))
}

/** The link by which a question of the zap is answered names its step behind a dot, or in quotes. */
const LINK = /\b(run\s*\.\s*approval\s*(?:\.\s*|\[\s*["']))([A-Za-z][\w-]*)/g

// Else a word is a step's id only where an expression begins: not after a dot, and not inside quotes.
function renameInPart(part: string, ids: ReadonlyMap<string, string>): string {
  const linked = part.replace(LINK, (whole, before: string, id: string) => {
    const renamed = ids.get(id)
    return renamed === undefined ? whole : before + renamed
  })
  return linked.replace(/"[^"]*"|'[^']*'|(?<![\w.-])[A-Za-z][\w-]*/g, (word) => ids.get(word) ?? word)
}
