import { isJsonObject, type Json } from '../values/json.ts'

/** Names of the credentials that a value refers to with `{ "$credential": name }`, at any depth. */
export function credentialNames(value: Json | undefined): string[] {
  if (value === undefined || typeof value !== 'object' || value === null) return []
  if (isJsonObject(value) && typeof value.$credential === 'string') return [value.$credential]
  return Object.values(value).flatMap(credentialNames)
}
