import { withoutMark } from '../../../core/domain/values/decode-text.ts'
import { exceedsDepth, type Json, MAX_JSON_DEPTH } from '../../../core/domain/values/json.ts'

/** What a text says as JSON, or why it says nothing. */
export type ParsedJson =
  | { readonly ok: true; readonly value: Json }
  /** `line` counts from 1; null where no line is at fault. */
  | { readonly ok: false; readonly message: string; readonly line: number | null }

/** Reads JSON that a person wrote; `message` says where it breaks off, in lines and columns from 1. */
export function parseJson(text: string): ParsedJson {
  if (text.trim() === '') return { ok: false, message: 'Nothing is written here yet.', line: null }
  try {
    const value = JSON.parse(withoutMark(text)) as Json // JSON.parse returns nothing but JSON
    if (exceedsDepth(value, MAX_JSON_DEPTH)) {
      return { ok: false, message: `This is nested deeper than ${MAX_JSON_DEPTH} levels.`, line: null }
    }
    return { ok: true, value }
  } catch (error) {
    return { ok: false, ...whereItBreaks(text, error instanceof Error ? error.message : '') }
  }
}

// Engines agree on the position and on little else.
function whereItBreaks(text: string, said: string): { message: string; line: number } {
  const found = /position (\d+)/.exec(said)?.[1]
  const at = found === undefined ? text.trimEnd().length : Math.min(Number(found), text.length)
  const before = text.slice(0, at).split('\n')
  const line = before.length
  const column = (before.at(-1)?.length ?? 0) + 1
  const next = text.slice(at).trimStart()[0]
  const what = next === undefined ? 'the JSON breaks off' : `this is not JSON from ${JSON.stringify(next)} on`
  return { message: `Line ${line}, column ${column}: ${what}.`, line }
}

/** As {@link parseJson}, for a text whose `{{ … }}` are only known later: what they stand for is taken for right. */
export function parseJsonTemplate(text: string): ParsedJson {
  let isInText = false
  let plain = ''
  for (let at = 0; at < text.length; at++) {
    const end = text.startsWith('{{', at) ? text.indexOf('}}', at) : -1
    if (end !== -1) {
      // As long as it was, so that places stay what they are. Lines are kept, which no text can hold.
      const expression = text.slice(at, end + 2)
      plain += isInText ? expression.replace(/[^\n]/g, '_') : expression.replace(/[^\n]/g, ' ').replace(' ', '0')
      at = end + 1
      continue
    }
    const char = text[at] ?? ''
    if (isInText && char === '\\') {
      plain += char + (text[at + 1] ?? '')
      at++
      continue
    }
    if (char === '"') isInText = !isInText
    plain += char
  }
  return parseJson(plain)
}
