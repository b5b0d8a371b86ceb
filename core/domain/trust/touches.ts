import { isDynamicText } from '../templates/template.ts'
import type { Json } from '../values/json.ts'
import type { Touch } from './permissions.ts'

/** Stands for what a template gives, while a text is taken apart. It is in no text that a person writes. */
const FILLED = '\uE000'

/** The hosts that an address leads to, as it stands in a step, with `*` for what is only known while the zap runs. */
export function hostTouches(address: Json | undefined, access: NonNullable<Touch['access']>): Touch[] {
  if (typeof address !== 'string' || address.trim() === '') return []
  return [{ kind: 'host', what: hostPattern(withMarks(address.trim())), access }]
}

/** The file that a path leads to, as it stands in a step, with `*` for what is only known while the zap runs. */
export function fileTouch(path: Json | undefined, access: NonNullable<Touch['access']>): Touch[] {
  if (typeof path !== 'string' || path.trim() === '') return []
  return [{ kind: 'file', what: wildcards(plainPath(withMarks(path))), access }]
}

/** A name that a step is given, with `*` for what is only known while the zap runs. */
export function namedTouch(
  kind: 'zap' | 'failures' | 'table',
  name: Json | undefined,
  access?: NonNullable<Touch['access']>,
): Touch[] {
  if (typeof name !== 'string' || name.trim() === '') return []
  return [{ kind, what: wildcards(withMarks(name.trim())), ...(access && { access }) }]
}

/** Characters of a program's line that a permission names; what is longer begins like this, and ends somehow. */
const MAX_LINE = 1_900

/** A program with its arguments, or a shell's line, as they stand in a step, with `*` for what is only known while the zap runs. */
export function programTouch(words: readonly (Json | undefined)[]): Touch[] {
  const line = programLine(words.map((word) => (typeof word === 'string' ? wildcards(withMarks(word)) : '*'))).trim()
  const what = line.length < MAX_LINE ? line : `${line.slice(0, MAX_LINE)}*`
  return line === '' ? [] : [{ kind: 'program', what, access: 'writes' }]
}

/** A program with its arguments, or a shell's line, as permissions compare it. A blank ends each word, the last too: it may be followed by none. */
export function programLine(words: readonly string[]): string {
  return words.map((word) => `${word} `).join('')
}

/** The host of an address that is known, as {@link hostTouches} writes it: without the usual port. */
export function hostOf(url: URL): string {
  return url.host.replace(/\.(?=:\d+$|$)/, '')
}

/** A path as permissions compare it: `.` and `..` resolved as far as they go, and one kind of slash; `.` or `/` where nothing is left. */
export function plainPath(path: string): string {
  const written = path.trim()
  const parts: string[] = []
  for (const part of written.split(/[\\/]+/)) {
    if (part === '.') continue
    const last = parts.at(-1)
    if (part === '..' && last !== undefined && last !== '' && last !== '..') parts.pop()
    else if (part !== '..' || last !== '') parts.push(part)
  }
  return parts.join('/') || (/^[\\/]/.test(written) ? '/' : '.')
}

/** A text with each of its templates replaced by a mark. */
function withMarks(text: string): string {
  if (!isDynamicText(text)) return text
  let marked = ''
  let from = 0
  for (;;) {
    const output = text.indexOf('{{', from)
    const tag = text.indexOf('{%', from)
    const start = Math.min(output < 0 ? Number.POSITIVE_INFINITY : output, tag < 0 ? Number.POSITIVE_INFINITY : tag)
    if (start === Number.POSITIVE_INFINITY) return marked + text.slice(from)
    const end = text.indexOf(start === output ? '}}' : '%}', start + 2)
    marked += text.slice(from, start) + FILLED
    // What is never closed is no template that could be filled in.
    if (end < 0) return marked
    from = end + 2
  }
}

function wildcards(marked: string): string {
  return marked.replace(/[\uE000*]+/g, '*')
}

function hostPattern(address: string): string {
  const scheme = /^(https?):[\\/]*/i.exec(address)
  if (scheme === null) return '*'
  const [authority = ''] = address.slice(scheme[0].length).split(/[\\/?#]/, 1)
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  if (!host.includes(FILLED)) {
    const url = URL.parse(`${scheme[1]}://${host}`)
    return url === null ? '*' : hostOf(url)
  }
  const pattern = wildcards(host.toLowerCase())
  // A port alone says nothing.
  return /[a-z0-9]/.test(pattern.replace(/:[^:\]]*$/, '')) ? pattern : '*'
}
