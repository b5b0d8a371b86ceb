import { z } from 'zod'

/** Any value that survives a round trip through JSON: what events, step outputs and journals are made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json }

/**
 * Schema of {@link Json}. `undefined` members are refused, as they would be lost in storage, and so is what JSON cannot
 * hold at all. It checks and does not copy: events and outputs of any size pass here several times in a run, and `z.json()`
 * takes ten times as long.
 */
export const jsonSchema: z.ZodType<Json> = z.custom<Json>((value) => isJson(value), {
  error: ({ input }) => (input === undefined ? 'is needed' : 'must be a JSON value'),
})

/** Levels below which a value counts as JSON: deeper ones, and circles, would overflow the stack of `JSON.stringify`. */
const MAX_CHECKED_DEPTH = 1_000

/** Whether a value survives a round trip through JSON unchanged. */
export function isJson(value: unknown, depth = 0): value is Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value)
    case 'object':
      return value === null || (depth < MAX_CHECKED_DEPTH && holdsJson(value, depth + 1))
    default:
      return false
  }
}

function holdsJson(value: object, depth: number): boolean {
  if (Array.isArray(value)) {
    for (const item of value) if (!isJson(item, depth)) return false
    return true
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return false
  for (const key of Object.keys(value)) if (!isJson(Reflect.get(value, key), depth)) return false
  return true
}

/** Levels that any value which we take in, store or render may nest. */
export const MAX_JSON_DEPTH = 200

/** True for a list. (`Array.isArray` does not narrow readonly lists.) */
export function isJsonList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

/** True for a plain JSON object (not null, not a list). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Whether `value` nests deeper than `limit` levels; a scalar has depth 0. Iterative on purpose: `JSON.parse` accepts
 * millions of levels, while `JSON.stringify` and recursive walks overflow the stack at about ten thousand.
 */
export function exceedsDepth(value: unknown, limit: number): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    const next: unknown[] = []
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue
      if (depth >= limit) return true
      for (const child of Array.isArray(item) ? item : Object.values(item)) {
        if (typeof child === 'object' && child !== null) next.push(child)
      }
    }
    level = next
  }
  return false
}

/** A value as text, as templates write it: lists and objects as JSON, null as nothing. */
export function textOf(value: Json): string {
  if (value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Whether two values are the same JSON; the order of an object's members does not matter. */
export function jsonEquals(a: Json, b: Json): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (isJsonList(a) || isJsonList(b)) {
    if (!isJsonList(a) || !isJsonList(b) || a.length !== b.length) return false
    return a.every((item, index) => jsonEquals(item, b[index] ?? null))
  }
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every((key) => Object.hasOwn(b, key) && jsonEquals(a[key] ?? null, b[key] ?? null))
}

/** The JSON text of a value, with the members of objects in one order. */
export function canonical(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (isJsonList(value)) return `[${value.map(canonical).join(',')}]`
  const members = Object.keys(value).sort()
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name] ?? null)}`).join(',')}}`
}
