import { type Command, filledIn, variableMark, variablesIn } from './command-text.ts'

/**
 * The command of a text that `is` takes, as Windows' command prompt reads it: `^` before what is meant as text and at line ends, `%NAME%`, and the quotes
 * of the C runtime (https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments). Null where there is none.
 */
export function promptCommand(source: string, is: (word: string) => boolean): Command | null {
  const line = source.replace(/%([A-Za-z_][A-Za-z0-9_]*)%/g, (all, name: string) =>
    // `%C3%` is half of an address.
    /^[0-9A-Fa-f]{2}$/.test(name) ? all : variableMark(name),
  )
  const words = runtimeWords(withoutCarets(line))
  const start = words.findIndex((word) => is(word))
  return start < 0 ? null : { words: words.slice(start), stdin: undefined, problems: [] }
}

/** The line that the command prompt hands on, up to what ends the command there. */
function withoutCarets(text: string): string {
  let line = ''
  let isQuoted = false
  let isInQuery = false
  // For the program, to which \" is no end of a text: signs that would end the command there were meant as text.
  let isInText = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? ''
    const next = text[at + 1] ?? ''
    if (char === '"') isQuoted = !isQuoted
    if (char === '"' && text[at - 1] !== '\\') isInText = !isInText
    // An address that was not quoted goes on behind an `&`.
    isInQuery = char === '?' || (isInQuery && !/\s/.test(char))
    if (char === '^' && !isQuoted) {
      at++
      // A line end behind a caret is left out; a second one is meant.
      if (next !== '\n') line += next
      else if (text[at + 1] === '\n') {
        line += '\n'
        at++
      }
      continue
    }
    const isMeant = isQuoted || isInText
    if (!isMeant && (char === '|' || (char === '&' && !isInQuery))) return line
    if (!isMeant && char === '>') return line
    if (char === '\n' && !isMeant) {
      if (line.trim() !== '' && !/^[ \t]*-{1,2}[A-Za-z]/.test(text.slice(at + 1, at + 200))) return line
      line += ' '
    } else line += char
  }
  return line
}

/** Words by the rules of the C runtime: `\"` is a quote, backslashes are doubled before one, `""` inside of quotes is one. */
function runtimeWords(line: string): string[] {
  const words: string[] = []
  let word: string | null = null
  let isQuoted = false
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? ''
    if (char === '\\') {
      let end = at
      while (line[end] === '\\') end++
      const count = end - at
      const isBeforeQuote = line[end] === '"'
      word = (word ?? '') + '\\'.repeat(isBeforeQuote ? Math.floor(count / 2) : count)
      at = end - 1
      if (isBeforeQuote && count % 2 === 1) {
        word += '"'
        at = end
      }
    } else if (char === '"') {
      word ??= ''
      if (isQuoted && line[at + 1] === '"') {
        word += '"'
        at++
      } else isQuoted = !isQuoted
    } else if (!isQuoted && /\s/.test(char)) {
      if (word !== null) words.push(word)
      word = null
    } else word = (word ?? '') + char
  }
  return word === null ? words : [...words, word]
}

/**
 * The command of a text that `is` takes, as PowerShell reads it (https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules).
 * Backslashes before quotes are taken as what Windows PowerShell needs to hand quotes on. Null where there is none.
 */
export function powerShellCommand(source: string, is: (word: string) => boolean): Command | null {
  const variables = new Map<string, string>()
  const problems = new Set<string>()
  let at = 0
  while (at < source.length) {
    const { words, end } = statement(source, at, problems)
    const start = words.findIndex((word) => is(word))
    const known = words.map((word) => filledIn(word, variables))
    if (start >= 0) return { words: known.slice(start), stdin: undefined, problems: [...problems] }
    const [name = '', equals, value] = words
    const [variable] = variablesIn(name)
    if (variable !== undefined && equals === '=' && value !== undefined)
      variables.set(variable, filledIn(value, variables))
    at = end
  }
  return null
}

function statement(text: string, start: number, problems: Set<string>): { words: string[]; end: number } {
  const words: string[] = []
  let word: string | null = null
  let at = start
  const close = (): void => {
    if (word !== null) words.push(word)
    word = null
  }
  const add = (part: string): void => {
    word = (word ?? '') + part
  }
  while (at < text.length) {
    const char = text[at] ?? ''
    const next = text[at + 1] ?? ''
    if (char === '`') {
      const blank = /`[ \t]*\n/y
      blank.lastIndex = at
      if (blank.test(text)) {
        close()
        at = blank.lastIndex
      } else {
        add(escaped(next))
        at += 2
      }
    } else if (char === '@' && (next === "'" || next === '"') && /^[ \t]*\n/.test(text.slice(at + 2, at + 100))) {
      const begin = text.indexOf('\n', at) + 1
      const found = text.indexOf(`\n${next}@`, begin - 1)
      const end = found < 0 ? text.length : found
      const inside = text.slice(begin, Math.max(begin, end))
      add(next === '"' ? expanded(inside, problems) : inside)
      at = end + 3
    } else if (char === "'" || char === '"') {
      const { inside, end } = quoted(text, at, char)
      add(passedOn(char === '"' ? expanded(inside, problems) : inside))
      at = end
    } else if (char === '$') {
      const variable = variableAt(text, at)
      if (variable === null) {
        add(char)
        at++
      } else {
        add(variableMark(variable.name))
        at = variable.end
      }
    } else if (char === '\n' || char === ';' || char === '|') {
      close()
      at++
      const goesOn = char === '\n' && words.length > 0 && /^[ \t]*-{1,2}[A-Za-z]/.test(text.slice(at, at + 200))
      if (!goesOn && words.length > 0) return { words, end: at }
    } else if (char === ' ' || char === '\t') {
      close()
      at++
    } else {
      add(char)
      at++
    }
  }
  close()
  return { words, end: at }
}

/** What is between quotes; two of them stand for one. A quote behind a backslash is meant for the program. */
function quoted(text: string, start: number, quote: string): { inside: string; end: number } {
  let inside = ''
  let at = start + 1
  while (at < text.length) {
    const char = text[at] ?? ''
    const next = text[at + 1] ?? ''
    if (char === '`' && quote === '"') {
      inside += char + next
      at += 2
    } else if (char === '\\' && next === '"') {
      // In double quotes PowerShell itself would end here; what is pasted means the quote.
      inside += '\\"'
      at += 2
    } else if (char === quote && next === quote) {
      inside += quote
      at += 2
    } else if (char === quote) return { inside, end: at + 1 }
    else {
      inside += char
      at++
    }
  }
  return { inside, end: at }
}

const passedOn = (text: string): string => text.replaceAll('\\"', '"')

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  e: '\x1b',
}
const escaped = (char: string): string => ESCAPES[char] ?? char

function expanded(text: string, problems: Set<string>): string {
  let whole = ''
  let at = 0
  while (at < text.length) {
    const char = text[at] ?? ''
    if (char === '`') {
      whole += escaped(text[at + 1] ?? '')
      at += 2
      continue
    }
    const variable = char === '$' ? variableAt(text, at) : null
    if (variable !== null) {
      whole += variableMark(variable.name)
      at = variable.end
      continue
    }
    if (char === '$' && text[at + 1] === '(')
      problems.add('What "$(…)" writes is not known here: put it in place of that text.')
    whole += char
    at++
  }
  return whole
}

const VARIABLE = /\$(?:env:([A-Za-z_][A-Za-z0-9_]*)|\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))/iy

function variableAt(text: string, at: number): { name: string; end: number } | null {
  VARIABLE.lastIndex = at
  const [all, ...names] = VARIABLE.exec(text) ?? []
  const name = names.find((one) => one !== undefined)
  return all === undefined || name === undefined ? null : { name, end: at + all.length }
}
