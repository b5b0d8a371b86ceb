import { useQueries } from '@tanstack/react-query'
import { useRef } from 'react'
import type { TableEdit, TablePage, TableRow, TableView } from '../../core/contract/values.ts'
import { cache, queries, useAnswer } from '../queries/queries.ts'

/** Rows that are asked for at once. */
const PAGE = 100

/** The rows of a view, as far as they are in sight. */
export type Rows = {
  /** How many there are in all; null until that is known. */
  readonly total: number | null
  /** Undefined while it is on its way. */
  rowAt(at: number): TableRow | undefined
  /** Why the view cannot be made. */
  readonly problem: string | null
}

/** Asks for the rows from one place of a view to another. */
export function useRows(id: number, view: TableView, from: number, to: number): Rows {
  const first = Math.floor(from / PAGE)
  const pages = Array.from({ length: Math.floor(to / PAGE) - first + 1 }, (_, at) => first + at)
  const answers = useQueries({ queries: pages.map((page) => pageQuestion(id, view, page * PAGE)) })
  const known = answers.find(({ data }) => data !== undefined)?.data
  const asked = JSON.stringify([id, view])
  const last = useRef<{ asked: string; total: number } | null>(null)
  if (known !== undefined) last.current = { asked, total: known.total }
  return {
    total: last.current?.asked === asked ? last.current.total : null,
    rowAt: (at) => answers[Math.floor(at / PAGE) - first]?.data?.rows[at % PAGE],
    problem: known?.problem ?? null,
  }
}

const pageQuestion = (id: number, view: TableView, offset: number) =>
  queries.tables.rows.queryOptions({ input: { id, view, offset, limit: PAGE }, gcTime: 30_000 })

/** The sum of the numbers of a column, over all rows of a view. */
export function useSum(id: number, view: TableView, column: number | null): TablePage['sum'] {
  const { data } = useAnswer(
    queries.tables.rows.queryOptions({ input: { id, view, limit: 0, sum: column }, enabled: column !== null }),
  )
  return column === null ? null : (data?.sum ?? null)
}

/** Rows of a view wherever they are, for what is copied. */
export async function readRows(id: number, view: TableView, from: number, to: number): Promise<TableRow[]> {
  const rows: TableRow[] = []
  for (let at = Math.floor(from / PAGE) * PAGE; at <= to; at += PAGE) {
    const page = await cache.fetchQuery(pageQuestion(id, view, at))
    rows.push(...page.rows.slice(Math.max(0, from - at), to - at + 1))
  }
  return rows
}

/** Shows changed cells at once, before the host has confirmed them. */
export function patchRows(id: number, edits: readonly TableEdit[]): void {
  const changed = new Map(edits.flatMap((edit) => (edit.do === 'set' ? [[edit.row, edit.cells] as const] : [])))
  if (changed.size === 0) return
  cache.setQueriesData<TablePage>({ queryKey: queries.tables.rows.key({ input: { id } }) }, (page) => {
    if (page === undefined || !page.rows.some((row) => changed.has(row.id))) return page
    const rows = page.rows.map((row) => {
      const cells = changed.get(row.id)
      return cells === undefined ? row : { ...row, cells: { ...row.cells, ...cells }, by: null }
    })
    return { ...page, rows }
  })
}

/** Reads the rows of a table again. */
export function reloadRows(id: number): Promise<void> {
  return cache.invalidateQueries({ queryKey: queries.tables.rows.key({ input: { id } }) })
}
