import { isJsonList, isJsonObject, type Json, type JsonObject } from '../values/json.ts'

/** Characters of a text that is looked at, as many as a template may have. */
const MAX_CHARS = 1_000_000
const JSON_FILTER = /\|\s*json(?:ify)?\s*$/

/**
 * A template that stays JSON whatever its pills read, for a text that is a JSON object or list with pills in it: inside a string of it a pill writes text,
 * escaped (`"Hello {{ name }}"`), anywhere else the value itself as JSON (`{"amount": {{ amount }}}`). The rest stays letter for letter, so that no number or
 * blank of it changes. Null for a text that is no such thing, or has `{% … %}` in it.
 */
export function asJsonTemplate(text: string): string | null {
  if (text.length > MAX_CHARS || !text.includes('{{') || text.includes('{%') || !/^\s*(?:\[|\{(?!\{))/.test(text))
    return null
  let template = ''
  let probe = ''
  let isInString = false
  for (let at = 0; at < text.length; ) {
    const end = text.startsWith('{{', at) ? endOfPill(text, at + 2) : at
    if (end === -1) return null
    if (end > at) {
      template += escapedPill(text.slice(at, end), isInString)
      probe += '0'
      at = end
      continue
    }
    const length = isInString && text[at] === '\\' ? 2 : 1
    if (text[at] === '"') isInString = !isInString
    template += text.slice(at, at + length)
    probe += text.slice(at, at + length)
    at += length
  }
  return isJsonText(probe) ? template : null
}

/**
 * The JSON of a text in which pills inside of strings are written with their own quotes as they are, `"{{ at | date: "%Y" }}"`: with these escaped, as
 * JSON has them. Null for a text in which a pill has no end.
 */
export function withEscapedPills(text: string): string | null {
  let json = ''
  let isInString = false
  for (let at = 0; at < text.length; ) {
    const end = text.startsWith('{{', at) && isInString ? endOfPill(text, at + 2) : at
    if (end === -1) return null
    if (end > at) {
      json += JSON.stringify(text.slice(at, end)).slice(1, -1)
      at = end
      continue
    }
    const length = isInString && text[at] === '\\' ? 2 : 1
    if (text[at] === '"') isInString = !isInString
    json += text.slice(at, at + length)
    at += length
  }
  return json
}

/**
 * The object of a text that is one with pills in it, each a template of its own, so that it becomes what the text does: a pill outside of a string keeps its value's
 * type, and one that is all of a string is written as text (`| append: ""`). Null for a text that is none, or that would lose something on the way: digits, `{% … %}`.
 */
export function objectOfJsonTemplate(text: string): JsonObject | null {
  if (text.length > MAX_CHARS || text.includes('{%') || !/^\s*\{(?!\{)/.test(text)) return null
  let json = ''
  let probe = ''
  let isInString = false
  for (let at = 0; at < text.length; ) {
    const end = text.startsWith('{{', at) ? endOfPill(text, at + 2) : at
    if (end === -1) return null
    if (end > at) {
      const isAlone = isInString && text[at - 1] === '"' && text[end] === '"'
      const pill = JSON.stringify(plainPill(text.slice(at, end), isAlone ? 'text' : isInString ? 'part' : 'value'))
      json += isInString ? pill.slice(1, -1) : pill
      at = end
      continue
    }
    const length = isInString && text[at] === '\\' ? 2 : 1
    if (text[at] === '"') isInString = !isInString
    const letters = text.slice(at, at + length)
    json += letters
    if (!isInString) probe += letters
    at += length
  }
  if (/\d{16}|\d[eE]|\.\d*0(?!\d)/.test(probe)) return null
  try {
    const value = JSON.parse(json) as Json // JSON.parse returns nothing but JSON
    return isJsonObject(value) && !hasTemplateKey(value) ? value : null
  } catch {
    return null
  }
}

/** Names are no templates in an object. */
function hasTemplateKey(value: Json): boolean {
  if (isJsonList(value)) return value.some(hasTemplateKey)
  return isJsonObject(value) && Object.entries(value).some(([key, item]) => key.includes('{{') || hasTemplateKey(item))
}

/** A pill as a template of its own: one that writes a value as JSON hands the value on, and one that is to become text says so. */
function plainPill(pill: string, becomes: 'text' | 'part' | 'value'): string {
  if (becomes === 'part') return pill
  const close = pill.endsWith('-}}') ? '-}}' : '}}'
  const expression = pill.slice(0, -close.length).trimEnd()
  return becomes === 'text'
    ? `${expression} | append: "" ${close}`
    : `${expression.replace(JSON_FILTER, '').trimEnd()} ${close}`
}

/** The input of a step in which texts of these fields that are JSON with pills are such templates. */
export function withJsonTemplates<Input extends { readonly [field: string]: unknown }>(
  input: Input,
  fields: readonly string[],
): Input {
  let changed = input
  for (const field of fields) {
    const text = Object.hasOwn(input, field) ? input[field] : undefined
    const template = typeof text === 'string' ? asJsonTemplate(text) : null
    if (template !== null) changed = { ...changed, [field]: template }
  }
  return changed
}

/** Whether a text is a JSON object or list. */
export function isJsonText(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Where a pill that begins before `from` is over; -1 where it is not. Its own quotes may hold braces. */
function endOfPill(text: string, from: number): number {
  let quote = ''
  for (let at = from; at < text.length; at++) {
    const letter = text[at] ?? ''
    if (quote !== '') {
      if (letter === quote) quote = ''
    } else if (letter === '"' || letter === "'") {
      quote = letter
    } else if (text.startsWith('}}', at)) {
      return at + 2
    }
  }
  return -1
}

function escapedPill(pill: string, isInString: boolean): string {
  const close = pill.endsWith('-}}') ? '-}}' : '}}'
  const expression = pill.slice(0, -close.length).trimEnd()
  if (!isInString && JSON_FILTER.test(expression)) return pill
  return `${expression} | ${isInString ? 'json_text' : 'json'} ${close}`
}
