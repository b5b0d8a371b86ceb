import { useMemo } from 'react'
import { JsonLine } from '../ui/json/json-line.tsx'
import { Found } from './found.tsx'
import type { ViewProps } from './json-lines.tsx'
import { schemaRows } from './json-schema-rows.ts'
import { VirtualList } from './virtual-list.tsx'

/** What a value is made of: every place with its type and an example. */
export function SchemaLines({ value, path, search, label }: ViewProps) {
  const all = useMemo(() => schemaRows(value, path), [value, path])
  const word = search.toLowerCase()
  const rows = all.filter((row) => `${row.path} ${row.type}`.toLowerCase().includes(word))
  return (
    <>
      {search !== '' && <Found count={rows.length} />}
      <VirtualList label={label} count={rows.length} keyOf={(at) => rows[at]?.path ?? String(at)}>
        {(at) => {
          const row = rows[at]
          if (!row) return null
          return (
            <JsonLine depth={search === '' ? row.depth : 0} path={row.path} value={row.example ?? row.type}>
              <span className="flex min-w-0 flex-1 items-baseline gap-2 text-sm leading-[20px]">
                <span className="shrink-0 font-mono text-ink">{search === '' ? row.name : row.path}</span>
                <span className="shrink-0 text-ink-soft">
                  {row.type}
                  {row.optional && <span className="text-ink-faint">, sometimes absent</span>}
                </span>
                <span className="min-w-0 truncate font-mono text-xs text-ink-faint">{row.example}</span>
              </span>
            </JsonLine>
          )
        }}
      </VirtualList>
    </>
  )
}
