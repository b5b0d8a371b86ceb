import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { InboxRequest } from '../../core/contract/values.ts'
import { RowLink } from '../ui/lists/row-link.tsx'
import { type Column, TABLE_ROW, Table } from '../ui/lists/table.tsx'
import { classNames } from '../ui/look/class-names.ts'
import { Spinner } from '../ui/page/spinner.tsx'
import { RelativeTime } from '../ui/words/relative-time.tsx'
import { ToldText } from '../ui/words/told-text.tsx'
import { VerdictBadge } from './verdict-badge.tsx'

/** Rows before the end at which the next page is asked for. */
const AHEAD = 30
/** Pixels. */
const ROW_HEIGHT = 40

const COLUMNS: readonly Column[] = [
  { title: 'Verdict', width: '138px' },
  { title: 'Request' },
  { title: 'Sender', width: '132px' },
  { title: 'Zap', width: '20%' },
  { title: 'Answer', width: '72px' },
  { title: 'Received', width: '108px' },
]

const HIDDEN_BESIDE = new Set(['Sender', 'Zap', 'Answer'])

/** The requests, drawn only where they are in sight; older pages come while scrolling. */
export function InboxList({
  requests,
  hasOlder,
  onOlder,
  openId,
}: {
  requests: readonly InboxRequest[]
  hasOlder: boolean
  onOlder: () => void
  /** The request that is open beside the list. */
  openId: number | null
}) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: requests.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    getItemKey: (at) => requests[at]?.id ?? at,
  })
  const rows = virtual.getVirtualItems()
  const last = rows.at(-1)
  const lastAt = last?.index ?? 0
  useEffect(() => {
    if (hasOlder && lastAt >= requests.length - AHEAD) onOlder()
  }, [hasOlder, lastAt, requests.length, onOlder])
  // Beside an open request there is no room for everything.
  const columns = openId === null ? COLUMNS : COLUMNS.filter(({ title }) => !HIDDEN_BESIDE.has(title))

  return (
    <Table
      label="Requests"
      columns={columns}
      scroller={scroller}
      rowCount={hasOlder ? -1 : requests.length + 1}
      after={
        hasOlder && (
          <div className="flex h-10 items-center justify-center">
            <Spinner label="Older requests…" />
          </div>
        )
      }
    >
      <Gap height={rows[0]?.start ?? 0} columns={columns.length} />
      {rows.map((row) => {
        const request = requests[row.index]
        return (
          request && (
            <Row
              key={row.key}
              request={request}
              rowIndex={row.index + 2}
              isNarrow={openId !== null}
              isOpen={request.id === openId}
            />
          )
        )
      })}
      <Gap height={virtual.getTotalSize() - (last?.end ?? 0)} columns={columns.length} />
    </Table>
  )
}

function Row({
  request,
  rowIndex,
  isNarrow,
  isOpen,
}: {
  request: InboxRequest
  rowIndex: number
  isNarrow: boolean
  isOpen: boolean
}) {
  const { id, method, path, verdict, note, zapName, status, receivedAt, sender, repeats } = request
  return (
    <tr
      aria-rowindex={rowIndex}
      className={classNames(TABLE_ROW, isOpen && 'bg-accent-soft!')}
      style={{ height: ROW_HEIGHT }}
    >
      <td>
        <VerdictBadge verdict={verdict} />
      </td>
      <td>
        <span className="flex min-w-0 items-center gap-2" title={note ?? undefined}>
          <span className="w-13 shrink-0 font-mono text-xs text-ink-faint">{method}</span>
          <RowLink href={`/inbox/${id}`} label={`Open ${method} ${path}`}>
            {path}
          </RowLink>
          {repeats > 0 && (
            <span
              className="shrink-0 rounded-sm bg-sunken px-1 text-xs font-medium text-ink-soft tabular-nums"
              title={`${repeats.toLocaleString('en')} more like it came, and were only counted`}
            >
              +{repeats.toLocaleString('en')}
            </span>
          )}
        </span>
      </td>
      {!isNarrow && (
        <>
          <td className="truncate text-ink-soft">{sender !== null && <ToldText>{sender}</ToldText>}</td>
          <td className="truncate text-ink-soft">{zapName !== null && <ToldText>{zapName}</ToldText>}</td>
          <td className="text-ink-soft tabular-nums">{status}</td>
        </>
      )}
      <td className="text-ink-soft">
        <span className="relative z-[1]">
          <RelativeTime iso={receivedAt} />
        </span>
      </td>
    </tr>
  )
}

/** Stands for the rows that are out of sight. */
function Gap({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null
  return (
    <tr aria-hidden>
      <td colSpan={columns} style={{ height }} />
    </tr>
  )
}
