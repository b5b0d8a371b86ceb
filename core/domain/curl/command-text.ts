/**
 * What a shell hands to a program, as words. A variable stands in them as a mark, so that what looks for colons, quotes and ampersands
 * afterwards cannot mistake its name for text; `asTemplate` writes it as a template.
 */

const BEGIN = '\ue000'
const END = '\ue001'

/** A variable of the shell inside a word. */
export const variableMark = (name: string): string => `${BEGIN}${name}${END}`

/** Text of a person without what would pass for a mark, and with the line breaks of Unix. */
export const withoutMarks = (text: string): string =>
  text.replace(/[\ue000\ue001\ufeff\0]/g, '').replaceAll('\r\n', '\n')

export const hasMark = (text: string): boolean => text.includes(BEGIN)

/** The names of the variables in a text. */
export function variablesIn(text: string): string[] {
  return [...text.matchAll(/\ue000([^\ue001]*)\ue001/g)].map(([, name = '']) => name)
}

/** A text with the variables that are known filled in. */
export function filledIn(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\ue000([^\ue001]*)\ue001/g, (mark, name: string) => values.get(name) ?? mark)
}

/** A text as it is written for a person, with `$NAME` for variables. */
export const asShown = (text: string): string => text.replace(/\ue000([^\ue001]*)\ue001/g, '$$$1')

/** A text as a field of a step takes it: variables as `{{ env.NAME }}`, and braces that are text as text. */
export function asTemplate(text: string, filter = ''): string {
  return text
    .split(/(\ue000[^\ue001]*\ue001)/)
    .map((part) =>
      part.startsWith(BEGIN) ? `{{ env.${part.slice(1, -1)}${filter} }}` : part.replace(/\{(?=[{%])/g, '{{ "{" }}'),
    )
    .join('')
}

/** The words of one command, what it reads as its input, and what could not be taken over, in sentences. */
export type Command = {
  readonly words: readonly string[]
  readonly stdin: Stdin | undefined
  readonly problems: readonly string[]
}

/** What is handed to a command as its input: a text, or a file by its name. */
export type Stdin = { readonly text: string } | { readonly file: string }

/** Characters of a pasted text that are looked at. */
export const MOST_CHARS = 1_000_000

const FENCE = /^[ \t]{0,20}(?:```|~~~)[ \t]{0,3}[A-Za-z-]{0,20}[ \t]{0,20}$/
/** `PS C:\\>`, `C:\\>`, `me@host:~$`, `[me@host ~]#` before a command. */
const PROMPT =
  /^[ \t]{0,20}(?:PS [A-Za-z]:[^\n<>"'|]{0,200}> ?|[A-Za-z]:\\[^\n<>"'|]{0,200}>|\[?[\w.-]{1,60}@[\w.-]{1,60}[^\n'"#$%>]{0,200}[#$%>] )[ \t]{0,20}(?=(?:sudo )?curl(?:\.exe)?[ \t])/i
/** What shells write before a line that goes on. */
const GOES_ON = /^(?:>>? ?|More\? ?)/

/** A text that was copied from a page or a terminal, without the fence around it and the prompts before its lines. */
export function withoutPrompts(text: string): string {
  const lines = text.split('\n').filter((line) => !FENCE.test(line))
  const [first = '', ...rest] = lines
  const isContinued = rest.length > 0 && rest.every((line) => GOES_ON.test(line))
  return [first, ...(isContinued ? rest.map((line) => line.replace(GOES_ON, '')) : rest)]
    .map((line) => line.replace(PROMPT, ''))
    .join('\n')
}

/** Whether a text begins like a command of curl, so that it is worth reading. */
export function looksLikeCurl(text: string): boolean {
  return (
    text.length <= MOST_CHARS &&
    /^[\s$>#%]*(?:[A-Za-z_]\w*=\S*\s+)*(?:sudo\s+)?curl(?:\.exe)?\s/.test(withoutPrompts(text.slice(0, 2_000)))
  )
}
