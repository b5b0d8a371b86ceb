import { isJsonList, isJsonObject, type Json, textOf } from '../../domain/values/json.ts'
import { readPath, valueAt } from '../kit/path.ts'

/** A part of an answer as text; '' where there is none. */
export const textAt = (value: Json, path: string): string => textOf(valueAt(value, readPath(path)) ?? '')

/** A list in an answer; an empty one where there is none. */
export function itemsAt(value: Json, path: string): readonly Json[] {
  const found = valueAt(value, readPath(path)) ?? null
  return isJsonList(found) ? found : []
}

/** A part of an answer as an object; an empty one where there is none. */
export function objectAt(value: Json, path: string): Readonly<Record<string, Json>> {
  const found = valueAt(value, readPath(path)) ?? null
  return isJsonObject(found) ? found : {}
}

/** A key of several parts of an item: the item itself and when it changed, so that a change is told from what was there. */
export const keyOfParts =
  (...paths: readonly string[]) =>
  (item: Json): string =>
    paths.map((path) => textAt(item, path)).join(' ')

/** Texts as a service takes them where it wants one of them: with commas between. */
export const joined = (value: Json): Json => (isJsonList(value) ? value.map(textOf).join(',') : value)

/** Numbers of what was entered as texts. */
export const numbers = (value: Json): Json => (isJsonList(value) ? value.map(Number) : value)
