import { isJsonObject, type JsonObject } from '../values/json.ts'
import type { Parts } from './parts.ts'
import { merged } from './parts.ts'

/** Names under which APIs put lists, the usual ones first. */
const ENVELOPES = ['data', 'items', 'results', 'values', 'records', 'entries', 'list', 'rows', 'objects']
/** What tells things apart, the best first. */
const KEYS = ['id', '_id', 'uuid', 'guid', 'sid', 'gid', 'key', 'number', 'slug', 'name']

/** Where the list of an answer is, and what tells its items apart; null for an answer that lists nothing. */
export function listIn(answer: JsonObject | null, parts: Parts): { path: string; key: string } | null {
  if (answer === null) return null
  const schema = merged(answer, parts)
  const own = keyOfItems(schema, parts)
  if (own !== null) return { path: '', key: own }
  const properties = isJsonObject(schema.properties) ? schema.properties : {}
  const names = Object.keys(properties)
  for (const name of [
    ...ENVELOPES.filter((one) => names.includes(one)),
    ...names.filter((one) => !ENVELOPES.includes(one)),
  ]) {
    const property = properties[name]
    const key =
      isJsonObject(property) && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
        ? keyOfItems(merged(property, parts), parts)
        : null
    if (key !== null) return { path: name, key }
  }
  return null
}

function keyOfItems(schema: JsonObject, parts: Parts): string | null {
  if (!isJsonObject(schema.items)) return null
  const { properties } = merged(schema.items, parts)
  return isJsonObject(properties) ? (KEYS.find((key) => Object.hasOwn(properties, key)) ?? null) : null
}
