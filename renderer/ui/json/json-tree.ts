import { isJsonObject, type Json } from '../../../core/domain/values/json.ts'
import { asLargeValue } from './large-value.ts'

/** How a JSON value is shown as a tree; everything here is about rows and paths, nothing about React. */

const PLAIN_KEY = /^[A-Za-z_][\w-]*$/

/** The path of a child as templates write it: `hook.body.items[0]`, `hook.headers["x odd"]`. */
export function childPath(parent: string, key: string | number): string {
  if (typeof key === 'number') return `${parent}[${key}]`
  if (!PLAIN_KEY.test(key)) return `${parent}[${JSON.stringify(key)}]`
  return parent === '' ? key : `${parent}.${key}`
}

/** The children of an object or list; null for anything that has none. */
export function childrenOf(value: Json): readonly (readonly [string | number, Json])[] | null {
  if (Array.isArray(value)) return value.map((item: Json, at) => [at, item] as const)
  return isJsonObject(value) && asLargeValue(value) === null ? Object.entries(value) : null
}

/** What a closed branch says of itself: `3 items`, `1 field`. */
export function branchSize(value: Json): string {
  const list = Array.isArray(value)
  const count = list ? value.length : isJsonObject(value) ? Object.keys(value).length : 0
  return `${count} ${list ? 'item' : 'field'}${count === 1 ? '' : 's'}`
}

/**
 * The paths that are open at first: level by level from the root, as long as the rows they show fit into `budget`. A
 * branch that is too large by itself stays closed, while its smaller neighbours may still open.
 */
export function initiallyOpen(root: Json, rootPath: string, budget = 200): ReadonlySet<string> {
  const open = new Set<string>()
  let left = budget
  let level: (readonly [string, Json])[] = [[rootPath, root]]
  while (level.length > 0) {
    const next: (readonly [string, Json])[] = []
    for (const [path, value] of level) {
      const children = childrenOf(value)
      if (children === null || children.length === 0 || children.length > left) continue
      left -= children.length
      open.add(path)
      for (const [key, child] of children) next.push([childPath(path, key), child])
    }
    level = next
  }
  return open
}

/** A value without children as text. */
export function leafText(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (Array.isArray(value)) return '[]'
  return typeof value === 'object' && value !== null ? '{}' : String(value)
}
