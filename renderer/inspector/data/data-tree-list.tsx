import { Search } from 'lucide-react'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useConnectors } from '../../queries/connectors.ts'
import { Input } from '../../ui/controls/input.tsx'
import { classNames } from '../../ui/look/class-names.ts'
import { DataPickerRow } from './data-picker-row.tsx'
import { type DataSource, dataRows, openedAtFirst } from './data-tree.ts'

const NONE: ReadonlySet<string> = new Set()

/** The data of earlier steps: a tree to click, drag from and search. Keys are heard by its search; arrows walk, Enter inserts. */
export function DataTreeList({
  id,
  sources,
  used = NONE,
  onInsert,
  onClose,
  className,
}: {
  id: string
  sources: readonly DataSource[]
  /** Paths that the step reads already. */
  used?: ReadonlySet<string>
  onInsert(path: string): void
  /** Hears Escape; without it, that is left to what is around. */
  onClose?(): void
  className?: string
}) {
  const connectors = useConnectors()
  const [search, setSearch] = useState('')
  // What was clicked differs from what is open by itself, which is only known when the examples are there.
  const [flipped, setFlipped] = useState<ReadonlySet<string>>(new Set())
  const opened = useMemo(() => openedAtFirst(sources).symmetricDifference(flipped), [sources, flipped])
  const [reached, setReached] = useState(0)
  const [isSearching, setSearching] = useState(false)
  const list = useRef<HTMLDivElement>(null)
  const rows = useMemo(() => dataRows(sources, opened, search), [sources, opened, search])
  const here = isSearching ? (rows[Math.min(reached, rows.length - 1)]?.path ?? null) : null

  // biome-ignore lint/correctness/useExhaustiveDependencies: another row was reached
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [here])

  const toggle = (path: string): void => {
    setFlipped((now) => {
      const next = new Set(now)
      if (!next.delete(path)) next.add(path)
      return next
    })
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows[Math.min(reached, rows.length - 1)]
    const step = event.altKey ? 0 : event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) setReached(Math.max(0, Math.min(rows.length - 1, reached + step)))
    else if (event.key === 'Enter' && row) onInsert(row.path)
    else if (event.key === 'ArrowRight' && search === '' && row && row.children > 0 && !row.open) toggle(row.path)
    else if (event.key === 'ArrowLeft' && search === '' && row?.open) toggle(row.path)
    else if (event.key === 'Escape' && onClose) onClose()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears the keys of its search
    <div className={classNames('flex min-h-0 flex-col', className)} onKeyDown={onKeyDown}>
      <div className="relative border-b border-line p-2">
        <Search size={14} aria-hidden className="absolute top-4.5 left-4.5 text-ink-faint" />
        <Input
          id={`${id}-search`}
          type="search"
          role="combobox"
          aria-expanded
          aria-controls={`${id}-rows`}
          aria-activedescendant={here === null ? undefined : `${id}-${here}`}
          aria-label="Search data of earlier steps"
          placeholder="Search data"
          className="pl-8"
          value={search}
          onFocus={() => setSearching(true)}
          onBlur={() => setSearching(false)}
          onChange={(event) => {
            setSearch(event.target.value)
            setReached(0)
          }}
        />
      </div>
      <div
        ref={list}
        id={`${id}-rows`}
        role="listbox"
        aria-label="Values"
        className="min-h-0 flex-1 overflow-y-auto p-1.5"
      >
        {rows.map((row) => {
          const source = sources.find((one) => one.id === row.source)
          return (
            <DataPickerRow
              key={row.path}
              id={`${id}-${row.path}`}
              row={row}
              source={source}
              manifest={connectors.get(source?.uses ?? '')}
              active={row.path === here}
              isUsed={used.has(row.path)}
              onInsert={onInsert}
              onToggle={search === '' ? toggle : null}
            />
          )
        })}
      </div>
      {rows.length === 0 && (
        <p className="px-4 pb-4 text-center text-sm text-ink-faint">Nothing here is called that.</p>
      )}
    </div>
  )
}
