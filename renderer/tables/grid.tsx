import { useVirtualizer } from '@tanstack/react-virtual'
import { Plus } from 'lucide-react'
import { type KeyboardEvent, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react'
import type { TableEdit, TableSummary, TableView } from '../../core/contract/values.ts'
import type { Json } from '../../core/domain/values/json.ts'
import { chordOf } from '../commands/chord.ts'
import { useZapNames } from '../queries/zaps.ts'
import { IconButton } from '../ui/controls/button.tsx'
import type { After } from './cell-editor.tsx'
import type { Column } from './cell-values.ts'
import { ColumnHead, type HeadActions } from './column-head.tsx'
import { ADD_WIDTH, HEAD_HEIGHT, offsetsOf, ROW_HEIGHT, WRITER_WIDTH, widthOf } from './grid-layout.ts'
import { type Editing, GridRow } from './grid-row.tsx'
import { at, blockOf, HEAD, moved, type Place, type Selection } from './selection.ts'
import type { Edits } from './use-edits.ts'
import { copied, paste } from './use-grid-clipboard.ts'
import { readRows, useRows } from './use-rows.ts'

/** What the grid tells of itself: to the line below it, and to what acts on its rows. */
export type GridState = {
  readonly selection: Selection
  readonly isEditing: boolean
  readonly total: number | null
  readonly problem: string | null
}

/**
 * A table as a spreadsheet: drawn only where it is in sight, of any length. The grid keeps the focus and says which cell has it; a cell that is edited
 * has a field of its own.
 */
export function Grid({
  table,
  view,
  edits,
  heads,
  onAddColumn,
  onAddChoice,
  onSearch,
  onState,
}: {
  table: TableSummary
  view: TableView
  edits: Edits
  heads: HeadActions
  onAddColumn: () => void
  onAddChoice: (column: Column, choice: string) => void
  onSearch: () => void
  onState: (state: GridState) => void
}) {
  const { columns } = table
  const id = useId()
  const idOf = useCallback(({ row, column }: Place) => `${id}-${row}-${column}`, [id])
  const scroller = useRef<HTMLDivElement>(null)
  const [selection, setSelection] = useState<Selection>(at(0, 0))
  const [editing, setEditing] = useState<Editing | null>(null)
  const [hasFocus, setHasFocus] = useState(false)
  const isDragging = useRef(false)
  /** The row that is being added, and its number when the host has told it: what is typed meanwhile belongs to it. */
  const adding = useRef<{ readonly at: number; readonly row: Promise<number | undefined> } | null>(null)
  const zapNames = useZapNames()
  const offsets = useMemo(() => offsetsOf(columns), [columns])
  const width = (offsets.at(-1) ?? 0) + WRITER_WIDTH + ADD_WIDTH

  // As many rows as there are is known with the first answer; one more adds a row.
  const [known, setKnown] = useState(table.rows)
  const vertical = useVirtualizer({
    count: known + 1,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
  })
  const horizontal = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => widthOf(columns[index] ?? { type: 'text', name: '', width: null }),
    getItemKey: (index) => `${columns[index]?.id}-${columns[index]?.width}`,
    overscan: 3,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: widths are read when columns are others
  useEffect(() => horizontal.measure(), [columns])
  const shown = vertical.getVirtualItems()
  const rows = useRows(table.id, view, shown[0]?.index ?? 0, shown.at(-1)?.index ?? 0)
  const total = rows.total
  useEffect(() => {
    if (total === null) return
    setKnown(total)
    // What was selected may be beyond the last row by now.
    setSelection((now) => (now.focus.row > total ? at(total, now.focus.column) : now))
  }, [total])
  const inSight = horizontal.getVirtualItems()
  const from = inSight[0]?.index ?? 0
  const visible = columns.slice(from, (inSight.at(-1)?.index ?? 0) + 1)

  const { problem } = rows
  useEffect(
    () => onState({ selection, isEditing: editing !== null, total, problem }),
    [selection, editing, total, problem, onState],
  )

  const size = { rows: known + 1, columns: columns.length, page: Math.max(1, shown.length - 20) }
  const focusGrid = (): void => scroller.current?.focus({ preventScroll: true })

  function go(next: Selection): void {
    setSelection(next)
    if (next.focus.row === HEAD) {
      document.getElementById(`${id}-head-${next.focus.column}`)?.focus()
      return
    }
    vertical.scrollToIndex(next.focus.row)
    horizontal.scrollToIndex(next.focus.column)
  }
  const step = (key: string, extend = false): void => {
    const next = moved(selection, { key, isFar: false, extends: extend }, size)
    if (next !== undefined) go(next)
  }

  function begin(place: Place, typed: string | null = null): void {
    const isThere = rows.rowAt(place.row) !== undefined || place.row >= known || adding.current?.at === place.row
    if (columns.length === 0 || !isThere) return
    // What is typed before the field is there is not lost.
    setEditing((now) =>
      now?.row === place.row && now.column === place.column && now.typed !== null && typed !== null
        ? { ...now, typed: now.typed + typed }
        : { ...place, typed },
    )
  }

  async function setCell(place: Place, value: Json): Promise<void> {
    const column = columns[place.column]
    if (column === undefined) return
    const row = rows.rowAt(place.row)
    const cells = { [column.id]: value }
    if (row === undefined) {
      const added = adding.current?.at === place.row ? await adding.current.row : undefined
      if (added !== undefined) await edits.apply([{ do: 'set', row: added, cells }])
      else if (value !== null) {
        const made = edits.apply([{ do: 'insert', cells }]).then((ids) => ids?.[0])
        adding.current = { at: place.row, row: made }
        if (place.row === known) setKnown(known + 1)
        if ((await made) === undefined) setKnown(known)
      }
    } else if (JSON.stringify(row.cells[column.id] ?? null) !== JSON.stringify(value)) {
      await edits.apply([{ do: 'set', row: row.id, cells }])
    }
  }

  function keep(value: Json, after: After): void {
    if (editing === null) return
    void setCell(editing, value)
    // From another row on, the one that was added is a row like all others.
    if (after !== 'left' && after !== 'right') adding.current = null
    setEditing(null)
    if (after === 'stay') return
    focusGrid()
    // The row that is being added is one more from now on.
    const last = { ...size, rows: size.rows + (editing.row === known && value !== null ? 1 : 0) }
    const key = { down: 'ArrowDown', up: 'ArrowUp', right: 'ArrowRight', left: 'ArrowLeft' }[after]
    const next = moved(at(editing.row, editing.column), { key, isFar: false, extends: false }, last)
    if (next !== undefined && next.focus.row !== HEAD) go(next)
  }

  /** Changes all selected cells of rows that are there. */
  async function change(value: (column: Column, now: Json) => Json): Promise<void> {
    const block = blockOf(selection)
    const found = await readRows(table.id, view, Math.max(0, block.top), Math.min(block.bottom, known - 1))
    const chosen = columns.slice(block.left, block.right + 1)
    await edits.apply(
      found.map(
        (row): TableEdit => ({
          do: 'set',
          row: row.id,
          cells: Object.fromEntries(
            chosen.map((column) => [String(column.id), value(column, row.cells[column.id] ?? null)]),
          ),
        }),
      ),
    )
  }

  async function removeRows(): Promise<void> {
    const block = blockOf(selection)
    const found = await readRows(table.id, view, Math.max(0, block.top), Math.min(block.bottom, known - 1))
    await edits.apply(found.map((row) => ({ do: 'remove', row: row.id })))
    go(at(Math.max(0, block.top), selection.focus.column))
  }

  function onKey(event: KeyboardEvent): void {
    if (event.target !== scroller.current) return
    const isMod = event.ctrlKey || event.metaKey
    const { key } = event
    const chord = chordOf(event)
    const take = (): void => {
      event.preventDefault()
      event.stopPropagation()
    }
    const next = event.altKey ? undefined : moved(selection, { key, isFar: isMod, extends: event.shiftKey }, size)
    if (next !== undefined) {
      take()
      go(next)
    } else if (chord === 'Mod+Z' || chord === 'Mod+Y' || chord === 'Mod+Shift+Z') {
      take()
      if (chord !== 'Mod+Z') edits.redo()
      else edits.undo()
    } else if (chord === 'Mod+A') {
      take()
      setSelection({
        anchor: { row: 0, column: 0 },
        focus: { row: Math.max(0, known - 1), column: columns.length - 1 },
      })
    } else if (isMod && key === 'Enter') {
      take()
      go(at(known, 0))
      begin({ row: known, column: 0 })
    } else if (isMod && (key === 'Delete' || key === 'Backspace')) {
      take()
      void removeRows()
    } else if (isMod || event.altKey) {
      return
    } else if (key === 'Tab') {
      const isEnd = event.shiftKey ? selection.focus.column === 0 : selection.focus.column === columns.length - 1
      // From the ends of a row, Tab leads on and out of the grid.
      if (isEnd) return
      take()
      step(event.shiftKey ? 'ArrowLeft' : 'ArrowRight')
    } else if (key === 'Enter' || key === 'F2') {
      take()
      begin(selection.focus)
    } else if (key === 'Escape') {
      take()
      setSelection(at(selection.focus.row, selection.focus.column))
    } else if (key === 'Delete' || key === 'Backspace') {
      take()
      void change(() => null)
    } else if (key === ' ') {
      take()
      if (event.shiftKey) selectRow(selection.focus.row, false)
      else if (columns[selection.focus.column]?.type === 'boolean')
        void change((column, now) => (column.type === 'boolean' ? now !== true : now))
    } else if (key === '/') {
      take()
      onSearch()
    } else if (key.length === 1) {
      take()
      begin(selection.focus, key)
    }
  }

  function selectRow(row: number, extend: boolean): void {
    if (row >= known) return
    setSelection({
      anchor: { row: extend ? selection.anchor.row : row, column: 0 },
      focus: { row, column: columns.length - 1 },
    })
    focusGrid()
  }

  const block = blockOf(selection)
  const cells = (block.bottom - block.top + 1) * (block.right - block.left + 1)
  const isDrawn = ({ row, column }: Place): boolean =>
    shown.some(({ index }) => index === row) && column >= from && column < from + visible.length
  const clipboard = { table, view, rows, edits, block }
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={table.name}
      aria-rowcount={known + 2}
      aria-colcount={columns.length + 2}
      aria-multiselectable
      aria-activedescendant={editing === null && isDrawn(selection.focus) ? idOf(selection.focus) : undefined}
      tabIndex={0}
      className="relative min-h-0 flex-1 overflow-auto overscroll-contain outline-none"
      onKeyDown={onKey}
      onFocus={(event) => setHasFocus(event.target === scroller.current)}
      onBlur={() => setHasFocus(false)}
      onMouseUp={() => {
        isDragging.current = false
      }}
      onCopy={(event) => {
        if (event.target !== scroller.current) return
        event.preventDefault()
        const text = copied(clipboard)
        if (text !== null) event.clipboardData.setData('text/plain', text)
      }}
      onCut={(event) => {
        if (event.target !== scroller.current) return
        event.preventDefault()
        const text = copied(clipboard)
        if (text !== null) event.clipboardData.setData('text/plain', text)
        void change(() => null)
      }}
      onPaste={(event) => {
        if (event.target !== scroller.current || columns.length === 0) return
        event.preventDefault()
        const text = event.clipboardData.getData('text/plain')
        if (text === '') return
        void paste(text, clipboard).then((filled) => {
          if (filled === null) return
          setSelection({
            anchor: { row: filled.top, column: filled.left },
            focus: { row: filled.bottom, column: filled.right },
          })
        })
      }}
    >
      <div
        role="rowgroup"
        className="sticky top-0 z-20 border-b border-line bg-surface"
        style={{ minWidth: '100%', width, height: HEAD_HEIGHT }}
      >
        <div role="row" aria-rowindex={1} className="relative flex h-full">
          <div
            role="columnheader"
            aria-colindex={1}
            className="sticky left-0 z-10 border-r border-line bg-surface"
            style={{ width: offsets[0] }}
          >
            <span className="sr-only">Row</span>
          </div>
          {visible.map((column, index) => (
            <ColumnHead
              key={column.id}
              column={column}
              at={from + index}
              left={offsets[from + index] ?? 0}
              isLast={from + index === columns.length - 1}
              order={view.sort.find((one) => one.column === column.id)?.order ?? null}
              id={`${id}-head-${from + index}`}
              actions={heads}
              onKey={(event) => {
                const lead = moved(at(HEAD, from + index), { key: event.key, isFar: false, extends: false }, size)
                if (lead === undefined || event.key.startsWith('Page')) return
                event.preventDefault()
                event.stopPropagation()
                if (event.key === 'ArrowDown') focusGrid()
                go(lead)
              }}
            />
          ))}
          <div
            role="columnheader"
            aria-colindex={columns.length + 2}
            className="absolute top-0 flex h-full items-center justify-between px-2.5 text-base font-medium text-ink-soft"
            style={{ left: offsets.at(-1), width: WRITER_WIDTH + ADD_WIDTH }}
          >
            Changed by
            <IconButton icon={Plus} size="sm" label="Add a column" onClick={onAddColumn} />
          </div>
        </div>
      </div>
      <div role="rowgroup" className="relative" style={{ width, height: vertical.getTotalSize() }}>
        {shown.map((item) => (
          <GridRow
            key={item.index}
            row={item.index < known ? rows.rowAt(item.index) : undefined}
            at={item.index}
            top={item.start}
            isNew={item.index === known}
            columns={visible}
            from={from}
            offsets={offsets}
            width={width}
            focus={hasFocus ? selection.focus : null}
            block={hasFocus || cells > 1 ? block : null}
            editing={editing?.row === item.index ? editing : null}
            idOf={idOf}
            zapNames={zapNames}
            actions={{
              press(place, event) {
                if (editing?.row === place.row && editing.column === place.column) return
                event.preventDefault()
                focusGrid()
                isDragging.current = true
                setSelection(event.shiftKey ? { ...selection, focus: place } : { focus: place, anchor: place })
              },
              enter(place) {
                if (isDragging.current) setSelection((now) => ({ ...now, focus: place }))
              },
              begin: (place) => begin(place),
              pressRow: (row, event) => (row === known ? begin({ row, column: 0 }) : selectRow(row, event.shiftKey)),
              keep,
              back() {
                setEditing(null)
                focusGrid()
              },
              addChoice: onAddChoice,
            }}
          />
        ))}
      </div>
    </div>
  )
}
