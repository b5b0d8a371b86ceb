import { isJsonList, isJsonObject, type Json } from './json.ts'

/** Characters of a path at most; nothing nests so deep that it needs more. */
const MAX_PATH = 1_000

/** A name, a place in a list, or a name in quotes, with the dot before it. */
const PART = /\.?([^.[\]'"\s][^.[\]]*)|\.?\[(\d{1,9})\]|\.?\["([^"]*)"\]|\.?\['([^']*)'\]/y

/**
 * The names on the way of a path such as `data.items`, `pages[0].rows` or `["name with. dots"]`; a list's place is a number in text. The
 * empty path is the value itself, and a leading `$` may stand for it. Null for what is no path.
 */
export function parsePath(path: string): readonly string[] | null {
  if (path.length > MAX_PATH) return null
  const text = path.trim().replace(/^\$(?=$|[.[])/, '')
  const parts: string[] = []
  PART.lastIndex = 0
  while (PART.lastIndex < text.length) {
    const start = PART.lastIndex
    const found = PART.exec(text)
    // Only what begins the path may do without its dot, and only what follows the "$" may begin with one.
    const isJoined = start === 0 || text[start] === '.' || text[start] === '['
    if (found === null || !isJoined) return null
    const [, name, index, double, single] = found
    parts.push(name?.trimEnd() ?? index ?? double ?? single ?? '')
  }
  return parts
}

/** What stands in a value at a path; undefined when nothing does. Only what the value itself holds is found. */
export function valueAt(value: Json, path: readonly string[]): Json | undefined {
  let at: Json | undefined = value
  for (const part of path) {
    if (at === undefined) return undefined
    if (isJsonList(at)) at = /^\d+$/.test(part) ? at[Number(part)] : undefined
    else at = isJsonObject(at) && Object.hasOwn(at, part) ? at[part] : undefined
  }
  return at
}
