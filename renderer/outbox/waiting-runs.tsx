import { CircleCheck } from 'lucide-react'
import type { RunSummary } from '../../core/contract/values.ts'
import { RelativeTime } from '../ui/relative-time.tsx'
import { RowLink } from '../ui/row-link.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { type Column, TABLE_ROW, Table } from '../ui/table.tsx'

const COLUMNS: readonly Column[] = [
  { title: 'Zap' },
  { title: 'Why', width: '46%' },
  { title: 'Goes on', width: '140px' },
  { title: 'Started', width: '120px' },
]

/** The runs that wait, what for, and until when. */
export function WaitingRuns({ runs, hasMore }: { runs: readonly RunSummary[]; hasMore: boolean }) {
  if (runs.length === 0) {
    return (
      <p className="flex items-center gap-1.5 text-ink-soft">
        <CircleCheck size={14} aria-hidden className="text-success" />
        None. No run waits for a retry, a time, or a person.
      </p>
    )
  }
  return (
    <Table
      label="Waiting runs"
      columns={COLUMNS}
      after={hasMore && <p className="px-4 py-2 text-sm text-ink-faint">Only the newest {runs.length} are shown.</p>}
    >
      {runs.map((run) => (
        <tr key={run.id} className={TABLE_ROW} style={{ height: 40 }}>
          <td className="truncate">
            <RowLink href={`/runs/${run.id}`} label={`Open run of ${run.zapName}`}>
              {run.zapName}
            </RowLink>
          </td>
          <td className="truncate text-ink-soft" title={run.reason ?? undefined}>
            {run.reason}
          </td>
          <td className="text-ink-soft">
            {run.resumesAt === null ? (
              <StatusBadge status={run.status} plain />
            ) : (
              <span className="relative z-[1]">
                <RelativeTime iso={run.resumesAt} due />
              </span>
            )}
          </td>
          <td className="text-ink-soft">
            <span className="relative z-[1]">
              <RelativeTime iso={run.startedAt} />
            </span>
          </td>
        </tr>
      ))}
    </Table>
  )
}
