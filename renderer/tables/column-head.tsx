import {
  ArrowDown,
  ArrowLeft,
  ArrowRight,
  ArrowUp,
  Braces,
  Calendar,
  CircleChevronDown,
  Filter,
  Hash,
  KeyRound,
  type LucideIcon,
  Pencil,
  Plus,
  SquareCheck,
  Trash2,
  Type,
} from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { Menu } from '../ui/layers/menu.tsx'
import type { Column } from './cell-values.ts'
import { HEAD_HEIGHT, widthOf } from './grid-layout.ts'

const ICONS: Readonly<Record<Column['type'], LucideIcon>> = {
  text: Type,
  number: Hash,
  date: Calendar,
  boolean: SquareCheck,
  choice: CircleChevronDown,
  json: Braces,
}

/** What can be done with a column from its head. */
export type HeadActions = {
  sort(column: Column, order: 'asc' | 'desc'): void
  filter(column: Column): void
  edit(column: Column): void
  move(column: Column, by: -1 | 1): void
  add(after: Column): void
  remove(column: Column): void
  resize(column: Column, width: number): void
}

/** The head of a column: its kind, its name, and a menu behind both. The grid's keys lead here. */
export function ColumnHead({
  column,
  at,
  left,
  isLast,
  order,
  id,
  actions,
  onKey,
}: {
  column: Column
  at: number
  left: number
  isLast: boolean
  order: 'asc' | 'desc' | null
  id: string
  actions: HeadActions
  onKey: (event: KeyboardEvent) => void
}) {
  const Icon = column.isKey ? KeyRound : ICONS[column.type]
  const width = widthOf(column)
  const sortedAs = { asc: 'ascending', desc: 'descending' } as const
  return (
    <div
      role="columnheader"
      aria-colindex={at + 2}
      aria-sort={order === null ? undefined : sortedAs[order]}
      className="absolute top-0 border-r border-line"
      style={{ left, width, height: HEAD_HEIGHT }}
      onKeyDownCapture={onKey}
    >
      <Menu
        align="start"
        trigger={
          <button
            id={id}
            type="button"
            tabIndex={-1}
            className="flex h-full w-full items-center gap-1.5 px-2.5 text-base font-medium text-ink-soft outline-offset-[-2px] hover:bg-hover data-[state=open]:bg-hover"
          >
            <Icon size={14} aria-hidden className="shrink-0 text-ink-faint" />
            <span className="truncate">{column.name}</span>
            {order !== null &&
              (order === 'asc' ? (
                <ArrowUp size={13} aria-hidden className="ml-auto shrink-0 text-accent" />
              ) : (
                <ArrowDown size={13} aria-hidden className="ml-auto shrink-0 text-accent" />
              ))}
          </button>
        }
        items={[
          { label: 'Smallest first', icon: ArrowUp, onSelect: () => actions.sort(column, 'asc') },
          { label: 'Largest first', icon: ArrowDown, onSelect: () => actions.sort(column, 'desc') },
          { label: 'Filter…', icon: Filter, onSelect: () => actions.filter(column) },
          'separator',
          { label: 'Edit the column…', icon: Pencil, onSelect: () => actions.edit(column) },
          { label: 'Move left', icon: ArrowLeft, disabled: at === 0, onSelect: () => actions.move(column, -1) },
          { label: 'Move right', icon: ArrowRight, disabled: isLast, onSelect: () => actions.move(column, 1) },
          { label: 'Add a column after it…', icon: Plus, onSelect: () => actions.add(column) },
          'separator',
          { label: 'Delete the column', icon: Trash2, tone: 'danger', onSelect: () => actions.remove(column) },
        ]}
      />
      <Handle width={width} onWidth={(next) => actions.resize(column, next)} />
    </div>
  )
}

/** The edge of a column, which is pulled. */
function Handle({ width, onWidth }: { width: number; onWidth: (width: number) => void }) {
  return (
    <div
      aria-hidden
      className="absolute top-0 right-[-4px] z-10 h-full w-2 cursor-col-resize"
      onPointerDown={(down) => {
        down.preventDefault()
        const edge = down.currentTarget
        const head = edge.parentElement
        const begin = down.clientX
        const widthAt = (x: number): number => Math.round(Math.max(60, Math.min(900, width + x - begin)))
        const move = (event: PointerEvent): void => {
          if (head !== null) head.style.width = `${widthAt(event.clientX)}px`
        }
        const up = (event: PointerEvent): void => {
          window.removeEventListener('pointermove', move)
          if (widthAt(event.clientX) !== width) onWidth(widthAt(event.clientX))
        }
        window.addEventListener('pointermove', move)
        window.addEventListener('pointerup', up, { once: true })
      }}
    />
  )
}
