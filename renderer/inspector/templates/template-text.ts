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

/** A path as templates write it: `hook.body.items[0]`, `hook.headers["x id"]`. */
export function templatePath(keys: readonly (string | number)[]): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`
    if (/^[A-Za-z_][\w-]*$/.test(key)) return path === '' ? key : `${path}.${key}`
    return `${path}[${JSON.stringify(key)}]`
  }, '')
}
