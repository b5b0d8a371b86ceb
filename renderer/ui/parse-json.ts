import { exceedsDepth, type Json, MAX_JSON_DEPTH } from '../../core/domain/json.ts'

/** What a text says as JSON, or why it says nothing. */
export type ParsedJson = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly message: string }

/** Reads JSON that a person wrote; `message` says where it breaks off, in lines and columns from 1. */
export function parseJson(text: string): ParsedJson {
  if (text.trim() === '') return { ok: false, message: 'Nothing is written here yet.' }
  try {
    const value = JSON.parse(text) as Json // whatever JSON.parse gives is JSON
    if (exceedsDepth(value, MAX_JSON_DEPTH)) {
      return { ok: false, message: `This is nested deeper than ${MAX_JSON_DEPTH} levels.` }
    }
    return { ok: true, value }
  } catch (error) {
    return { ok: false, message: whereItBreaks(text, error instanceof Error ? error.message : '') }
  }
}

// Engines agree on the position and on little else.
function whereItBreaks(text: string, said: string): string {
  const found = /position (\d+)/.exec(said)?.[1]
  const at = found === undefined ? text.trimEnd().length : Math.min(Number(found), text.length)
  const before = text.slice(0, at).split('\n')
  const line = before.length
  const column = (before.at(-1)?.length ?? 0) + 1
  const next = text.slice(at).trimStart()[0]
  const what = next === undefined ? 'the JSON breaks off' : `this is not JSON from ${JSON.stringify(next)} on`
  return `Line ${line}, column ${column}: ${what}.`
}
