// A thread of its own: reads JSON of which a few megabytes can keep a thread for a second and more.
import { parentPort } from 'node:worker_threads'
import { exceedsDepth, isJsonList, isJsonObject, type Json, MAX_JSON_DEPTH } from '../domain/values/json.ts'
import { type KeptNumbers, quoteNumbers } from '../domain/values/lossless-json.ts'

export type JsonQuestion = { readonly id: number; readonly text: string }

/**
 * What a text is. `text` is there where the value has to be read from another text than the one that came, as that has numbers which a double
 * cannot hold. `isLight`: whether it may be read, walked and written in the main thread.
 */
export type JsonFinding =
  | {
      readonly kind: 'json'
      readonly text: string | null
      readonly kept: KeptNumbers | null
      readonly isLight: boolean
    }
  | { readonly kind: 'too-deep' }
  | { readonly kind: 'no-json' }

export type JsonAnswer = { readonly id: number; readonly finding: JsonFinding }

/** Of each of these so many are read, and later walked and written, in some 20 ms. */
const LIGHT = { holders: 50_000, names: 10_000, values: 300_000 }

function look(text: string): JsonFinding {
  let quoted: ReturnType<typeof quoteNumbers>
  let value: Json
  try {
    value = JSON.parse(text)
    quoted = quoteNumbers(text)
  } catch {
    return { kind: 'no-json' }
  }
  if (exceedsDepth(value, MAX_JSON_DEPTH)) return { kind: 'too-deep' }
  const { kept } = quoted
  return { kind: 'json', text: kept === null ? null : quoted.text, kept, isLight: isLight(value) }
}

/** Lists and objects, members' names that are not alike, and other values are what reading JSON takes its time for. */
function isLight(value: Json): boolean {
  const names = new Set<string>()
  const open: Json[] = [value]
  let holders = 0
  let values = 0
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    values++
    if (isJsonList(next)) for (const item of next) open.push(item)
    else if (isJsonObject(next)) {
      for (const [name, item] of Object.entries(next)) {
        names.add(name)
        open.push(item)
      }
    } else continue
    holders++
    if (holders > LIGHT.holders || names.size > LIGHT.names || values + open.length > LIGHT.values) return false
  }
  return true
}

parentPort?.on('message', ({ id, text }: JsonQuestion) => {
  const answer: JsonAnswer = { id, finding: look(text) }
  parentPort?.postMessage(answer)
})
