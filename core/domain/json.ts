import { z } from 'zod'

/** Any value that survives a round trip through JSON: what events, step outputs and journals are made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json }

/** Schema of {@link Json}. `undefined` members are refused, as they would be lost in storage. */
export const jsonSchema: z.ZodType<Json> = z.json()

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
