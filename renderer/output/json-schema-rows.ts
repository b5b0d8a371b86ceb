import type { Json } from '../../core/domain/values/json.ts'
import { childPath, childrenOf, leafText } from '../ui/json/json-tree.ts'

/** What is known of the values at one place: all items of a list are one place. */
export type SchemaRow = {
  /** As templates write it; an item of a list stands for all, as its first. */
  readonly path: string
  readonly name: string
  readonly depth: number
  /** "text", "number or nothing", "list of 3". */
  readonly type: string
  /** Whether some objects of a list lack it. */
  readonly optional: boolean
  /** The first plain value that stands there. */
  readonly example: string | null
}

/** Items of a list that are looked at; more tell nothing new. */
const LOOKED_AT = 1_000

/** What a value is made of, place by place. */
export function schemaRows(root: Json, rootPath: string): readonly SchemaRow[] {
  const rows: SchemaRow[] = []
  const tell = (path: string, name: string, values: readonly Json[], depth: number, optional: boolean): void => {
    const leaf = values.find((value) => value !== null && childrenOf(value) === null)
    const example = leaf === undefined ? null : leafText(leaf)
    rows.push({ path, name, depth, type: typeOf(values), optional, example })
    const objects = values.filter((value) => childrenOf(value) !== null && !Array.isArray(value))
    const members = new Map<string, Json[]>()
    for (const object of objects) {
      for (const [key, value] of childrenOf(object) ?? []) {
        const known = members.get(String(key))
        if (known) known.push(value)
        else members.set(String(key), [value])
      }
    }
    for (const [key, found] of members) {
      tell(childPath(path, key), key, found, depth + 1, found.length < objects.length)
    }
    const items = values.flatMap((value) => (Array.isArray(value) ? value.slice(0, LOOKED_AT) : []))
    if (items.length > 0) tell(childPath(path, 0), 'each item', items, depth + 1, false)
  }
  tell(rootPath, rootPath === '' ? 'value' : rootPath, [root], 0, false)
  return rows
}

function typeOf(values: readonly Json[]): string {
  const words = new Set(values.map(wordOf))
  const [only] = values
  if (words.size === 1 && values.length === 1 && Array.isArray(only)) return `list of ${only.length}`
  // What is sometimes nothing is chiefly the other.
  const sorted = [...words].toSorted((a, b) => Number(a === 'nothing') - Number(b === 'nothing'))
  return sorted.join(' or ')
}

function wordOf(value: Json): string {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'list'
  const words: Readonly<Record<string, string>> = { string: 'text', number: 'number', boolean: 'yes or no' }
  return words[typeof value] ?? (childrenOf(value) === null ? 'large value' : 'object')
}
