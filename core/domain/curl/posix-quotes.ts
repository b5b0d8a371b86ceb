/** What was read at a place, and where the next thing begins. */
type Read = { readonly text: string; readonly end: number }

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y
const PLACEHOLDER = /<[A-Za-z][A-Za-z0-9_. -]{0,60}>/y

/** The name of a variable at a place; empty where none is. */
export function nameAt(text: string, at: number): string {
  NAME.lastIndex = at
  return NAME.exec(text)?.[0] ?? ''
}

/** `<your-token>`, as guides write what is to be filled in; a shell would take it for a file. */
export function placeholderAt(text: string, at: number): string {
  if (text[at] !== '<') return ''
  PLACEHOLDER.lastIndex = at
  return PLACEHOLDER.exec(text)?.[0] ?? ''
}

/** Behind the bracket that closes the one at `at`. */
export function closingBracket(text: string, at: number): number {
  let depth = 0
  let quote = ''
  for (let end = at; end < text.length; end++) {
    const char = text[end] ?? ''
    if (quote !== '') {
      if (char === quote) quote = ''
    } else if (char === "'" || char === '"') quote = char
    else if (char === '(') depth++
    else if (char === ')' && --depth === 0) return end + 1
  }
  return text.length
}

const DOCUMENT = /\$\(\s{0,100}cat\s{0,100}<<-?[ \t]{0,20}['"\\]?([A-Za-z_]\w{0,60})['"]?[^\n]{0,200}\n/y

/** Behind the bracket that closes `$(cat <<EOF …)` at `at`, where quotes and brackets in the text are none; null where that is not there. */
export function behindDocument(text: string, at: number): number | null {
  DOCUMENT.lastIndex = at
  const name = DOCUMENT.exec(text)?.[1]
  if (name === undefined) return null
  for (let line = DOCUMENT.lastIndex; line < text.length; ) {
    const next = text.indexOf('\n', line)
    const end = next < 0 ? text.length : next
    if (text.slice(line, end).trim() === name) {
      const bracket = text.indexOf(')', end)
      return bracket < 0 ? text.length : bracket + 1
    }
    line = end + 1
  }
  return text.length
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  v: '\v',
}
const CODES = [/x([0-9a-fA-F]{1,2})/y, /u([0-9a-fA-F]{1,4})/y, /U([0-9a-fA-F]{1,8})/y] as const
const OCTAL = /[0-7]{1,3}/y

/** `$'…'` from behind its first quote. */
export function ansiQuoted(text: string, start: number): Read {
  let read = ''
  let at = start
  while (at < text.length) {
    const char = text[at] ?? ''
    at++
    if (char === "'") return { text: read, end: at }
    if (char !== '\\') {
      read += char
      continue
    }
    const next = text[at] ?? ''
    const code = codeAt(text, at)
    if (code !== null) {
      read += code.text
      at = code.end
    } else {
      read += ESCAPES[next] ?? (/['"\\?]/.test(next) ? next : `\\${next}`)
      at++
    }
  }
  return { text: read, end: at }
}

function codeAt(text: string, at: number): Read | null {
  for (const pattern of CODES) {
    pattern.lastIndex = at
    const [all = '', digits = ''] = pattern.exec(text) ?? []
    const code = Number.parseInt(digits, 16)
    if (all !== '') return { text: code <= 0x10ffff ? String.fromCodePoint(code) : '', end: at + all.length }
  }
  OCTAL.lastIndex = at
  const [digits = ''] = OCTAL.exec(text) ?? []
  return digits === ''
    ? null
    : { text: String.fromCodePoint(Number.parseInt(digits, 8) & 0xff), end: at + digits.length }
}
