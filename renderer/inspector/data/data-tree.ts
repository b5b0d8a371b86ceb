import type { Sample } from '../../../core/contract/values.ts'
import { isJsonObject, type Json } from '../../../core/domain/values/json.ts'
import { asLargeValue, largeValueWords } from '../../ui/json/large-value.ts'
import { templatePath } from '../templates/template-text.ts'

/** An example as far as its value and its origin are needed; those of a loop's round are made up from others. */
export type ShownSample = Pick<Sample, 'value' | 'from'> & Partial<Sample>

/** An earlier step whose output may be used, nearest first. */
export type DataSource = {
  readonly id: string
  readonly name: string
  readonly uses: string
  readonly sample: ShownSample | undefined
  /** Where the example comes from, if that is not what the sample says. */
  readonly from?: string
}

/** One line of the data picker. */
export type DataRow = {
  /** What goes between the braces; it also identifies the row. */
  readonly path: string
  readonly source: string
  readonly label: string
  readonly depth: number
  readonly value: Json | undefined
  readonly children: number
  readonly open: boolean
}

/** More rows than this are of no help; searching narrows them down. */
const MAX_ROWS = 400
const MAX_SEARCH_DEPTH = 8

/** The lines of the tree with `opened` paths unfolded; or, while searching, every path whose name or value matches. */
export function dataRows(
  sources: readonly DataSource[],
  opened: ReadonlySet<string>,
  search: string,
): readonly DataRow[] {
  const rows: DataRow[] = []
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  for (const source of sources) {
    if (words.length > 0) searchIn(source, [source.id], source.sample?.value, words, rows)
    else unfold(source, [source.id], source.sample?.value, opened, rows)
  }
  return rows
}

/** What is open when the picker opens: each step's output, and the body of what a webhook caught. Logic tells little. */
export function openedAtFirst(sources: readonly DataSource[]): ReadonlySet<string> {
  return new Set(
    sources.flatMap(({ id, uses, sample }) => {
      if (uses.startsWith('logic.')) return []
      const value = sample?.value
      return isJsonObject(value) && isJsonObject(value.body) ? [id, templatePath([id, 'body'])] : [id]
    }),
  )
}

/** A value in a few characters. */
export function shortValue(value: Json | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.length === 1 ? '1 item' : `${value.length} items`
  const large = asLargeValue(value)
  if (large !== null) return largeValueWords(large)
  if (isJsonObject(value)) return Object.keys(value).length === 0 ? 'empty' : ''
  return String(value)
}

function unfold(
  source: DataSource,
  keys: readonly (string | number)[],
  value: Json | undefined,
  opened: ReadonlySet<string>,
  rows: DataRow[],
): void {
  if (rows.length >= MAX_ROWS) return
  const path = templatePath(keys)
  const children = childrenOf(value)
  const open = children.length > 0 && opened.has(path)
  rows.push({
    path,
    source: source.id,
    label: keys.length === 1 ? source.name : String(keys.at(-1)),
    depth: keys.length - 1,
    value,
    children: children.length,
    open,
  })
  if (open) for (const [key, child] of children) unfold(source, [...keys, key], child, opened, rows)
}

function searchIn(
  source: DataSource,
  keys: readonly (string | number)[],
  value: Json | undefined,
  words: readonly string[],
  rows: DataRow[],
): void {
  if (rows.length >= MAX_ROWS || keys.length > MAX_SEARCH_DEPTH) return
  const path = templatePath(keys)
  const children = childrenOf(value)
  const text = `${path} ${source.name} ${children.length === 0 ? shortValue(value) : ''}`.toLowerCase()
  if (words.every((word) => text.includes(word))) {
    const label = keys.length === 1 ? source.name : templatePath(keys.slice(1))
    rows.push({ path, source: source.id, label, depth: 0, value, children: children.length, open: false })
  }
  for (const [key, child] of children) searchIn(source, [...keys, key], child, words, rows)
}

function childrenOf(value: Json | undefined): readonly (readonly [string | number, Json])[] {
  if (Array.isArray(value)) return value.map((item: Json, index) => [index, item] as const)
  return isJsonObject(value) && asLargeValue(value) === null ? Object.entries(value) : []
}
