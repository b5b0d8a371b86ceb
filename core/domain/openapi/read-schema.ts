import { isJsonList, isJsonObject, type Json, type JsonObject } from '../values/json.ts'
import { type Documents, follow, refIn } from './pointers.ts'

/** Characters of a text that people read. */
export const MOST_TEXT = 600
/** Levels of a schema that are looked at. */
const MOST_DEPTH = 64
/** Values of a choice. */
const MOST_VALUES = 500
/** Characters of an example as JSON. */
const MOST_EXAMPLE = 4_000
/** Values of a whole description that are looked at. */
const MOST_NODES = 1_500_000

const KEPT = new Set([
  'type',
  'format',
  'title',
  'const',
  'required',
  'nullable',
  'readOnly',
  'writeOnly',
  'deprecated',
  'minimum',
  'maximum',
  'maxLength',
  'contentEncoding',
  'contentMediaType',
  'x-nullable',
  'x-ms-summary',
  'x-ms-visibility',
])
const LISTS = new Set(['allOf', 'anyOf', 'oneOf'])
const SCHEMAS = new Set(['items', 'additionalProperties'])

/** Reads schemas of documents into plain ones that refer to each other by whole addresses, and gathers what they refer to. */
export class SchemaReader {
  readonly #documents: Documents
  readonly #parts = new Map<string, JsonObject>()
  #waiting: { ref: string; value: Json; file: string }[] = []
  #nodes = 0
  /** Refs that lead nowhere. */
  readonly missing = new Set<string>()

  constructor(documents: Documents) {
    this.#documents = documents
  }

  /** The parts that were referred to so far, and what they refer to in turn. Throws a RangeError when there are too many. */
  parts(): ReadonlyMap<string, JsonObject> {
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop())
      this.#parts.set(next.ref, this.read(next.value, next.file))
    return this.#parts
  }

  /** A schema as it stands in `file`, without what nothing is made of. */
  read(value: Json | undefined, file: string, depth = 0): JsonObject {
    this.#nodes++
    if (this.#nodes > MOST_NODES) throw new RangeError(`it has more than ${MOST_NODES} values`)
    if (!isJsonObject(value) || depth > MOST_DEPTH) return {}
    const ref = refIn(value)
    if (ref !== null) return this.#reference(ref, value, file)
    return Object.fromEntries(
      Object.keys(value).flatMap((name): [string, Json][] => {
        const kept = this.#member(name, value[name] ?? null, file, depth)
        return kept === undefined ? [] : [[name, kept]]
      }),
    )
  }

  #reference(ref: string, { description }: JsonObject, file: string): JsonObject {
    const found = follow(this.#documents, file, ref)
    if (found === null) {
      this.missing.add(ref)
      return { 'x-missing': ref.slice(0, 200) }
    }
    if (!this.#parts.has(found.ref)) {
      this.#parts.set(found.ref, {})
      this.#waiting.push(found)
    }
    return { $ref: found.ref, ...(typeof description === 'string' && { description: plainText(description) }) }
  }

  #member(name: string, value: Json, file: string, depth: number): Json | undefined {
    this.#nodes++
    if (KEPT.has(name)) return typeof value === 'object' && !isJsonList(value) && value !== null ? undefined : value
    if (name === 'description') return typeof value === 'string' ? plainText(value) : undefined
    if (name === 'enum') return isJsonList(value) ? value.slice(0, MOST_VALUES) : undefined
    if (name === 'default' || name === 'example' || name === 'x-example') return shortExample(value)
    if (name === 'examples') return isJsonList(value) ? shortExample(value[0] ?? null) : undefined
    if (name === 'properties' && isJsonObject(value))
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.read(one, file, depth + 1)]))
    if (name === 'discriminator')
      return typeof value === 'string' ? { propertyName: value } : this.#discriminator(value, file)
    if (LISTS.has(name) && isJsonList(value)) return value.slice(0, 200).map((one) => this.read(one, file, depth + 1))
    if (SCHEMAS.has(name)) return typeof value === 'boolean' ? value : this.read(value, file, depth + 1)
    if (name === 'prefixItems' && isJsonList(value) && value.length > 0) return undefined
    return undefined
  }

  /** The values by which shapes are told apart, by the refs of the shapes. */
  #discriminator(value: Json, file: string): Json | undefined {
    if (!isJsonObject(value) || typeof value.propertyName !== 'string') return undefined
    const mapping = isJsonObject(value.mapping) ? Object.entries(value.mapping) : []
    const refs = mapping.flatMap(([name, ref]): [string, Json][] => {
      const found = typeof ref === 'string' ? follow(this.#documents, file, ref) : null
      return found === null ? [] : [[found.ref, name]]
    })
    return { propertyName: value.propertyName, values: Object.fromEntries(refs) }
  }
}

/** A text of the description: without tags, in one paragraph, and not too long. */
export function plainText(text: string): string {
  const short = text.slice(0, 4 * MOST_TEXT)
  const plain = short
    .replace(/<\/?[a-z][^<>]{0,300}>/gi, ' ')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .split(/\s+/)
    .join(' ')
    .trim()
  return plain.length > MOST_TEXT ? `${plain.slice(0, MOST_TEXT - 1)}…` : plain
}

/** An example that is not too long; undefined for any other. */
export function shortExample(value: Json): Json | undefined {
  if (typeof value === 'string') return value.length <= MOST_EXAMPLE ? value : undefined
  if (typeof value !== 'object' || value === null) return value
  return isShort(value, { left: MOST_EXAMPLE / 8 }, 0) && JSON.stringify(value).length <= MOST_EXAMPLE
    ? value
    : undefined
}

function isShort(value: Json, budget: { left: number }, depth: number): boolean {
  budget.left--
  if (budget.left < 0 || depth > 20) return false
  if (typeof value !== 'object' || value === null) return true
  return Object.values(value).every((one) => isShort(one, budget, depth + 1))
}
