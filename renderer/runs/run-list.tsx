import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { RunSummary } from '../../core/contract/values.ts'
import { Spinner } from '../ui/spinner.tsx'
import { type Column, Table } from '../ui/table.tsx'
import { RUN_ROW_HEIGHT, RunRow } from './run-row.tsx'

/** Rows before the end at which the next page is asked for. */
const AHEAD = 30

const COLUMNS: readonly Column[] = [
  { title: 'Status', width: '140px' },
  { title: 'Zap' },
  { title: 'Why', width: '40%' },
  { title: 'Started', width: '112px' },
  { title: 'Took', width: '116px', align: 'end' },
]

/** The runs, drawn only where they are in sight; older pages come while scrolling. */
export function RunList({
  runs,
  hasOlder,
  onOlder,
}: {
  runs: readonly RunSummary[]
  hasOlder: boolean
  onOlder: () => void
}) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: runs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => RUN_ROW_HEIGHT,
    overscan: 12,
    getItemKey: (at) => runs[at]?.id ?? at,
  })
  const rows = virtual.getVirtualItems()
  const last = rows.at(-1)
  const lastAt = last?.index ?? 0
  useEffect(() => {
    if (hasOlder && lastAt >= runs.length - AHEAD) onOlder()
  }, [hasOlder, lastAt, runs.length, onOlder])

  return (
    <Table
      label="Runs"
      columns={COLUMNS}
      scroller={scroller}
      rowCount={hasOlder ? -1 : runs.length + 1}
      after={
        hasOlder && (
          <div className="flex h-10 items-center justify-center">
            <Spinner label="Older runs…" />
          </div>
        )
      }
    >
      <Gap height={rows[0]?.start ?? 0} />
      {rows.map((row) => {
        const run = runs[row.index]
        return run && <RunRow key={row.key} run={run} rowIndex={row.index + 2} />
      })}
      <Gap height={virtual.getTotalSize() - (last?.end ?? 0)} />
    </Table>
  )
}

/** Stands for the rows that are out of sight. */
function Gap({ height }: { height: number }) {
  if (height <= 0) return null
  return (
    <tr aria-hidden>
      <td colSpan={COLUMNS.length} style={{ height }} />
    </tr>
  )
}
