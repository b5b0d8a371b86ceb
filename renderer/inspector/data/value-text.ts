import type { Json } from '../../../core/domain/values/json.ts'

/** A value as the text of a field: text as it is, everything else as JSON. */
export function textOfValue(value: Json | undefined): string {
  if (value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}

/**
 * The value of a field's text. Where JSON is expected (`json`), text that is JSON becomes what it says; any other text, and
 * all text elsewhere, stays text. An emptied field has no value, so that the connector's default holds.
 */
export function valueOfText(text: string, json: boolean): Json | undefined {
  if (text === '') return undefined
  if (!json) return text
  try {
    return JSON.parse(text) as Json // JSON.parse returns nothing but JSON
  } catch {
    return text
  }
}
