import { z } from 'zod'
import { canonical, isJsonObject, type Json } from '../../domain/values/json.ts'
import { parsePath, valueAt as valueAtKeys } from '../../domain/values/value-path.ts'

/** Where a value is inside an item: `customer.name`, `lines[0].sku`, `["a.b"]`, or nothing for the item itself. */
export type Path = { readonly text: string; readonly keys: readonly string[] }

/** A path, read. What is no path, such as the name `Amount [EUR]` of a table's column, is a name as it stands. */
export function readPath(written: string): Path {
  const text = written.trim()
  return { text, keys: parsePath(text) ?? [text] }
}

/** A path in an input, read. */
export const pathSchema = z.string().max(1_000).transform(readPath)

/** Paths in an input: the names of fields. */
export const pathsSchema = z.array(pathSchema).max(100)

/** The value at a path, or undefined. A field that is called just as the path is written goes before what the path means. */
export function valueAt(item: Json, { text, keys }: Path): Json | undefined {
  return isJsonObject(item) && Object.hasOwn(item, text) ? item[text] : valueAtKeys(item, keys)
}

/**
 * What a value is known by where values are told apart: two of them have the same key when they are the same JSON, or a number and the text
 * that is written so (`7` and `"7"`, as one comes from JSON and the other from a table). What is absent has the key of null.
 */
export function keyOf(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? `{${canonical(value)}` : `=${value}`
}

/** The key of several values together. */
export function keyAt(item: Json, paths: readonly Path[]): string {
  if (paths.length === 1 && paths[0] !== undefined) return keyOf(valueAt(item, paths[0]))
  return JSON.stringify(paths.map((path) => keyOf(valueAt(item, path))))
}

/** As {@link keyAt}, where rows are matched by their key: undefined for one that lacks a part of it, which belongs to nothing, not even to others without one. */
export function matchKeyAt(item: Json, paths: readonly Path[]): string | undefined {
  return paths.every((path) => (valueAt(item, path) ?? null) !== null) ? keyAt(item, paths) : undefined
}
