import { StepError } from '../runs/step-error.ts'

/**
 * Regular expressions whose time is bounded: the pattern is run as a non-deterministic automaton (Thompson, 1968), in
 * states × characters steps, where a backtracking engine can take for ever on a text that came with an event.
 *
 * The syntax is JavaScript's without look-around and back-references, which no automaton has. `(?i)` at the beginning
 * ignores case. As with `RegExp.test`, the match may be anywhere in the text.
 */
export type Pattern = {
  /** Whether the text holds a match. Throws a {@link StepError} `bad-input` when that could take too many steps. */
  test(text: string): boolean
}

/** Characters of a pattern. */
export const MAX_PATTERN_CHARS = 1_000
/** States that a pattern may come to; `{1000}` repeats what stands before it a thousand times. */
const MAX_STATES = 5_000
/** States × characters of one test: a fraction of a second. A pattern of 20 states may search a million characters. */
const MAX_STEPS = 20_000_000
/** Characters that one test may have to judge by a class, such as `\p{L}`: each costs as much as a hundred steps. */
const MAX_JUDGED = 300_000

/** Whether a character fits. `judged` is called when that had to be found out anew. */
type CharTest = (char: string, judged: () => void) => boolean

type State =
  | { readonly kind: 'char'; readonly test: CharTest; readonly next: number }
  | { readonly kind: 'assert'; readonly test: (chars: readonly string[], at: number) => boolean; readonly next: number }
  | { readonly kind: 'fork'; readonly to: number[] }
  | { readonly kind: 'match' }

type Node =
  | { readonly kind: 'char'; readonly test: CharTest }
  | { readonly kind: 'assert'; readonly test: (chars: readonly string[], at: number) => boolean }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly items: readonly Node[] }
  | { readonly kind: 'repeat'; readonly item: Node; readonly min: number; readonly max: number }

/** Prepares a pattern. Throws a {@link StepError} `bad-input` that says what is wrong with it. */
export function compilePattern(pattern: string): Pattern {
  if (pattern.length > MAX_PATTERN_CHARS) throw refusal(pattern, `is longer than ${MAX_PATTERN_CHARS} characters`)
  const ignoreCase = pattern.startsWith('(?i)')
  const source = ignoreCase ? pattern.slice(4) : pattern
  const flags = ignoreCase ? 'i' : ''
  const unicode = compiles(source, `${flags}u`)
  if (unicode !== true && compiles(source, flags) !== true) throw refusal(pattern, unicode)
  const node = parse(pattern, source, unicode === true ? `${flags}u` : flags)
  const states: State[] = [{ kind: 'match' }]
  const start = build(pattern, node, 0, states)
  return { test: (text) => run(pattern, states, start, text) }
}

/** True, or what `RegExp` has against the pattern. */
function compiles(source: string, flags: string): true | string {
  try {
    new RegExp(source, flags)
    return true
  } catch (error) {
    return `is not valid (${error instanceof Error ? error.message : String(error)})`
  }
}

function refusal(pattern: string, reason: string): StepError {
  const shown = pattern.length > 80 ? `${pattern.slice(0, 79)}…` : pattern
  return new StepError({ code: 'bad-input', message: `The pattern "${shown}" ${reason}.`, retryable: false })
}

/** Characters whose answer is remembered, for each atom of a pattern. */
const MAX_KNOWN = 1_000

/** A class, an escape or a literal, judged by `RegExp` itself, one character at a time, and remembered. */
function single(atom: string, flags: string): Node {
  const judge = new RegExp(`^${atom}$`, flags)
  const known = new Map<string, boolean>()
  return {
    kind: 'char',
    test(char, judged) {
      const answer = known.get(char)
      if (answer !== undefined) return answer
      judged()
      const fits = judge.test(char)
      // All states of a repeated atom ask for the same character, so the newest ones are what counts.
      if (known.size >= MAX_KNOWN) known.clear()
      known.set(char, fits)
      return fits
    },
  }
}

const isWord = (char: string | undefined) => char !== undefined && /^\w$/.test(char)
const atBoundary = (chars: readonly string[], at: number) => isWord(chars[at - 1]) !== isWord(chars[at])

/** A recursive descent over a source that `RegExp` found valid. */
function parse(pattern: string, source: string, flags: string): Node {
  let at = 0

  function choice(): Node {
    const items = [sequence()]
    while (source[at] === '|') {
      at += 1
      items.push(sequence())
    }
    return { kind: 'choice', items }
  }

  function sequence(): Node {
    const items: Node[] = []
    while (at < source.length && source[at] !== '|' && source[at] !== ')') items.push(quantified())
    return { kind: 'sequence', items }
  }

  function quantified(): Node {
    const item = atom()
    const match = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/.exec(source.slice(at))
    if (match === null) return item
    at += match[0].length
    const [, sign, least, comma, most] = match
    if (sign !== undefined) {
      return { kind: 'repeat', item, min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Number.POSITIVE_INFINITY }
    }
    const min = Number(least)
    const max = comma === undefined ? min : most === '' || most === undefined ? Number.POSITIVE_INFINITY : Number(most)
    return { kind: 'repeat', item, min, max }
  }

  function atom(): Node {
    const rest = source.slice(at)
    const char = /^./su.exec(rest)?.[0] ?? ''
    if (char === '(') return group(rest)
    if (char === '^' || char === '$') {
      at += 1
      return { kind: 'assert', test: (chars, position) => position === (char === '^' ? 0 : chars.length) }
    }
    const found = /^(?:\[(?:\\.|[^\]\\])*\]|\\(?:u\{[^}]*\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|[pP]\{[^}]*\}|c[a-zA-Z]|.))/su
    const [whole] = found.exec(rest) ?? [char]
    at += whole.length
    if (whole === '\\b') return { kind: 'assert', test: atBoundary }
    if (whole === '\\B') return { kind: 'assert', test: (chars, position) => !atBoundary(chars, position) }
    if (/^\\[1-9k]/.test(whole)) throw refusal(pattern, 'refers back to a group, which is not supported')
    return single(
      whole.length === char.length && char !== '.' ? char.replace(/[$()*+./?[\\\]^{|}]/, '\\$&') : whole,
      flags,
    )
  }

  function group(rest: string): Node {
    const [opening] = /^\((?:\?(?::|<[^=!][^>]*>))?/.exec(rest) ?? ['(']
    if (opening === '(' && rest[1] === '?') throw refusal(pattern, 'looks around or sets flags, which is not supported')
    at += opening.length
    const inner = choice()
    at += 1
    return inner
  }

  return choice()
}

/** Adds the states of a node that goes on to `next`, and returns the state that it begins with. */
function build(pattern: string, node: Node, next: number, states: State[]): number {
  if (states.length > MAX_STATES) throw refusal(pattern, 'repeats too much; use smaller counts')
  switch (node.kind) {
    case 'char':
    case 'assert':
      return states.push({ ...node, next }) - 1
    case 'sequence':
      return node.items.reduceRight((follow, item) => build(pattern, item, follow, states), next)
    case 'choice':
      return states.push({ kind: 'fork', to: node.items.map((item) => build(pattern, item, next, states)) }) - 1
    case 'repeat':
      return buildRepeat(pattern, node, next, states)
  }
}

function buildRepeat(pattern: string, node: Node & { kind: 'repeat' }, next: number, states: State[]): number {
  let entry = next
  if (node.max === Number.POSITIVE_INFINITY) {
    const to = [next]
    entry = states.push({ kind: 'fork', to }) - 1
    to.push(build(pattern, node.item, entry, states))
  } else {
    for (let optional = node.max - node.min; optional > 0; optional--) {
      entry = states.push({ kind: 'fork', to: [next, build(pattern, node.item, entry, states)] }) - 1
    }
  }
  for (let needed = node.min; needed > 0; needed--) entry = build(pattern, node.item, entry, states)
  return entry
}

const tooLong = (pattern: string, text: string): StepError =>
  refusal(pattern, `would take too long on a text of ${text.length} characters; shorten one of them`)

/** Follows all states at once, character by character. */
function run(pattern: string, states: readonly State[], start: number, text: string): boolean {
  if (states.length * text.length > MAX_STEPS) throw tooLong(pattern, text)
  const chars = [...text]
  /** The last position, plus one, at which a state was entered: each is entered once at a position. */
  const entered = new Uint32Array(states.length)
  let current: number[] = []
  let matched = false
  let judgements = 0
  const judged = (): void => {
    judgements += 1
    if (judgements > MAX_JUDGED) throw tooLong(pattern, text)
  }

  const enter = (first: number, at: number, into: number[]) => {
    const waiting = [first]
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      const state = states[index]
      if (state === undefined || entered[index] === at + 1) continue
      entered[index] = at + 1
      if (state.kind === 'match') matched = true
      else if (state.kind === 'char') into.push(index)
      else if (state.kind === 'fork') waiting.push(...state.to)
      else if (state.test(chars, at)) waiting.push(state.next)
    }
  }

  for (let at = 0; at <= chars.length; at++) {
    enter(start, at, current)
    if (matched) return true
    const char = chars[at]
    if (char === undefined) return false
    const following: number[] = []
    for (const index of current) {
      const state = states[index]
      if (state?.kind === 'char' && state.test(char, judged)) enter(state.next, at + 1, following)
    }
    current = following
  }
  return matched
}
