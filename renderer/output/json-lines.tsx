import { ChevronRight } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Json } from '../../core/domain/values/json.ts'
import { JsonKey, JsonLeaf, JsonLine } from '../ui/json/json-line.tsx'
import { branchSize, initiallyOpen } from '../ui/json/json-tree.ts'
import { classNames } from '../ui/look/class-names.ts'
import { Found } from './found.tsx'
import { foundRows, type JsonRow, jsonRows } from './json-rows.ts'
import { VirtualList } from './virtual-list.tsx'

/** A value as a tree; while searching, only what was found and what leads to it. */
export function JsonLines({ value, path, search, label }: ViewProps) {
  const first = useMemo(() => initiallyOpen(value, path), [value, path])
  // What was clicked differs from what is open by itself.
  const [flipped, setFlipped] = useState<ReadonlySet<string>>(new Set())
  const opened = useMemo(() => first.symmetricDifference(flipped), [first, flipped])
  const hits = useMemo(() => (search === '' ? null : foundRows(value, path, search)), [value, path, search])
  const rows = useMemo(() => hits?.rows ?? jsonRows(value, path, opened), [hits, value, path, opened])
  return (
    <>
      {hits && <Found count={hits.found} />}
      <div className="font-mono text-sm leading-[20px]">
        <VirtualList label={label} count={rows.length} keyOf={(at) => rows[at]?.path ?? String(at)}>
          {(at) => {
            const row = rows[at]
            if (!row) return null
            return row.open === null ? (
              <JsonLeaf {...row} />
            ) : (
              <Branch
                row={row}
                onToggle={
                  hits === null ? () => setFlipped((now) => now.symmetricDifference(new Set([row.path]))) : null
                }
              />
            )
          }}
        </VirtualList>
      </div>
    </>
  )
}

export type ViewProps = {
  readonly value: Json
  /** How templates reach the value. */
  readonly path: string
  readonly search: string
  /** What the view holds, for screen readers. */
  readonly label: string
}

function Branch({ row, onToggle }: { row: JsonRow; onToggle: (() => void) | null }) {
  return (
    <JsonLine depth={row.depth} path={row.path} value={row.value}>
      <button
        type="button"
        aria-expanded={row.open === true}
        disabled={onToggle === null}
        onClick={() => onToggle?.()}
        className="-ml-4 inline-flex max-w-full min-w-0 items-center gap-0.5 rounded-sm text-left"
      >
        <ChevronRight
          size={14}
          aria-hidden
          className={classNames(
            'shrink-0 text-ink-faint transition-transform duration-100',
            row.open === true && 'rotate-90',
          )}
        />
        <JsonKey name={row.name} />
        <span className="truncate font-sans text-ink-faint">{branchSize(row.value)}</span>
      </button>
    </JsonLine>
  )
}
