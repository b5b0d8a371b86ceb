import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef } from 'react'
import type { RunSummary } from '../../../core/contract/values.ts'
import { Checkbox } from '../../ui/controls/checkbox.tsx'
import { type Column, Table } from '../../ui/lists/table.tsx'
import { Spinner } from '../../ui/page/spinner.tsx'
import { useBulkKeys } from '../bulk/bulk-keys.ts'
import { RUN_ROW_HEIGHT, RunRow } from './run-row.tsx'
import { headState, isEmpty, isSelected, NO_RUNS, type RunSelection, toggled } from './run-selection.ts'

/** Rows before the end at which the next page is asked for. */
const AHEAD = 30

/** The boxes that select runs. */
const BOXES = { title: 'Select', width: '40px', isTitleHidden: true } as const

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
  selection,
  onSelection,
}: {
  runs: readonly RunSummary[]
  hasOlder: boolean
  onOlder: () => void
  selection: RunSelection
  onSelection: (selection: RunSelection) => void
}) {
  const ids = useMemo(() => runs.map((run) => run.id), [runs])
  const anchor = useRef<string | null>(null)
  const select = (id: string, on: boolean, extend: boolean) => {
    onSelection(toggled(selection, ids, id, on, extend ? anchor.current : null))
    anchor.current = id
  }
  const head = headState(selection, ids)
  const selectShown = () => onSelection({ kind: 'some', ids: new Set(ids) })
  useBulkKeys({
    isEmpty: isEmpty(selection),
    onToggle: (id, extend) => select(id, extend || !isSelected(selection, id), extend),
    onAll: selectShown,
    onNone: () => onSelection(NO_RUNS),
  })
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
      columns={[
        {
          ...BOXES,
          head: (
            // biome-ignore lint/a11y/noLabelWithoutControl: the box has a name of its own
            <label className="absolute inset-y-0 left-1 flex w-10 items-center justify-center">
              <Checkbox
                label="Select every run that is shown"
                checked={head}
                onChange={(on) => (on ? selectShown() : onSelection(NO_RUNS))}
              />
            </label>
          ),
        },
        ...COLUMNS,
      ]}
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
        return (
          run && (
            <RunRow
              key={row.key}
              run={run}
              rowIndex={row.index + 2}
              selected={isSelected(selection, run.id)}
              onSelected={(on, extend) => select(run.id, on, extend)}
            />
          )
        )
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
      <td colSpan={COLUMNS.length + 1} style={{ height }} />
    </tr>
  )
}
