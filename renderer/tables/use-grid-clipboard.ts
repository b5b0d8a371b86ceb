import type { TableEdit, TableSummary, TableView } from '../../core/contract/values.ts'
import { toast } from '../ui/layers/toast.tsx'
import { textOfCell, valueOfText } from './cell-values.ts'
import type { Block } from './selection.ts'
import { readTsv, writeTsv } from './tsv.ts'
import type { Edits } from './use-edits.ts'
import { type Rows, readRows } from './use-rows.ts'

/** Rows of a block that go to or from the clipboard at most. */
const MOST_ROWS = 20_000

type Grid = {
  readonly table: TableSummary
  readonly view: TableView
  readonly rows: Rows
  readonly edits: Edits
  readonly block: Block
}

/** The text of the selected cells, where all of them are there; else they are read, and put on the clipboard then. */
export function copied({ table, view, rows, block }: Grid): string | null {
  const last = Math.min(block.bottom, (rows.total ?? 0) - 1)
  const columns = table.columns.slice(block.left, block.right + 1)
  const lines: string[][] = []
  for (let at = block.top; at <= last; at++) {
    const row = rows.rowAt(at)
    if (row === undefined) {
      void readRows(table.id, view, block.top, Math.min(last, block.top + MOST_ROWS - 1)).then(async (all) => {
        const text = writeTsv(all.map((one) => columns.map(({ id }) => textOfCell(one.cells[id]))))
        await navigator.clipboard.writeText(text)
        toast({ tone: 'success', title: `${all.length.toLocaleString()} rows copied` })
      })
      return null
    }
    lines.push(columns.map(({ id }) => textOfCell(row.cells[id])))
  }
  return writeTsv(lines)
}

/**
 * Puts a block from the clipboard over the cells from the selection's first on. One value fills all of the selection, and rows beyond the last are added.
 * Returns the block that was filled.
 */
export async function paste(text: string, { table, view, rows, edits, block }: Grid): Promise<Block | null> {
  const lines = readTsv(text).slice(0, MOST_ROWS)
  const [first = []] = lines
  const isFill = lines.length === 1 && first.length === 1
  const total = rows.total ?? 0
  const height = isFill ? block.bottom - block.top + 1 : lines.length
  const width = isFill ? block.right - block.left + 1 : Math.max(...lines.map((line) => line.length))
  const columns = table.columns.slice(block.left, block.left + width)
  let wrong = 0
  const cellsOf = (line: readonly string[]): Record<string, never> | Record<number, ReturnType<typeof read>> =>
    Object.fromEntries(
      columns.flatMap((column, at) => {
        const cell = isFill ? first[0] : line[at]
        return cell === undefined ? [] : [[String(column.id), read(column, cell)]]
      }),
    )
  function read(column: (typeof columns)[number], cell: string) {
    const value = valueOfText(column, cell)
    if (!value.ok) wrong++
    return value.ok ? value.value : cell
  }
  const there = await readRows(table.id, view, block.top, Math.min(block.top + height, total) - 1)
  const changes = Array.from({ length: Math.min(height, MOST_ROWS) }, (_, at): TableEdit => {
    const cells = cellsOf(lines[isFill ? 0 : at] ?? [])
    const row = there[at]
    return row === undefined ? { do: 'insert', cells } : { do: 'set', row: row.id, cells }
  })
  if ((await edits.apply(changes)) === null) return null
  const lost = isFill ? 0 : width - columns.length
  if (lost > 0)
    toast({ title: `${lost} more columns did not fit`, detail: 'Add columns to the table, and paste again.' })
  if (wrong > 0) {
    const what = wrong === 1 ? '1 value is' : `${wrong.toLocaleString()} values are`
    toast({ title: `${what} of another kind than the column`, detail: 'They were pasted as text, and are marked.' })
  }
  return { top: block.top, bottom: block.top + height - 1, left: block.left, right: block.left + columns.length - 1 }
}
