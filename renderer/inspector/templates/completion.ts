import { isJsonObject, type Json } from '../../../core/domain/values/json.ts'
import { childrenOf } from '../../ui/json/json-tree.ts'
import type { DataSource } from '../data/data-tree.ts'
import { filtersLike, type TemplateFilter } from './template-filters.ts'
import { templatePath } from './template-text.ts'

/** Where a word is being typed inside `{{ … }}`: choosing replaces `[start, end)`. `closed` tells whether braces follow. */
export type CompletionPlace = {
  readonly kind: 'path' | 'filter'
  readonly start: number
  readonly end: number
  readonly typed: string
  readonly closed: boolean
}

export type CompletionOption =
  | {
      readonly kind: 'path'
      readonly path: string
      readonly value: Json | undefined
      /** What the path begins with: the name of the step, or what the word stands for. */
      readonly of: string
      readonly uses: string | null
    }
  | { readonly kind: 'filter'; readonly filter: TemplateFilter }

/** A change of a text: `inserted` in place of `[start, end)`, then the caret at `caret`. */
export type TextChange = {
  readonly text: string
  readonly start: number
  readonly end: number
  readonly inserted: string
  readonly caret: number
}

const PATH_BEFORE = /(?:[\p{L}_][\p{L}\p{N}_-]*(?:\.[\p{L}\p{N}_-]*|\[(?:\d*\]?|"[^"]*"?\]?))*)?$/u
const PATH_AFTER = /^[\p{L}\p{N}_.-]*(?:"?\])?/u

/** The word at the caret, if it is one that can be completed. Text in quotes is none, nor is what follows a finished path. */
export function completionPlace(text: string, caret: number): CompletionPlace | null {
  if (caret < 2) return null
  const open = text.lastIndexOf('{{', caret - 2)
  if (open === -1) return null
  const inside = text.slice(open + 2, caret)
  if (/[{}\n]/.test(inside)) return null
  const pipe = lastPipe(inside)
  if (pipe === null) return null
  const place = (kind: CompletionPlace['kind'], typed: string, after: RegExp): CompletionPlace => {
    const end = caret + (after.exec(text.slice(caret))?.[0].length ?? 0)
    return { kind, start: caret - typed.length, end, typed, closed: /^[^{}\n]*\}\}/.test(text.slice(end)) }
  }
  const name = pipe === -1 ? null : /^\s*([a-z_]*)$/.exec(inside.slice(pipe + 1))
  if (name) return place('filter', name[1] ?? '', /^[a-z_]*/)
  const typed = PATH_BEFORE.exec(inside)?.[0] ?? ''
  const before = inside.slice(0, inside.length - typed.length).trim()
  const begins = pipe === -1 ? before === '' || before === '-' : typed !== '' && /[:,]$/.test(before)
  return begins ? place('path', typed, PATH_AFTER) : null
}

/** Where the last `|` stands that is not in quotes, -1 without one, null when the caret stands in a quoted text. */
function lastPipe(inside: string): number | null {
  let quote: string | null = null
  let brackets = 0
  let pipe = -1
  for (const [at, char] of [...inside].entries()) {
    if (quote !== null) quote = char === quote ? null : quote
    else if (char === '"' || char === "'") quote = char
    else if (char === '[') brackets += 1
    else if (char === ']') brackets -= 1
    else if (char === '|' && brackets === 0) pipe = at
  }
  return quote !== null && brackets === 0 ? null : pipe
}

/** Words that every template may read, besides the steps before it. */
const WORDS: readonly CompletionOption[] = [
  ['now', 'the time of the run'],
  ['zap.name', 'the name of this zap'],
  ['zap.id', 'the id of this zap'],
  ['run.id', 'the id of the run'],
].map(([path = '', of = '']) => ({ kind: 'path', path, value: undefined, of, uses: null }))

/** More options than this are narrowed down by typing. */
const MAX_OPTIONS = 60
const MAX_DEPTH = 8
/** Of a list, the first items show what all are like. */
const ITEMS_OF_LIST = 5
const MAX_WALKED = 2_000

/** What may stand at a place, the likeliest first: what comes next on the way, what lies deeper, what has the words anywhere. */
export function completionOptions(place: CompletionPlace, sources: readonly DataSource[]): readonly CompletionOption[] {
  if (place.kind === 'filter') return filtersLike(place.typed).map((filter) => ({ kind: 'filter', filter }))
  const typed = place.typed.toLowerCase()
  const words = typed.split(/[.[\]"\s]+/).filter(Boolean)
  const next: CompletionOption[] = []
  const deeper: CompletionOption[] = []
  const anywhere: CompletionOption[] = []
  for (const option of [...sources.flatMap(optionsOf), ...WORDS]) {
    if (option.kind !== 'path') continue
    const path = option.path.toLowerCase()
    if (path.startsWith(typed)) {
      const rest = path.slice(typed.length).replace(/^[.[]/, '')
      const isNext = /^"[^"]*"\]?$/.test(rest) || !/[.[]/.test(rest)
      const rank = isNext ? next : deeper
      rank.push(option)
    } else if (words.every((word) => `${path} ${option.of.toLowerCase()}`.includes(word))) anywhere.push(option)
  }
  return [...next, ...deeper, ...anywhere].slice(0, MAX_OPTIONS)
}

function optionsOf(source: DataSource): readonly CompletionOption[] {
  const options: CompletionOption[] = []
  const walk = (keys: readonly (string | number)[], value: Json | undefined): void => {
    if (options.length >= MAX_WALKED || keys.length > MAX_DEPTH) return
    options.push({ kind: 'path', path: templatePath(keys), value, of: source.name, uses: source.uses })
    const children = value === undefined ? [] : (childrenOf(value) ?? [])
    const shown = Array.isArray(value) ? children.slice(0, ITEMS_OF_LIST) : children
    for (const [key, child] of shown) walk([...keys, key], child)
  }
  walk([source.id], source.sample?.value)
  return options
}

/** Whether there is more inside what an option names. */
export function leadsOn(option: CompletionOption): boolean {
  return option.kind === 'path' && option.value !== undefined && (childrenOf(option.value)?.length ?? 0) > 0
}

/** The text with an option in its place. `goOn` leaves the caret behind the path for its next key. */
export function complete(text: string, place: CompletionPlace, option: CompletionOption, goOn = false): TextChange {
  const space = /(\{\{-?|\|)$/.test(text.slice(0, place.start)) ? ' ' : ''
  if (option.kind === 'filter') {
    const word = `${space}${option.filter.name}${option.filter.takes === null ? '' : ': '}`
    const gap = text.startsWith('}}', place.end) ? ' ' : ''
    return change(text, place.start, place.end, word, place.closed ? gap : ' }}')
  }
  if (goOn) {
    const key = isJsonObject(option.value) ? '.' : '['
    return change(text, place.start, place.end, `${space}${option.path}${key}`, place.closed ? '' : ' }}')
  }
  // Where the braces follow at once, the caret goes on behind them.
  const braces = /^\s*\}\}/.exec(text.slice(place.end))
  if (braces) return change(text, place.start, place.end + braces[0].length, `${space}${option.path} }}`, '')
  return change(text, place.start, place.end, `${space}${option.path}${place.closed ? '' : ' }}'}`, '')
}

/** A reference to a value in place of a selection, or of the word that is being typed at the caret. */
export function insertReference(text: string, from: number, to: number, path: string): TextChange {
  const place = from === to ? completionPlace(text, from) : null
  if (place?.kind !== 'path') return change(text, from, to, `{{ ${path} }}`, '')
  return complete(text, place, { kind: 'path', path, value: undefined, of: '', uses: null })
}

function change(text: string, start: number, end: number, before: string, behind: string): TextChange {
  const inserted = before + behind
  return {
    text: text.slice(0, start) + inserted + text.slice(end),
    start,
    end,
    inserted,
    caret: start + before.length,
  }
}
