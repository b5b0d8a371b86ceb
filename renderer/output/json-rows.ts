import type { Json } from '../../core/domain/values/json.ts'
import { childPath, childrenOf, leafText } from '../ui/json/json-tree.ts'

/** One line of a JSON value that is shown as a tree. */
export type JsonRow = {
  readonly path: string
  /** Null for the whole value. */
  readonly name: string | number | null
  readonly value: Json
  readonly depth: number
  /** Null for a value that has nothing inside. */
  readonly open: boolean | null
}

/** The lines of a value whose `opened` paths are unfolded. Recursion goes as deep as JSON may nest here. */
export function jsonRows(root: Json, rootPath: string, opened: ReadonlySet<string>): readonly JsonRow[] {
  const rows: JsonRow[] = []
  const unfold = (path: string, name: JsonRow['name'], value: Json, depth: number): void => {
    const children = childrenOf(value)
    const hasChildren = children !== null && children.length > 0
    const open = hasChildren ? opened.has(path) : null
    rows.push({ path, name, value, depth, open })
    if (!open || children === null) return
    for (const [key, child] of children) unfold(childPath(path, key), key, child, depth + 1)
  }
  unfold(rootPath, null, root, 0)
  return rows
}

/** The lines whose key or value holds `search`, with those that lead to them; and how many hold it. */
export function foundRows(root: Json, rootPath: string, search: string): { rows: readonly JsonRow[]; found: number } {
  const word = search.toLowerCase()
  let found = 0
  const look = (path: string, name: JsonRow['name'], value: Json, depth: number): readonly JsonRow[] => {
    const children = childrenOf(value)
    const isLeaf = children === null || children.length === 0
    const holds =
      (name !== null && String(name).toLowerCase().includes(word)) ||
      (isLeaf && leafText(value).toLowerCase().includes(word))
    if (holds) found += 1
    const below: JsonRow[] = []
    for (const [key, child] of children ?? []) {
      for (const row of look(childPath(path, key), key, child, depth + 1)) below.push(row)
    }
    if (!holds && below.length === 0) return below
    return [{ path, name, value, depth, open: isLeaf ? null : below.length > 0 }, ...below]
  }
  const rows = look(rootPath, null, root, 0)
  return { rows, found }
}
