/** A stretch of a template: plain text, or one `{{ … }}` with what stands between the braces. */
export type TemplatePart = { readonly text: string; readonly start: number; readonly expression: string | null }

/** The parts of a template, in order; joined they are the text again. An unfinished `{{` counts as plain text. */
export function templateParts(text: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = []
  let end = 0
  for (const match of text.matchAll(/\{\{-?([\s\S]*?)-?\}\}/g)) {
    if (match.index > end) parts.push({ text: text.slice(end, match.index), start: end, expression: null })
    parts.push({ text: match[0], start: match.index, expression: (match[1] ?? '').trim() })
    end = match.index + match[0].length
  }
  if (end < text.length) parts.push({ text: text.slice(end), start: end, expression: null })
  return parts
}

/**
 * The expression that is being typed at the caret: an unclosed `{{` before it. `typed` is what follows the braces, and
 * `[start, end)` is what choosing a value replaces.
 */
export function openExpression(
  text: string,
  caret: number,
): { readonly start: number; readonly end: number; readonly typed: string } | null {
  const start = text.lastIndexOf('{{', Math.max(0, caret - 2))
  if (start === -1 || start + 2 > caret) return null
  const typed = text.slice(start + 2, caret)
  if (/[{}\n|]/.test(typed)) return null
  const closing = /^[^{}\n]*?\}\}/.exec(text.slice(caret))
  return { start, end: closing ? caret + closing[0].length : caret, typed: typed.trim() }
}

/** `{{ path }}` in place of `[start, end)`: the selection, or the expression that was being typed there. */
export function insertReference(
  text: string,
  from: number,
  to: number,
  path: string,
): { readonly text: string; readonly start: number; readonly end: number; readonly reference: string } {
  const open = from === to ? openExpression(text, from) : null
  const [start, end] = open ? [open.start, open.end] : [from, to]
  const reference = `{{ ${path} }}`
  return { text: text.slice(0, start) + reference + text.slice(end), start, end, reference }
}

/** A path as templates write it: `hook.body.items[0]`, `hook.headers["x id"]`. */
export function templatePath(keys: readonly (string | number)[]): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`
    if (/^[A-Za-z_][\w-]*$/.test(key)) return path === '' ? key : `${path}.${key}`
    return `${path}[${JSON.stringify(key)}]`
  }, '')
}
