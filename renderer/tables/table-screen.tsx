import { Download, MoreHorizontal, Pencil, Plus, Redo2, Search, Trash2, Undo2, Upload } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Link, useLocation } from 'wouter'
import type { TableSummary, TableView } from '../../core/contract/values.ts'
import { Button, IconButton } from '../ui/controls/button.tsx'
import { Input } from '../ui/controls/input.tsx'
import { Kbd } from '../ui/controls/kbd.tsx'
import { Select } from '../ui/controls/select.tsx'
import { Menu } from '../ui/layers/menu.tsx'
import { useDocumentTitle } from '../ui/page/use-document-title.ts'
import type { Column } from './cell-values.ts'
import { ColumnDialog, FilterDialog, NameDialog } from './dialogs.tsx'
import { Grid, type GridState } from './grid.tsx'
import { at, blockOf } from './selection.ts'
import { columnsOf, exportCsv, removeTable, renameTable, setColumns } from './table-actions.ts'
import { useEdits } from './use-edits.ts'
import { useSum } from './use-rows.ts'
import { ViewChips } from './view-chips.tsx'

const WHOLE: TableView = { filters: [], sort: [], search: '' }
/** How each table was looked at last, in this window. */
const views = new Map<number, TableView>()
const SETTLE_MS = 200

type Asked =
  | { readonly what: 'rename' }
  | { readonly what: 'column'; readonly column: Column | null; readonly after: Column | null }
  | { readonly what: 'filter'; readonly column: Column | null }

/** One table: what it is called and who uses it, what is shown of it, and the grid. */
export function TableScreen({
  table,
  tables,
  onImport,
  onNew,
}: {
  table: TableSummary
  tables: readonly TableSummary[]
  onImport: () => void
  onNew: () => void
}) {
  useDocumentTitle(table.name)
  const [, navigate] = useLocation()
  const edits = useEdits(table.id)
  const [asked, setView] = useState<TableView>(() => views.get(table.id) ?? WHOLE)
  const view = useMemo(() => withoutLost(asked, table), [asked, table])
  const [typed, setTyped] = useState(view.search)
  const [dialog, setDialog] = useState<Asked | null>(null)
  const [state, setState] = useState<GridState>({ selection: at(0, 0), isEditing: false, total: null, problem: null })
  const search = useRef<HTMLInputElement>(null)
  const show = useCallback(
    (next: TableView): void => {
      views.set(table.id, next)
      setView(next)
    },
    [table.id],
  )
  useEffect(() => {
    if (typed === view.search) return
    const timer = setTimeout(() => show({ ...view, search: typed }), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [typed, view, show])

  const clear = (): void => {
    setTyped('')
    show(WHOLE)
  }
  const isNarrowed = view.filters.length > 0 || view.search !== ''
  const shown = state.total ?? table.rows
  return (
    <main className="flex min-h-0 min-w-0 flex-1 flex-col px-6 pt-5 pb-4">
      <header className="flex min-h-8 items-center gap-2">
        <h2 className="truncate text-xl font-semibold max-[1099px]:hidden">{table.name}</h2>
        <div className="hidden max-[1099px]:block">
          <Select
            label="Table"
            value={String(table.id)}
            onChange={(id) => navigate(`/tables/${id}`)}
            options={tables.map((one) => ({ value: String(one.id), label: one.name }))}
          />
        </div>
        <Uses table={table} />
        <div className="ml-auto flex items-center gap-1">
          <IconButton icon={Undo2} label="Undo" shortcut="Mod+Z" disabled={!edits.canUndo} onClick={edits.undo} />
          <IconButton icon={Redo2} label="Redo" shortcut="Mod+Shift+Z" disabled={!edits.canRedo} onClick={edits.redo} />
          <Menu
            trigger={<IconButton icon={MoreHorizontal} label="More" />}
            items={[
              { label: 'New table…', icon: Plus, onSelect: onNew },
              { label: 'Rename…', icon: Pencil, onSelect: () => setDialog({ what: 'rename' }) },
              { label: 'Export as CSV', icon: Download, onSelect: () => void exportCsv(table) },
              'separator',
              {
                label: 'Delete the table',
                icon: Trash2,
                tone: 'danger',
                onSelect: () => {
                  navigate('/tables')
                  void removeTable(table)
                },
              },
            ]}
          />
          <Button icon={Upload} className="ml-1" onClick={onImport}>
            Import CSV
          </Button>
          <Button
            variant="primary"
            icon={Plus}
            className="ml-1"
            onClick={() => void edits.apply([{ do: 'insert', cells: {} }])}
          >
            New row
          </Button>
        </div>
      </header>
      <div className="mt-3 mb-3 flex flex-wrap items-center gap-2">
        <div className="relative w-44">
          <Search size={14} aria-hidden className="pointer-events-none absolute top-[9px] left-2.5 text-ink-faint" />
          <Input
            ref={search}
            type="search"
            aria-label="Search rows"
            placeholder="Search rows"
            maxLength={500}
            className="pl-8"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </div>
        <ViewChips
          table={table}
          view={view}
          onView={show}
          onFilter={() => setDialog({ what: 'filter', column: null })}
        />
      </div>
      <section
        aria-label={`Rows of ${table.name}`}
        className="relative flex min-h-0 flex-1 flex-col overflow-hidden rounded-lg border border-line bg-surface"
      >
        <Grid
          table={table}
          view={view}
          edits={edits}
          heads={{
            sort: (column, order) => show({ ...view, sort: [{ column: column.id, order }] }),
            filter: (column) => setDialog({ what: 'filter', column }),
            edit: (column) => setDialog({ what: 'column', column, after: null }),
            add: (after) => setDialog({ what: 'column', column: null, after }),
            move(column, by) {
              const now = columnsOf(table)
              const from = now.findIndex((one) => one.id === column.id)
              const [moving] = now.splice(from, 1)
              if (moving !== undefined) void setColumns(table, now.toSpliced(from + by, 0, moving))
            },
            remove: (column) =>
              void setColumns(
                table,
                columnsOf(table).filter((one) => one.id !== column.id),
                `Column “${column.name}” deleted`,
              ),
            resize: (column, width) =>
              void setColumns(
                table,
                columnsOf(table).map((one) => (one.id === column.id ? { ...one, width } : one)),
              ),
          }}
          onAddColumn={() => setDialog({ what: 'column', column: null, after: null })}
          onAddChoice={(column, choice) =>
            void setColumns(
              table,
              columnsOf(table).map((one) =>
                one.id === column.id ? { ...one, choices: [...(one.choices ?? []), choice] } : one,
              ),
            )
          }
          onSearch={() => search.current?.focus()}
          onState={setState}
        />
        {state.problem !== null ? (
          <Problem message={state.problem} onClear={clear} />
        ) : (
          shown === 0 && <NoRows isNarrowed={isNarrowed} onClear={clear} />
        )}
        <Foot table={table} view={view} state={state} edits={edits} />
      </section>
      {dialog?.what === 'rename' && (
        <NameDialog
          table={table}
          onClose={() => setDialog(null)}
          onName={async (name) => (await renameTable(table.id, name)) !== null}
        />
      )}
      {dialog?.what === 'column' && (
        <ColumnDialog table={table} column={dialog.column} after={dialog.after} onClose={() => setDialog(null)} />
      )}
      {dialog?.what === 'filter' && (
        <FilterDialog
          table={table}
          column={dialog.column}
          onClose={() => setDialog(null)}
          onFilter={(filter) => show({ ...view, filters: [...view.filters, filter] })}
        />
      )}
    </main>
  )
}

/** A view without what it says of columns that were deleted meanwhile. */
function withoutLost(view: TableView, { columns }: TableSummary): TableView {
  const isThere = ({ column }: { readonly column: number }): boolean => columns.some(({ id }) => id === column)
  if (view.filters.every(isThere) && view.sort.every(isThere)) return view
  return { ...view, filters: view.filters.filter(isThere), sort: view.sort.filter(isThere) }
}

/** Zaps at most that are named beside the table's name. */
const NAMED = 3

function Uses({ table: { uses } }: { table: TableSummary }) {
  if (uses.length === 0) return <p className="truncate pt-1 text-base text-ink-faint">No zap uses it</p>
  const verb = uses.some((use) => use.writes) ? 'Written by' : uses.some((use) => use.starts) ? 'Starts' : 'Read by'
  return (
    <p className="truncate pt-1 text-base text-ink-faint">
      {verb}{' '}
      {uses.slice(0, NAMED).map(({ zapId, name }, index) => (
        <span key={zapId}>
          {index > 0 && ', '}
          <Link href={`/zaps/${zapId}`} className="text-ink-soft underline decoration-line-strong hover:text-ink">
            {name}
          </Link>
        </span>
      ))}
      {uses.length > NAMED && ` and ${uses.length - NAMED} more`}
    </p>
  )
}

function NoRows({ isNarrowed, onClear }: { isNarrowed: boolean; onClear: () => void }) {
  return (
    <div className="pointer-events-none absolute inset-x-0 top-28 flex flex-col items-center gap-2 text-center text-ink-soft">
      <p>{isNarrowed ? 'No row fits.' : 'Type, paste from a spreadsheet, or let a zap write here.'}</p>
      {isNarrowed && (
        <Button size="sm" className="pointer-events-auto" onClick={onClear}>
          Clear filters
        </Button>
      )}
    </div>
  )
}

/** Why rows cannot be shown as they are asked for. */
function Problem({ message, onClear }: { message: string; onClear: () => void }) {
  return (
    <div
      role="alert"
      className="absolute inset-x-0 top-28 flex flex-col items-center gap-2 px-6 text-center text-error"
    >
      <p className="max-w-lg">{message}</p>
      <Button size="sm" onClick={onClear}>
        Clear filters
      </Button>
    </div>
  )
}

/** How much is shown, and which keys do what now. */
function Foot({
  table,
  view,
  state,
  edits,
}: {
  table: TableSummary
  view: TableView
  state: GridState
  edits: ReturnType<typeof useEdits>
}) {
  const { selection, isEditing, total } = state
  const column = table.columns[selection.focus.column]
  const sum = useSum(table.id, view, column?.type === 'number' ? column.id : null)
  const block = blockOf(selection)
  const rows = Math.min(block.bottom, (total ?? 0) - 1) - block.top + 1
  const cells = rows * (block.right - block.left + 1)
  const keys = isEditing
    ? ([
        ['Enter', 'keep'],
        ['Tab', 'next cell'],
        ['Escape', 'put back'],
      ] as const)
    : ([
        ['Enter', 'edit'],
        ['Mod+Enter', 'new row'],
        ['Mod+Delete', rows > 1 ? `delete ${rows} rows` : 'delete the row'],
      ] as const)
  return (
    <footer className="flex h-9 shrink-0 items-center gap-4 border-t border-line px-3 text-sm text-ink-soft">
      <span role="status" className="tabular-nums">
        {total === null ? (
          `Looking through ${table.rows.toLocaleString()} rows…`
        ) : (
          <>
            <b className="font-semibold text-ink">{total.toLocaleString()}</b>{' '}
            {view.filters.length > 0 || view.search !== ''
              ? `of ${table.rows.toLocaleString()} rows`
              : total === 1
                ? 'row'
                : 'rows'}
          </>
        )}
      </span>
      {cells > 1 && <span className="tabular-nums">{cells.toLocaleString()} cells selected</span>}
      {sum !== null && column !== undefined && (
        <span className="truncate tabular-nums">
          {column.name}, sum{' '}
          <b className="font-semibold text-ink">
            {typeof sum === 'number' ? sum.toLocaleString(undefined, { maximumFractionDigits: 10 }) : sum}
          </b>
        </span>
      )}
      <span className="ml-auto flex items-center gap-3 text-ink-faint max-[1099px]:hidden">
        {keys.map(([key, words]) => (
          <span key={words} className="flex items-center gap-1">
            <Kbd keys={key} /> {words}
          </span>
        ))}
        <span className="sr-only" aria-live="polite">
          {edits.canUndo ? 'Changes can be undone with Control Z.' : ''}
        </span>
      </span>
    </footer>
  )
}
