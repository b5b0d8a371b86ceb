import { useVirtualizer } from '@tanstack/react-virtual'
import { Braces, Copy } from 'lucide-react'
import { useMemo, useRef } from 'react'
import type { Json } from '../../core/domain/values/json.ts'
import { CopyButton } from '../ui/controls/copy-button.tsx'
import { childPath } from '../ui/json/json-tree.ts'
import { asLargeValue, largeValueWords } from '../ui/json/large-value.ts'
import { Found } from './found.tsx'
import { type JsonTable, rowsWith } from './json-table.ts'
import { ScrollArea } from './scroll-area.tsx'

const ROW = 32

/** A list of objects, one a row. Only the rows in sight are drawn. */
export function TableView({ table, search, label }: { table: JsonTable; search: string; label: string }) {
  const shown = useMemo(
    () => (search === '' ? table.rows.map((_, at) => at) : rowsWith(table, search)),
    [table, search],
  )
  const scroller = useRef<HTMLElement>(null)
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const above = items[0]?.start ?? 0
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  return (
    <>
      {search === '' ? (
        <p className="pb-1.5 text-sm text-ink-faint">
          {`${table.rows.length.toLocaleString()} rows of `}
          <code className="font-mono text-xs">{table.path === '' ? 'the value' : table.path}</code>
        </p>
      ) : (
        <Found count={shown.length} />
      )}
      <ScrollArea ref={scroller} label={label} className="rounded border border-line">
        <table
          aria-label={label}
          aria-rowcount={shown.length + 1}
          className="w-full border-separate border-spacing-0 text-sm"
        >
          <thead>
            <tr>
              <Head>#</Head>
              {table.columns.map((column) => (
                <Head key={column}>{column}</Head>
              ))}
              <Head>
                <span className="sr-only">Copy</span>
              </Head>
            </tr>
          </thead>
          <tbody>
            {above > 0 && <Gap height={above} />}
            {items.map((item) => {
              const at = shown[item.index] ?? 0
              return (
                <tr key={at} aria-rowindex={item.index + 2} className="group hover:bg-hover" style={{ height: ROW }}>
                  <td className="border-b border-line px-2 text-right text-xs text-ink-faint tabular-nums">{at}</td>
                  {table.columns.map((column) => (
                    <td
                      key={column}
                      className="max-w-64 truncate border-b border-line px-2 font-mono text-xs text-ink"
                      title={cellText(table.rows[at]?.[column])}
                    >
                      {cellText(table.rows[at]?.[column])}
                    </td>
                  ))}
                  <td className="sticky right-0 border-b border-line bg-surface px-1 whitespace-nowrap">
                    <CopyButton icon={Braces} text={childPath(table.path, at)} label={`Copy path of row ${at}`} />
                    <CopyButton
                      icon={Copy}
                      text={() => JSON.stringify(table.rows[at], null, 2)}
                      label={`Copy row ${at}`}
                    />
                  </td>
                </tr>
              )
            })}
            {below > 0 && <Gap height={below} />}
          </tbody>
        </table>
      </ScrollArea>
    </>
  )
}

function Head({ children }: { children: React.ReactNode }) {
  return (
    <th
      scope="col"
      className="sticky top-0 z-[1] border-b border-line bg-sunken px-2 py-1 text-left text-xs font-medium whitespace-nowrap text-ink-soft"
    >
      {children}
    </th>
  )
}

/** Room of the rows that are not drawn. */
function Gap({ height }: { height: number }) {
  return (
    <tr aria-hidden>
      <td style={{ height, padding: 0 }} />
    </tr>
  )
}

function cellText(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  if (typeof value !== 'object') return String(value)
  const large = asLargeValue(value)
  return large === null ? JSON.stringify(value).slice(0, 200) : largeValueWords(large)
}
