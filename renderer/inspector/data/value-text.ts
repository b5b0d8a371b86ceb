import { withEscapedPills } from '../../../core/domain/templates/json-template.ts'
import type { Json } from '../../../core/domain/values/json.ts'

/** A value as the text of a field: text as it is, everything else as JSON, in which templates are written as they are elsewhere. */
export function textOfValue(value: Json | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return value
  const json = JSON.stringify(value, null, 2)
  if (!json.includes('{{')) return json
  const text = json.replace(PILL_IN_JSON, unescaped)
  return JSON.stringify(valueOfText(text, true)) === JSON.stringify(value) ? text : json
}

/**
 * The value of a field's text. Where JSON is expected (`json`), text that is JSON becomes what it says; any other text, and
 * all text elsewhere, stays text. An emptied field has no value, so that the connector's default holds.
 */
export function valueOfText(text: string, json: boolean): Json | undefined {
  if (text === '') return undefined
  if (!json) return text
  const plain = parsed(text)
  if (plain !== undefined) return plain
  const escaped = parsed(text.includes('{{') ? withEscapedPills(text) : null)
  return escaped === undefined ? text : escaped
}

/** A template inside of a JSON string. */
const PILL_IN_JSON = /\{\{(?:[^}\\]|\\.|\}(?!\}))*\}\}/g

function unescaped(pill: string): string {
  const text = parsed(`"${pill}"`)
  return typeof text === 'string' ? text : pill
}

function parsed(text: string | null): Json | undefined {
  if (text === null) return undefined
  try {
    return JSON.parse(text) as Json // JSON.parse returns nothing but JSON
  } catch {
    return undefined
  }
}
