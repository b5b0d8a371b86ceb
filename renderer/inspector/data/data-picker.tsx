import { Search } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { useConnectors } from '../../queries/connectors.ts'
import { Input } from '../../ui/controls/input.tsx'
import { DataPickerRow } from './data-picker-row.tsx'
import { type DataSource, dataRows, openedAtFirst } from './data-tree.ts'

const WIDTH = 320
const HEIGHT = 420
const GAP = 10

/** The data of earlier steps beside the field that has the focus: a tree to click, drag from and search. */
export function DataPicker(props: {
  readonly id: string
  readonly anchor: RefObject<HTMLElement | null>
  readonly sources: readonly DataSource[]
  onInsert(path: string): void
  onClose(): void
}) {
  const connectors = useConnectors()
  const [search, setSearch] = useState('')
  // What was clicked differs from what is open by itself, which is only known when the examples are there.
  const [flipped, setFlipped] = useState<ReadonlySet<string>>(new Set())
  const opened = useMemo(() => openedAtFirst(props.sources).symmetricDifference(flipped), [props.sources, flipped])
  const [reached, setReached] = useState(0)
  const [isSearching, setSearching] = useState(false)
  const place = usePlaceBeside(props.anchor)
  const list = useRef<HTMLDivElement>(null)
  const rows = useMemo(() => dataRows(props.sources, opened, search), [props.sources, opened, search])
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
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) setReached(Math.max(0, Math.min(rows.length - 1, reached + step)))
    else if (event.key === 'Enter' && row) props.onInsert(row.path)
    else if (event.key === 'ArrowRight' && search === '' && row && row.children > 0 && !row.open) toggle(row.path)
    else if (event.key === 'ArrowLeft' && search === '' && row?.open) toggle(row.path)
    else if (event.key === 'Escape') props.onClose()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  if (!place) return null
  return createPortal(
    <section
      data-data-picker
      aria-label="Data of earlier steps"
      className="fixed z-30 flex animate-fade flex-col rounded-lg bg-raised shadow-float"
      style={{ left: place.left, top: place.top, width: WIDTH, maxHeight: place.height }}
      onKeyDown={onKeyDown}
    >
      <div className="relative border-b border-line p-2">
        <Search size={14} aria-hidden className="absolute top-4.5 left-4.5 text-ink-faint" />
        <Input
          id={`${props.id}-search`}
          type="search"
          role="combobox"
          aria-expanded
          aria-controls={`${props.id}-rows`}
          aria-activedescendant={here === null ? undefined : `${props.id}-${here}`}
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
        id={`${props.id}-rows`}
        role="listbox"
        aria-label="Values"
        className="min-h-0 flex-1 overflow-y-auto p-1.5"
      >
        {rows.map((row) => (
          <DataPickerRow
            key={row.path}
            id={`${props.id}-${row.path}`}
            row={row}
            source={props.sources.find((source) => source.id === row.source)}
            manifest={connectors.get(props.sources.find((source) => source.id === row.source)?.uses ?? '')}
            active={row.path === here}
            onInsert={props.onInsert}
            onToggle={search === '' ? toggle : null}
          />
        ))}
      </div>
      {rows.length === 0 && (
        <p className="px-4 pb-4 text-center text-sm text-ink-faint">Nothing here is called that.</p>
      )}
    </section>,
    document.body,
  )
}

/** Left of the inspector at the height of the field; the canvas has room, and the form stays visible. */
function usePlaceBeside(
  anchor: RefObject<HTMLElement | null>,
): { readonly left: number; readonly top: number; readonly height: number } | null {
  const [place, setPlace] = useState<{ left: number; top: number; height: number } | null>(null)
  useLayoutEffect(() => {
    const measure = (): void => {
      const field = anchor.current?.getBoundingClientRect()
      if (!field) return
      const side = anchor.current?.closest('[data-inspector]')?.getBoundingClientRect().left ?? field.left
      const height = Math.min(HEIGHT, window.innerHeight - 2 * GAP)
      const top = Math.max(GAP, Math.min(field.top, window.innerHeight - height - 5 * GAP))
      setPlace({ left: Math.max(GAP, side - WIDTH - GAP), top, height })
    }
    measure()
    // Scrolling of the form moves the field; `true` hears of scrolling in any element.
    window.addEventListener('scroll', measure, true)
    window.addEventListener('resize', measure)
    return () => {
      window.removeEventListener('scroll', measure, true)
      window.removeEventListener('resize', measure)
    }
  }, [anchor])
  return place
}
