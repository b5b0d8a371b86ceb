import { Plus, Search, Table2 } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { TableSummary } from '../../core/contract/values.ts'
import { IconButton } from '../ui/controls/button.tsx'
import { Input } from '../ui/controls/input.tsx'
import { classNames } from '../ui/look/class-names.ts'

/** Every table, at the left of the one that is open. */
export function TableList({
  tables,
  open,
  onNew,
}: {
  tables: readonly TableSummary[]
  open: number | null
  onNew: () => void
}) {
  const [search, setSearch] = useState('')
  const wanted = search.trim().toLowerCase()
  const found = tables.filter(({ name }) => name.toLowerCase().includes(wanted))
  return (
    <aside
      aria-label="Tables"
      className="flex w-[208px] shrink-0 flex-col border-r border-line bg-surface max-[1099px]:hidden"
    >
      <div className="flex items-center justify-between px-4 pt-5 pb-3">
        <h1 className="text-xl font-semibold">Tables</h1>
        <IconButton icon={Plus} variant="secondary" label="New table" onClick={onNew} />
      </div>
      <div className="relative px-4 pb-3">
        <Search size={14} aria-hidden className="pointer-events-none absolute top-[9px] left-[26px] text-ink-faint" />
        <Input
          type="search"
          aria-label="Search tables"
          placeholder="Search tables"
          className="pl-8"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      <nav aria-label="All tables" className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
        {found.map(({ id, name, rows, uses }) => (
          <Link
            key={id}
            href={`/tables/${id}`}
            aria-current={id === open ? 'page' : undefined}
            className={classNames(
              'flex cursor-default items-center gap-2.5 rounded px-2 py-1.5 text-base',
              id === open ? 'bg-accent-soft text-accent' : 'text-ink hover:bg-hover',
            )}
          >
            <Table2 size={16} aria-hidden className={id === open ? 'shrink-0' : 'shrink-0 text-ink-faint'} />
            <span className="min-w-0 flex-1">
              <span className="block truncate font-medium">{name}</span>
              <span className={classNames('block text-sm', id === open ? '' : 'text-ink-faint')}>
                {uses.length === 0 ? 'No zap' : uses.length === 1 ? '1 zap' : `${uses.length} zaps`}
              </span>
            </span>
            <span className={classNames('text-sm tabular-nums', id === open ? '' : 'text-ink-faint')}>
              {rows.toLocaleString()}
            </span>
          </Link>
        ))}
        {found.length === 0 && <p className="px-2 py-1 text-sm text-ink-faint">No table is called so.</p>}
      </nav>
      <p className="border-t border-line px-4 py-3 text-sm text-ink-faint">
        Drop a CSV file anywhere here to make a table of it.
      </p>
    </aside>
  )
}
