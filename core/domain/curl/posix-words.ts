import { type Command, type Stdin, variableMark } from './command-text.ts'
import { ansiQuoted, behindDocument, closingBracket, nameAt, placeholderAt } from './posix-quotes.ts'

const BREAKS = new Set([' ', '\t', '\n', '|', '&', ';', '<', '>', '(', ')'])

/**
 * The command of a text that `is` takes, as bash, sh and zsh read it (POSIX.1-2024, Shell Command Language, 2.2 to 2.7): quotes, `$'…'`, line ends
 * after a backslash, here-documents, what `echo`, `printf` and `cat` pipe into it, and variables that were set in the lines before. Nothing is run:
 * `$(…)` stays as it is written. Null where there is none.
 */
export function posixCommand(source: string, is: (word: string) => boolean): Command | null {
  const reader = new PosixReader(source, is)
  return reader.command()
}

class PosixReader {
  readonly #text: string
  readonly #is: (word: string) => boolean
  readonly #variables = new Map<string, string>()
  readonly #problems: string[] = []
  #at = 0
  #words: string[] = []
  #stdin: Stdin | undefined
  /** Here-documents whose text begins with the next line. */
  #awaited: { readonly end: string; readonly isLiteral: boolean; readonly isIndented: boolean }[] = []
  /** Where the line goes on that comes after texts which were read ahead. */
  #nextLine: number | undefined

  constructor(text: string, is: (word: string) => boolean) {
    this.#text = text
    this.#is = is
  }

  command(): Command | null {
    let piped: Stdin | undefined
    while (this.#at < this.#text.length) {
      const end = this.#simpleCommand()
      const found = this.#taken(piped)
      if (found !== null) return found
      piped = end === '|' ? outputOf(this.#words, this.#stdin) : undefined
      this.#words = []
      this.#stdin = undefined
    }
    return null
  }

  /** The command that was just read, from the word by which it is called. Assignments before it are remembered. */
  #taken(piped: Stdin | undefined): Command | null {
    const start = this.#words.findIndex((word) => this.#is(word))
    for (const word of start < 0 ? this.#words : this.#words.slice(0, start)) {
      const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=([\s\S]*)$/.exec(word) ?? []
      if (name !== undefined && value !== undefined) this.#variables.set(name, value)
    }
    if (start < 0 || this.#words.slice(0, start).some((word) => !isBefore(word))) return null
    return { words: this.#words.slice(start), stdin: this.#stdin ?? piped, problems: [...new Set(this.#problems)] }
  }

  /** Reads up to what ends a command, and returns that. */
  #simpleCommand(): string {
    for (;;) {
      this.#skipBlanks()
      const char = this.#text[this.#at]
      if (char === undefined) return ''
      if (char === '\n') {
        this.#at = this.#nextLine ?? this.#at + 1
        this.#nextLine = undefined
        const isOver = this.#awaited.length === 0
        this.#readDocuments()
        if (this.#words.length > 0 && !(isOver && this.#goesOn())) return '\n'
        continue
      }
      if (char === '#') {
        const end = this.#text.indexOf('\n', this.#at)
        this.#at = end < 0 ? this.#text.length : end
        continue
      }
      if (this.#redirection()) continue
      if (char === '|' || char === '&' || char === ';') {
        const isDouble = this.#text[this.#at + 1] === char
        this.#at += isDouble ? 2 : 1
        // The text of a here-document follows the line, which goes on behind this sign.
        if (this.#awaited.length > 0) {
          const here = this.#at
          const end = this.#text.indexOf('\n', here)
          this.#at = this.#nextLine ?? (end < 0 ? this.#text.length : end + 1)
          this.#readDocuments()
          this.#nextLine = this.#at
          this.#at = here
        }
        return isDouble ? `${char}${char}` : char
      }
      if (char === '(' || char === ')') {
        this.#at++
        if (char === '(') continue
        return ')'
      }
      this.#words.push(this.#word())
    }
  }

  /** The next line begins with an option: its backslash was lost on the way here. */
  #goesOn(): boolean {
    return (
      this.#words.some((word) => this.#is(word)) &&
      /^[ \t]*-{1,2}[A-Za-z]/.test(this.#text.slice(this.#at, this.#at + 200))
    )
  }

  #skipBlanks(): void {
    for (;;) {
      const char = this.#text[this.#at]
      const end = char === '\\' ? this.#lineEndAfter(this.#at + 1) : -1
      if (char === ' ' || char === '\t' || char === '\u00a0') this.#at++
      else if (end >= 0) this.#at = end
      else return
    }
  }

  /** Where the next line begins, if nothing but blanks stands before it; -1 else. Blanks behind a backslash are a slip of copying. */
  #lineEndAfter(at: number): number {
    let end = at
    while (this.#text[end] === ' ' || this.#text[end] === '\t') end++
    if (this.#text[end] === '\n') return end + 1
    return end === this.#text.length ? end : -1
  }

  /** `> file`, `2>&1`, `< file`, `<<EOF` and `<<< text`. */
  #redirection(): boolean {
    const found = /(?:[0-9]|&)?(<<<|<<-|<<|<|>>|>&|>\||>)/y
    found.lastIndex = this.#at
    const operator = found.exec(this.#text)?.[1]
    if (operator === undefined || placeholderAt(this.#text, this.#at) !== '') return false
    this.#at = found.lastIndex
    this.#skipBlanks()
    if (operator === '<<' || operator === '<<-') {
      const isLiteral = /['"\\]/.test(this.#text[this.#at] ?? '')
      this.#awaited.push({ end: this.#word(), isLiteral, isIndented: operator === '<<-' })
      return true
    }
    const word = this.#word()
    if (operator === '<<<') this.#stdin = { text: `${word}\n` }
    else if (operator === '<') this.#stdin = { file: word }
    return true
  }

  #readDocuments(): void {
    for (const { end, isLiteral, isIndented } of this.#awaited) {
      const lines: string[] = []
      for (;;) {
        if (this.#at >= this.#text.length) break
        const next = this.#text.indexOf('\n', this.#at)
        const raw = this.#text.slice(this.#at, next < 0 ? undefined : next)
        this.#at = next < 0 ? this.#text.length : next + 1
        const line = isIndented ? raw.replace(/^\t+/, '') : raw
        if (line.trimEnd() === end || line.trim() === end) break
        lines.push(line)
      }
      const text = lines.map((line) => `${line}\n`).join('')
      this.#stdin = { text: isLiteral ? text : this.#expanded(text) }
    }
    this.#awaited = []
  }

  /** The text of a here-document, in which variables stand for what they hold. */
  #expanded(text: string): string {
    const inner = new PosixReader(`${text}"`, this.#is)
    for (const [name, value] of this.#variables) inner.#variables.set(name, value)
    let whole = ''
    for (;;) {
      const part = inner.#doubleQuoted(true)
      whole += part
      if (inner.#at >= inner.#text.length) break
      whole += '"'
    }
    this.#problems.push(...inner.#problems)
    return whole
  }

  #word(): string {
    let word = ''
    for (;;) {
      const char = this.#text[this.#at]
      if (char === undefined) return word
      const isText =
        (char === '&' && isInAddress(word, this.#text, this.#at)) || placeholderAt(this.#text, this.#at) !== ''
      if (BREAKS.has(char) && !isText) {
        // Brackets inside a word are a slip; at its beginning, and behind it, they are none.
        const isSlip = word !== '' && (char === '(' || (char === ')' && word.includes('(')))
        if (!isSlip) return word
        word += char
        this.#at++
      } else word += this.#piece(char)
    }
  }

  #piece(char: string): string {
    const placeholder = placeholderAt(this.#text, this.#at)
    if (placeholder !== '') {
      this.#at += placeholder.length
      return placeholder
    }
    if (char === "'") return this.#singleQuoted()
    if (char === '"') {
      this.#at++
      return this.#doubleQuoted(false)
    }
    if (char === '$') return this.#dollar(false)
    if (char === '`') return this.#command(this.#text.indexOf('`', this.#at + 1) + 1)
    this.#at++
    if (char !== '\\') return char
    const next = this.#text[this.#at]
    if (next === undefined) return '\\'
    this.#at++
    return next === '\n' ? '' : next
  }

  #singleQuoted(): string {
    const end = this.#text.indexOf("'", this.#at + 1)
    const text = this.#text.slice(this.#at + 1, end < 0 ? undefined : end)
    if (end < 0) this.#problems.push("A quote (') is never closed: all behind it was taken as one text.")
    this.#at = end < 0 ? this.#text.length : end + 1
    return text
  }

  /** Up to the closing quote, which is passed over; in a here-document quotes are text and the end of the text closes. */
  #doubleQuoted(isDocument: boolean): string {
    let text = ''
    for (;;) {
      const char = this.#text[this.#at]
      if (char === undefined) {
        if (!isDocument) this.#problems.push('A quote (") is never closed: all behind it was taken as one text.')
        return text
      }
      if (char === '"') {
        this.#at++
        return text
      }
      if (char === '\\') {
        const next = this.#text[this.#at + 1] ?? ''
        this.#at += 2
        if (next === '\n') continue
        const isEscaped = next === '$' || next === '`' || next === '\\' || (next === '"' && !isDocument)
        if (isEscaped) text += next
        else {
          text += '\\'
          this.#at--
        }
      } else if (char === '$') text += this.#dollar(true)
      else if (char === '`') text += this.#command(this.#text.indexOf('`', this.#at + 1) + 1)
      else {
        text += char
        this.#at++
      }
    }
  }

  #dollar(isQuoted: boolean): string {
    const next = this.#text[this.#at + 1]
    if (next === "'" && !isQuoted) {
      const { text, end } = ansiQuoted(this.#text, this.#at + 2)
      this.#at = end
      return text
    }
    if (next === '"' && !isQuoted) {
      this.#at += 2
      return this.#doubleQuoted(false)
    }
    if (next === '(')
      return this.#command(behindDocument(this.#text, this.#at) ?? closingBracket(this.#text, this.#at + 1))
    if (next === '{') {
      const end = this.#text.indexOf('}', this.#at)
      const inside = end < 0 ? '' : this.#text.slice(this.#at + 2, end)
      const name = nameAt(inside, 0)
      if (name !== '') {
        this.#at = end + 1
        if (name !== inside)
          this.#problems.push(
            `"\${${inside}}" became the variable ${name} alone: what the shell does with it is left out.`,
          )
        return this.#value(name)
      }
    }
    const name = nameAt(this.#text, this.#at + 1)
    this.#at += 1 + name.length
    return name === '' ? '$' : this.#value(name)
  }

  #value(name: string): string {
    return this.#variables.get(name) ?? variableMark(name)
  }

  /** A command in a command, up to `end`: a here-document is its text, anything else stays as it is written. */
  #command(end: number): string {
    const until = end <= this.#at ? this.#at + 1 : end
    const text = this.#text.slice(this.#at, until)
    this.#at = until
    const document = behindDocument(text, 0) === null ? undefined : this.#documentIn(text.slice(2, -1))
    if (document !== undefined) return document
    const shown = text.startsWith('$(') ? `$(${text.slice(2, -1).trim()})` : text
    if (text.length > 1) this.#problems.push(unknownOutput(shown))
    return shown
  }

  /** What `cat` writes of a here-document, without the line ends at its end, as the shell takes it. */
  #documentIn(command: string): string | undefined {
    const inner = new PosixReader(`${command}\n`, this.#is)
    for (const [name, value] of this.#variables) inner.#variables.set(name, value)
    inner.#simpleCommand()
    const output = outputOf(inner.#words, inner.#stdin)
    this.#problems.push(...inner.#problems)
    return output !== undefined && 'text' in output ? withoutLastBreaks(output.text) : undefined
  }
}

/** The problem that what a command writes is not known; `shown` is the command as it is written. */
export const unknownOutput = (shown: string): string =>
  `What the command ${shown} writes is not known here: put it in place of that text.`

function withoutLastBreaks(text: string): string {
  let end = text.length
  while (text[end - 1] === '\n') end--
  return text.slice(0, end)
}

/** Words that may stand before the name of a command: assignments, prompts, and programs that run another one. */
function isBefore(word: string): boolean {
  return (
    /^[A-Za-z_][A-Za-z0-9_]*=/.test(word) ||
    /^(?:\$|%|#|>|sudo|time|exec|command|env|export|nohup|do|then|else|if|while|!|-[A-Za-z])$/.test(word)
  )
}

/** An `&` inside an address that was not quoted, where more of its query follows. */
function isInAddress(word: string, text: string, at: number): boolean {
  return word.includes('?') && /[A-Za-z0-9_$%[{-]/.test(text[at + 1] ?? '')
}

/** What a command writes, where that can be told without running it. */
function outputOf(words: readonly string[], stdin: Stdin | undefined): Stdin | undefined {
  const [program, ...rest] = words
  if (program === 'cat' && (rest.length === 0 || (rest.length === 1 && rest[0] === '-'))) return stdin
  if (program === 'cat' && rest.length === 1 && rest[0] !== undefined) return { file: rest[0] }
  if (program === 'echo') {
    const options = rest.findIndex((word) => !/^-[neE]+$/.test(word))
    const flags = rest.slice(0, Math.max(options, 0)).join('')
    return { text: `${rest.slice(Math.max(options, 0)).join(' ')}${flags.includes('n') ? '' : '\n'}` }
  }
  if (program === 'printf' && rest.length === 1) return { text: rest[0] ?? '' }
  if (program === 'printf' && rest.length === 2 && /^%s(\\n)?$/.test(rest[0] ?? '')) return { text: rest[1] ?? '' }
  return undefined
}
