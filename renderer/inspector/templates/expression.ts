/** An expression of a template in its parts: what it reads, and the filters that change that, as they are written. */
export type Expression = { readonly path: string; readonly filters: readonly string[] }

/** Takes an expression apart at its bars; those in quotes and brackets are none. */
export function splitExpression(expression: string): Expression {
  const parts: string[] = []
  let part = ''
  let quote = ''
  for (const char of expression) {
    if (quote !== '') quote = char === quote ? '' : quote
    else if (char === '"' || char === "'") quote = char
    else if (char === '|') {
      parts.push(part.trim())
      part = ''
      continue
    }
    part += char
  }
  parts.push(part.trim())
  const [path = '', ...filters] = parts
  return { path, filters: filters.filter((filter) => filter !== '') }
}

/** The expression with these filters. */
export function joinExpression({ path, filters }: Expression): string {
  return [path, ...filters].join(' | ')
}

/** A text as a filter takes it, in the quotes that it does not have itself. Of both, the double ones become single. */
export function quoted(text: string): string {
  if (!text.includes('"')) return `"${text}"`
  return `'${text.replaceAll("'", '’')}'`
}
