import { z } from 'zod'
import { isJsonList, isJsonObject, type Json } from '../../domain/values/json.ts'

/** Where a value is inside another one: `customer.name`, `lines[0].sku`, `["a.b"]`. Empty for the whole. */
export type Path = { readonly text: string; readonly keys: readonly (string | number)[] }

const MAX_PATH_CHARS = 500
const NAME = /[^.[\]]+/y
const BRACKET = /\[(?:(-?[0-9]{1,9})|"([^"]*)"|'([^']*)')\]/y

/** Reads a path. Undefined for what is none. */
export function readPath(text: string): Path | undefined {
  const keys: (string | number)[] = []
  for (let at = 0; at < text.length; ) {
    const isBracket = text[at] === '['
    if (!isBracket && at > 0) {
      if (text[at] !== '.') return undefined
      at += 1
    }
    const pattern = isBracket ? BRACKET : NAME
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found === null) return undefined
    const [whole, index, double, single] = found
    keys.push(isBracket ? (index === undefined ? (double ?? single ?? '') : Number(index)) : whole)
    at += whole.length
  }
  return { text, keys }
}

/** A path in an input, read. The empty one stands for the whole item. */
export const pathSchema = z
  .string()
  .max(MAX_PATH_CHARS)
  .transform((text, check): Path => {
    const path = readPath(text.trim())
    if (path !== undefined) return path
    check.addIssue({
      code: 'custom',
      message: 'must be the name of a field, such as amount, or a path, such as customer.name',
    })
    return z.NEVER
  })

/** A list of paths in an input: the names of fields, at least one where it is not optional. */
export const pathsSchema = z.array(pathSchema).max(100)

/**
 * The value at a path, or undefined: own properties only. A field that is called just as the path is written, such as `Price (in $.)` in a
 * table, goes before what the path means.
 */
export function valueAt(item: Json, { text, keys }: Path): Json | undefined {
  if (isJsonObject(item) && Object.hasOwn(item, text)) return item[text]
  let value: Json | undefined = item
  for (const key of keys) {
    if (isJsonList(value ?? null)) {
      const list = value as readonly Json[] // as was just asked
      value = typeof key === 'number' ? list.at(key) : undefined
    } else if (isJsonObject(value) && Object.hasOwn(value, String(key))) value = value[String(key)]
    else return undefined
  }
  return value
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

/** The JSON text of a value, with the members of objects in one order. */
export function canonical(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (isJsonList(value)) return `[${value.map(canonical).join(',')}]`
  const members = Object.keys(value).sort()
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name] ?? null)}`).join(',')}}`
}
