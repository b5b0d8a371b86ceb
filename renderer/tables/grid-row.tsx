import { Pencil, Zap } from 'lucide-react'
import type { MouseEvent } from 'react'
import { Link } from 'wouter'
import type { TableRow } from '../../core/contract/values.ts'
import type { Json } from '../../core/domain/values/json.ts'
import { classNames } from '../ui/look/class-names.ts'
import { CellContent } from './cell.tsx'
import { type After, CellEditor } from './cell-editor.tsx'
import type { Column } from './cell-values.ts'
import { NUMBER_WIDTH, ROW_HEIGHT, WRITER_WIDTH, widthOf } from './grid-layout.ts'
import { type Block, isIn, type Place } from './selection.ts'

/** A cell that is being edited. */
export type Editing = Place & { readonly typed: string | null }

export type CellActions = {
  press(place: Place, event: MouseEvent): void
  enter(place: Place): void
  begin(place: Place): void
  pressRow(row: number, event: MouseEvent): void
  keep(value: Json, after: After): void
  back(): void
  addChoice(column: Column, choice: string): void
}

/** A row of the grid. Without a row it is on its way or, where it is the last, the one that adds a row. */
export function GridRow({
  row,
  at,
  top,
  isNew,
  columns,
  from,
  offsets,
  width,
  focus,
  block,
  editing,
  idOf,
  zapNames,
  actions,
}: {
  row: TableRow | undefined
  at: number
  top: number
  isNew: boolean
  /** Those in sight, of which the first is the one at `from`. */
  columns: readonly Column[]
  from: number
  offsets: readonly number[]
  width: number
  focus: Place | null
  /** What is selected; null where that need not be shown. */
  block: Block | null
  editing: Editing | null
  idOf: (place: Place) => string
  zapNames: ReadonlyMap<string, string>
  actions: CellActions
}) {
  return (
    <div
      role="row"
      aria-rowindex={at + 2}
      className={classNames('absolute left-0 flex', editing !== null && 'z-10 bg-accent-soft')}
      style={{ top, width, height: ROW_HEIGHT }}
    >
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Shift+Space selects the row */}
      <div
        role="rowheader"
        aria-colindex={1}
        className="sticky left-0 z-10 flex shrink-0 cursor-default items-center justify-center border-r border-b border-line bg-surface text-sm text-ink-faint tabular-nums"
        style={{ width: NUMBER_WIDTH }}
        onClick={(event) => actions.pressRow(at, event)}
      >
        {isNew ? <span aria-hidden>+</span> : (at + 1).toLocaleString()}
        {isNew && <span className="sr-only">New row</span>}
      </div>
      {columns.map((column, index) => {
        const place = { row: at, column: from + index }
        const value = row?.cells[column.id]
        const isFocus = focus?.row === at && focus.column === place.column
        const isSelected = block !== null && isIn(block, at, place.column)
        const isEdited = editing?.column === place.column
        return (
          <div
            key={column.id}
            id={idOf(place)}
            role="gridcell"
            aria-colindex={place.column + 2}
            aria-selected={isSelected}
            className={classNames(
              'absolute top-0 flex h-full cursor-default items-center overflow-hidden border-r border-b border-line px-2.5 text-base select-none',
              isSelected && !isFocus && 'bg-accent-soft',
              isFocus && 'outline-2 -outline-offset-2 outline-accent',
              isEdited && 'overflow-visible!',
            )}
            style={{ left: offsets[place.column], width: widthOf(column) }}
            onMouseDown={(event) => actions.press(place, event)}
            onMouseEnter={() => actions.enter(place)}
            onDoubleClick={() => actions.begin(place)}
          >
            {isEdited ? (
              <CellEditor
                column={column}
                value={value}
                typed={editing?.typed ?? null}
                onKeep={actions.keep}
                onBack={actions.back}
                onAddChoice={(choice) => actions.addChoice(column, choice)}
              />
            ) : isNew && place.column === 0 ? (
              <span className="text-ink-faint">New row</span>
            ) : (
              <CellContent column={column} value={value} />
            )}
          </div>
        )
      })}
      {row !== undefined && (
        <div
          role="gridcell"
          aria-colindex={offsets.length + 1}
          className="absolute top-0 flex h-full items-center gap-1.5 overflow-hidden border-b border-line px-2.5 text-base text-ink-soft"
          style={{ left: offsets.at(-1), width: WRITER_WIDTH }}
        >
          <Writer row={row} zapNames={zapNames} />
        </div>
      )}
    </div>
  )
}

/** Who wrote the row last. */
function Writer({ row, zapNames }: { row: TableRow; zapNames: ReadonlyMap<string, string> }) {
  if (row.by === null) {
    return (
      <>
        <Pencil size={13} aria-hidden className="shrink-0 text-ink-faint" /> You
      </>
    )
  }
  return (
    <>
      <Zap size={13} aria-hidden className="shrink-0 text-cat-webhook" />
      <Link href={`/runs/${row.by.runId}`} tabIndex={-1} className="truncate hover:underline">
        {zapNames.get(row.by.zapId) ?? 'A deleted zap'}
      </Link>
    </>
  )
}
