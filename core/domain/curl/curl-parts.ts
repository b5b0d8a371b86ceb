import { splitOnce } from './curl-options.ts'

/** A field of a form; `path` is set for a file. */
export type CurlPart = {
  readonly name: string
  readonly value: string
  readonly path?: string
  readonly filename?: string
  readonly type?: string
}

/** A field of --form-string, in which nothing has a meaning of its own. */
export function plainPart(given: string): CurlPart[] {
  const [name, value] = splitOnce(given, '=')
  return value === undefined ? [] : [{ name, value }]
}

const BLANKS: ReadonlySet<string> = new Set([' ', '\t', '\n', '\r'])
const SETTINGS: ReadonlySet<string> = new Set(['type', 'filename', 'headers', 'encoder'])

/** The content of a field of a form, which ends at the first `;` unless it is quoted, and what is set behind that. */
export function partText(value: string): { text: string; settings: ReadonlyMap<string, string> } {
  const settings = new Map<string, string>()
  const { text, end } = partWord(value, 0)
  for (let at = end; at < value.length; ) {
    const [name] = splitOnce(value.slice(at + 1, at + 200), '=')
    const next = partWord(value, at + 1 + name.length + 1)
    const known = name.trim().toLowerCase()
    const type = settings.get('type')
    // What curl does not know there belongs to the type, as in `type=text/plain; charset=utf-8`.
    if (!SETTINGS.has(known) && type !== undefined)
      settings.set('type', `${type}${value.slice(at, next.end).trimEnd().slice(0, 200)}`)
    else settings.set(known, next.text)
    at = Math.max(next.end, at + 1)
  }
  return { text, settings }
}

/** Blanks around what is not quoted are left out, as curl does. */
function partWord(value: string, given: number): { text: string; end: number } {
  let start = given
  while (BLANKS.has(value[start] ?? '')) start++
  if (value[start] === '"') {
    let text = ''
    for (let at = start + 1; at < value.length; at++) {
      if (value[at] === '\\' && (value[at + 1] === '"' || value[at + 1] === '\\')) text += value[++at] ?? ''
      else if (value[at] === '"') {
        const rest = value.slice(at + 1, at + 50).trimStart()
        if (rest === '' || rest.startsWith(';'))
          return { text, end: value.indexOf(';', at) < 0 ? value.length : value.indexOf(';', at) }
        break
      } else text += value[at] ?? ''
    }
  }
  const end = value.indexOf(';', start)
  return { text: value.slice(start, end < 0 ? undefined : end).trimEnd(), end: end < 0 ? value.length : end }
}
