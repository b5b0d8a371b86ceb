import { type Document, LineCounter, parseDocument } from 'yaml'
import { type Json, jsonSchema } from '../../domain/values/json.ts'

/** A file of a description, as it was dropped. */
export type DocumentFile = { readonly path: string; readonly text: string }

/** Aliases of a YAML document that are followed: real ones have some dozens, hostile ones billions. */
const MOST_ALIASES = 1_000

/**
 * The value of a file: JSON, or else YAML. Tags that make other things than values are not known, and nothing is read from elsewhere.
 *
 * @throws Error with the line and column for what is neither.
 */
export function parseDocumentText({ path, text }: DocumentFile): Json {
  const plain = text.startsWith('\ufeff') ? text.slice(1) : text
  const isJson = /^\s*[[{]/.test(plain.slice(0, 1_000))
  let failure: unknown
  if (isJson) {
    try {
      return JSON.parse(plain)
    } catch (error) {
      // YAML may begin with braces too; and JSON with commas too many is YAML.
      failure = error
    }
  }
  const lines = new LineCounter()
  const document = parseDocument(plain, {
    lineCounter: lines,
    strict: false,
    uniqueKeys: false,
    logLevel: 'silent',
    // `<<` is of YAML 1.1, and in use all the same.
    merge: true,
  })
  const [problem] = document.errors
  if (problem !== undefined) {
    const { line, col } = lines.linePos(problem.pos[0])
    const reason = isJson && failure instanceof Error ? failure.message : (problem.message.split('\n')[0] ?? '')
    throw new Error(`${path} cannot be read: ${reason.slice(0, 300)} (line ${line}, column ${col}).`)
  }
  const value = resolved(document, path)
  const json = jsonSchema.safeParse(value === undefined ? null : plainValue(value, 0))
  if (!json.success) throw new Error(`${path} cannot be read: it holds something that JSON cannot.`)
  return json.data
}

function resolved(document: Document, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES })
  } catch (error) {
    // The library throws this for aliases of aliases, and for those that lead nowhere.
    if (!(error instanceof ReferenceError)) throw error
    const reason = error.message.startsWith('Excessive alias')
      ? `it repeats parts of itself by aliases (*name) more than ${MOST_ALIASES} times: write them out, or as "$ref"`
      : error.message
    throw new Error(`${path} cannot be read: ${reason}.`, { cause: error })
  }
}

/** What YAML has and JSON has not: dates and numbers that are none. */
function plainValue(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (value instanceof Date) return value.toISOString()
  if (typeof value !== 'object' || value === null || depth > 200) return depth > 200 ? null : value
  if (value instanceof Map || value instanceof Set || ArrayBuffer.isView(value)) return null
  if (Array.isArray(value)) return value.map((one) => plainValue(one, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plainValue(one, depth + 1)]))
}
