import { isJsonList, isJsonObject, type Json } from '../domain/values/json.ts'
import { isLargeValue, type LargeValue } from '../domain/values/large-value.ts'

/**
 * References to large values on their way to another process and back. A reference holds in its own process alone, and what came from outside
 * may look like one; bytes stand for it on the way, as JSON never has any.
 */

/** A value with bytes in place of its references, which `met` is told. */
export function withMarks(value: Json, met: (reference: LargeValue) => void): unknown {
  return mapped(value, (one) => {
    if (!isLargeValue(one)) return undefined
    met(one)
    return Buffer.from(JSON.stringify([one.$blob, one.bytes, one.type]))
  })
}

/** A value with references in place of bytes. `known` makes the reference of what was marked, or throws. */
export function withoutMarks(value: unknown, known: (mark: readonly unknown[]) => LargeValue): unknown {
  if (value instanceof Uint8Array) {
    const mark: unknown = JSON.parse(Buffer.from(value).toString('utf8'))
    return known(Array.isArray(mark) ? mark : [])
  }
  if (Array.isArray(value)) return value.map((item) => withoutMarks(item, known))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutMarks(item, known)]))
}

function mapped(value: Json, replace: (value: Json) => unknown): unknown {
  const replaced = replace(value)
  if (replaced !== undefined) return replaced
  if (isJsonList(value)) return value.map((item) => mapped(item, replace))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapped(item, replace)]))
}
