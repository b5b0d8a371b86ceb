import { ArrowDownNarrowWide, ArrowDownWideNarrow, Filter, Plus, X } from 'lucide-react'
import type { TableSummary, TableView } from '../../core/contract/values.ts'
import { conditionOps } from '../../core/domain/templates/condition.ts'
import { Button } from '../ui/controls/button.tsx'
import { Menu } from '../ui/layers/menu.tsx'
import { shownCell } from './cell-values.ts'

/** What rows are filtered and ordered by: each one a chip with a way to take it out. */
export function ViewChips({
  table,
  view,
  onView,
  onFilter,
}: {
  table: TableSummary
  view: TableView
  onView: (view: TableView) => void
  onFilter: () => void
}) {
  const columnOf = (id: number) => table.columns.find((column) => column.id === id)
  return (
    <>
      {view.filters.map((filter, at) => {
        const column = columnOf(filter.column)
        const op = conditionOps.find((one) => one.op === filter.op)
        if (column === undefined || op === undefined) return null
        const right =
          filter.right === undefined ? '' : ` ${shownCell(column, filter.right).text || String(filter.right)}`
        const words = `${column.name} ${op.label}${right}`
        return (
          <Chip
            key={`${filter.column} ${filter.op} ${JSON.stringify(filter.right)}`}
            icon={Filter}
            words={words}
            label={`Remove the filter ${words}`}
            onRemove={() => onView({ ...view, filters: view.filters.toSpliced(at, 1) })}
          />
        )
      })}
      <Button size="sm" variant="ghost" icon={Plus} onClick={onFilter} disabled={table.columns.length === 0}>
        Filter
      </Button>
      <span aria-hidden className="h-4 w-px bg-line" />
      {view.sort.map(({ column: id, order }) => {
        const column = columnOf(id)
        if (column === undefined) return null
        const words = `${column.name} ${order === 'asc' ? 'smallest first' : 'largest first'}`
        const others = view.sort.filter((one) => one.column !== id)
        return (
          <Chip
            key={id}
            icon={order === 'asc' ? ArrowDownNarrowWide : ArrowDownWideNarrow}
            words={words}
            label={`Remove the order ${words}`}
            onPress={() =>
              onView({
                ...view,
                sort: view.sort.map((one) =>
                  one.column === id ? { ...one, order: order === 'asc' ? 'desc' : 'asc' } : one,
                ),
              })
            }
            onRemove={() => onView({ ...view, sort: others })}
          />
        )
      })}
      <Menu
        align="start"
        trigger={
          <Button size="sm" variant="ghost" icon={Plus} disabled={table.columns.length === 0}>
            Sort
          </Button>
        }
        items={table.columns
          .filter((column) => !view.sort.some((one) => one.column === column.id))
          .slice(0, 30)
          .map((column) => ({
            label: column.name,
            onSelect: () => onView({ ...view, sort: [...view.sort, { column: column.id, order: 'asc' as const }] }),
          }))}
      />
    </>
  )
}

function Chip({
  icon: Icon,
  words,
  label,
  onPress,
  onRemove,
}: {
  icon: typeof Filter
  words: string
  label: string
  onPress?: () => void
  onRemove: () => void
}) {
  const text = (
    <>
      <Icon size={13} aria-hidden className="shrink-0 text-accent" />
      <span className="max-w-56 truncate">{words}</span>
    </>
  )
  return (
    <span className="inline-flex h-6 items-center gap-1 rounded border border-accent-line bg-accent-soft pl-2 text-sm text-ink">
      {onPress === undefined ? (
        text
      ) : (
        <button type="button" className="flex items-center gap-1" title="Turn the order around" onClick={onPress}>
          {text}
        </button>
      )}
      <button
        type="button"
        aria-label={label}
        className="flex size-6 items-center justify-center rounded text-ink-soft hover:text-ink"
        onClick={onRemove}
      >
        <X size={13} aria-hidden />
      </button>
    </span>
  )
}
