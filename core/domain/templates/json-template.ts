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
