import type { Place } from '../../domain/runs/sandbox.ts'

/** A way in which a source may be read, and by how much places in it are moved by that. */
export type SourceForm = {
  readonly text: string
  /** Read with `await` at its top, and worth what its last statement is; else it is an expression that is a promise. */
  readonly isScript: boolean
  readonly linesBefore: number
  readonly columnsBefore: number
}

/**
 * The ways in which code may be meant, the likeliest first: an object (which as a script would be a block), statements of which the last one is
 * the result, and the inside of a function, with `return`. Its lines stay lines of their own in each, so that an error's place is found again.
 */
export function formsOf(source: string): readonly SourceForm[] {
  const script = { text: source, isScript: true, linesBefore: 0, columnsBefore: 0 }
  const body = { text: `(async function () {\n${source}\n})()`, isScript: false, linesBefore: 1, columnsBefore: 0 }
  const trimmed = source.trim()
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) return [script, body]
  return [{ text: `(${source}\n)`, isScript: true, linesBefore: 0, columnsBefore: 1 }, script, body]
}

/** The place in the source that an error's stack names first. */
export function placeIn(stack: string, form: SourceForm): Place | null {
  for (let at = stack.indexOf(FILE); at >= 0; at = stack.indexOf(FILE, at + 1)) {
    const numbers = stack.slice(at + FILE.length, at + FILE.length + 20).split(/[^0-9]/, 2)
    const [line = 0, column = 0] = numbers.map(Number)
    // Where the interpreter lost its place, as it does when it is interrupted, it names the beginning.
    if (line <= form.linesBefore || (line === 1 && column === 1 && stack.indexOf(FILE, at + 1) >= 0)) continue
    const columnsBefore = line === 1 ? form.columnsBefore : 0
    return { line: line - form.linesBefore, column: Math.max(1, column - columnsBefore) }
  }
  return null
}

/** What code is called in stacks. */
export const SOURCE_FILE = 'code.js'
const FILE = `${SOURCE_FILE}:`

/** A place in a source: what is only missed behind it, such as a bracket, is missing at its end. */
export function within(source: string, place: Place | null): Place | null {
  if (place === null) return null
  const lines = source.trimEnd().split('\n')
  const last = lines.at(-1) ?? ''
  return place.line > lines.length ? { line: lines.length, column: Math.max(1, last.length) } : place
}

/** The place of a character of a text. */
export function placeAt(text: string, position: number): Place {
  const before = text.slice(0, Math.max(0, position))
  const line = before.split('\n').length
  return { line, column: before.length - before.lastIndexOf('\n') }
}

/** What to use in place of something that code elsewhere has and that is not there, as the end of a sentence; undefined for any other name. */
export function instead(name: string): string | undefined {
  return INSTEAD.find(([names]) => names.includes(name))?.[1]
}

const INSTEAD: readonly (readonly [readonly string[], string])[] = [
  [
    ['fetch', 'XMLHttpRequest', 'WebSocket', 'axios', '$http'],
    'code has no network; put an HTTP request before it, and hand its answer in under "input"',
  ],
  [['setTimeout', 'setInterval', 'sleep'], 'code has no timers; to wait, put a Delay before or behind it'],
  [
    ['require', 'module', 'exports', 'process', 'Buffer', 'fs', 'Deno', 'Bun'],
    'code runs shut in, without modules, files or programs; there are steps for these',
  ],
  [['window', 'document', 'localStorage', 'alert'], 'there is no page here'],
  [
    ['$input', '$json', 'items', '$node', '$', 'msg', 'inputData', 'steps', 'hook', 'zap', 'env'],
    'code reads nothing but what is handed in: name the value under "input", and read it as input.name',
  ],
  [['WebAssembly', 'Atomics', 'Worker'], 'it is not there in a code step'],
  [['item', 'index'], 'it is there in a step inside a loop alone'],
]
