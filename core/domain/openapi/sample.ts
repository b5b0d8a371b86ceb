import { isJsonList, isJsonObject, type Json, type JsonObject } from '../values/json.ts'
import { dereferenced, merged, type Parts } from './parts.ts'
import { listOf } from './read-values.ts'

/** Levels below which a sample says no more. */
const MOST_LEVELS = 4
/** Values of one sample. */
const MOST_VALUES = 400

/** An example of what a schema describes: its own where it has one, or one that is made. Undefined where nothing can be said. */
export function sampleOf(schema: JsonObject, parts: Parts): Json | undefined {
  return make(schema, parts, [], 0, { left: MOST_VALUES })
}

function make(
  given: JsonObject,
  parts: Parts,
  trail: readonly string[],
  level: number,
  budget: { left: number },
): Json | undefined {
  budget.left--
  const { ref } = dereferenced(given, parts)
  if (budget.left < 0 || level > MOST_LEVELS || (ref !== null && trail.includes(ref))) return undefined
  const schema = merged(given, parts)
  const inside = ref === null ? trail : [...trail, ref]
  const own = schema.example ?? schema.examples ?? schema.default ?? schema.const
  if (own !== undefined && !(own === null && schema.type !== 'null')) return own
  if (schema.enum !== undefined && isJsonList(schema.enum)) return schema.enum[0]
  const shapes = schema.oneOf ?? schema.anyOf
  const first =
    shapes !== undefined && isJsonList(shapes)
      ? shapes.find((one) => isJsonObject(one) && one.type !== 'null')
      : undefined
  if (isJsonObject(first) && !isJsonObject(schema.properties)) return make(first, parts, inside, level, budget)
  const type = typeof schema.type === 'string' ? schema.type : listOf(schema.type).find((one) => one !== 'null')
  if (isJsonObject(schema.properties)) {
    const entries = Object.entries(schema.properties).flatMap(([name, property]): [string, Json][] => {
      const value = isJsonObject(property) ? make(property, parts, inside, level + 1, budget) : undefined
      return value === undefined ? [] : [[name, value]]
    })
    return Object.fromEntries(entries)
  }
  if (type === 'array' || isJsonObject(schema.items)) {
    const item = isJsonObject(schema.items) ? make(schema.items, parts, inside, level + 1, budget) : undefined
    return item === undefined ? [] : [item]
  }
  if (type === 'object') return {}
  if (type === 'string') return textSample(schema.format)
  if (type === 'integer' || type === 'number') return typeof schema.minimum === 'number' ? schema.minimum : 1
  if (type === 'boolean') return true
  return undefined
}

const TEXTS: Readonly<Record<string, string>> = {
  'date-time': '2026-11-30T09:00:00Z',
  date: '2026-11-30',
  time: '09:00:00Z',
  uuid: '123e4567-e89b-12d3-a456-426614174000',
  email: 'ada@example.com',
  uri: 'https://example.com/a',
  url: 'https://example.com/a',
  ipv4: '203.0.113.7',
}

function textSample(format: Json | undefined): string {
  return (typeof format === 'string' && Object.hasOwn(TEXTS, format) ? TEXTS[format] : undefined) ?? 'text'
}
