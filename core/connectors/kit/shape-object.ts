import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../domain/values/json.ts'
import { type Path, valueAt } from './path.ts'

/** The keys of a path in a value: one, where a field is called just as the path is written. */
function keysIn(value: Json, { text, keys }: Path): readonly string[] {
  return isJsonObject(value) && Object.hasOwn(value, text) ? [text] : keys
}

/** A copy of an object with nothing but what is at these paths, in the objects around it. Paths that lead nowhere add nothing. */
export function keepAt(value: Json, paths: readonly Path[]): JsonObject {
  const kept: Tree = new Map()
  for (const path of paths) {
    const found = valueAt(value, path)
    if (found !== undefined) put(kept, keysIn(value, path), found)
  }
  return objectOf(kept)
}

type Tree = Map<string, Json | Tree>

function put(tree: Tree, [key, ...rest]: readonly string[], value: Json): void {
  if (key === undefined) return
  if (rest.length === 0) {
    tree.set(key, value)
    return
  }
  const known = tree.get(key)
  // What is kept as a whole has its parts in it already.
  if (known !== undefined && !(known instanceof Map)) return
  const inner: Tree = known ?? new Map()
  tree.set(key, inner)
  put(inner, rest, value)
}

function objectOf(tree: Tree): JsonObject {
  return Object.fromEntries([...tree].map(([key, value]) => [key, value instanceof Map ? objectOf(value) : value]))
}

/** A copy without what is at a path. */
export function dropAt(value: Json, path: Path): Json {
  return changeAt(value, keysIn(value, path), () => undefined)
}

/** A copy in which the field at a path has another name, at its old place. A field that has this name already gives way. */
export function renameAt(value: Json, path: Path, name: string): Json {
  return changeAt(value, keysIn(value, path), (_key, member) => [name, member])
}

/** A copy with one member of it exchanged, or taken out; the same value where the path leads nowhere. */
function changeAt(
  value: Json,
  [key, ...rest]: readonly string[],
  change: (key: string, member: Json) => readonly [string, Json] | undefined,
): Json {
  if (key === undefined) return value
  if (isJsonList(value)) {
    const at = Number(key)
    const item = /^\d+$/.test(key) ? value[at] : undefined
    if (item === undefined) return value
    return rest.length === 0 ? value.toSpliced(at, 1) : value.with(at, changeAt(item, rest, change))
  }
  if (!isJsonObject(value) || !Object.hasOwn(value, key)) return value
  const member = value[key] ?? null
  const changed = rest.length === 0 ? change(key, member) : ([key, changeAt(member, rest, change)] as const)
  const members = Object.entries(value).filter(([name]) => name === key || name !== changed?.[0])
  return Object.fromEntries(
    members.flatMap((one) => (one[0] === key ? (changed === undefined ? [] : [changed]) : [one])),
  )
}
