import { Ban, FastForward } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { RunSummary } from '../../core/contract/values.ts'
import { WaitNote } from '../runs/one/wait-note.tsx'
import { canResumeNow } from '../runs/one/wait-words.ts'
import { cancelRun, resumeRun } from '../runs/run-actions.ts'
import { Button, IconButton } from '../ui/controls/button.tsx'
import { RowLink } from '../ui/lists/row-link.tsx'
import { type Column, TABLE_ROW, Table } from '../ui/lists/table.tsx'
import { StatusBadge } from '../ui/look/status-badge.tsx'
import { RelativeTime } from '../ui/words/relative-time.tsx'
import { ToldText } from '../ui/words/told-text.tsx'
import { AllClear } from './all-clear.tsx'

const COLUMNS: readonly Column[] = [
  { title: 'Zap', width: '20%' },
  { title: 'Waits', width: '252px' },
  { title: 'Why' },
  { title: 'Started', width: '104px' },
  { title: 'Actions', width: '176px', isTitleHidden: true },
]

/** The runs that wait, what for and until when, and what ends the wait. */
export function WaitingRuns({
  runs,
  hasMore,
  onChanged,
}: {
  runs: readonly RunSummary[]
  hasMore: boolean
  onChanged: () => void
}) {
  if (runs.length === 0) return <AllClear>None. No run waits for a retry, a time, or a person.</AllClear>
  return (
    <Table
      label="Waiting runs"
      columns={COLUMNS}
      after={
        hasMore && (
          <p className="border-t border-line px-4 py-2 text-sm text-ink-faint">
            Only the newest {runs.length} are shown.
          </p>
        )
      }
    >
      {runs.map((run) => (
        <WaitingRow key={run.id} run={run} onChanged={onChanged} />
      ))}
    </Table>
  )
}

function WaitingRow({ run, onChanged }: { run: RunSummary; onChanged: () => void }) {
  const [busy, setBusy] = useState<'resume' | 'cancel' | null>(null)
  const act = async (what: 'resume' | 'cancel') => {
    setBusy(what)
    await (what === 'resume' ? resumeRun(run.id) : cancelRun(run.id))
    setBusy(null)
    onChanged()
  }
  return (
    <tr className={TABLE_ROW} style={{ height: 48 }}>
      <td className="truncate">
        <RowLink href={`/runs/${run.id}`} label={`Open run of ${run.zapName}`}>
          {run.zapName}
        </RowLink>
      </td>
      <td className="text-ink-soft">
        <span className="relative z-[1]">
          {run.status === 'waiting' ? (
            <WaitNote waitsFor={run.waitsFor} until={run.resumesAt} />
          ) : (
            <StatusBadge status={run.status} plain />
          )}
        </span>
      </td>
      <td className="py-1 text-sm text-ink-soft" title={run.reason ?? undefined}>
        <span className="line-clamp-2 break-words">{run.reason !== null && <ToldText>{run.reason}</ToldText>}</span>
      </td>
      <td className="text-ink-soft">
        <span className="relative z-[1]">
          <RelativeTime iso={run.startedAt} />
        </span>
      </td>
      <td className="pr-2! text-right">
        <span className="relative z-[1] inline-flex items-center gap-1">
          {canResumeNow(run) && (
            <Button
              size="sm"
              icon={FastForward}
              aria-label={`Resume the run of ${run.zapName} now`}
              loading={busy === 'resume'}
              disabled={busy !== null}
              onClick={() => void act('resume')}
            >
              Resume now
            </Button>
          )}
          {run.status === 'waiting' && run.waitsFor === 'person' && <TextLink to="/approvals">Decide</TextLink>}
          {run.status === 'needs-review' && <TextLink to={`/runs/${run.id}`}>Review</TextLink>}
          {run.status === 'waiting' && (
            <IconButton
              icon={Ban}
              size="sm"
              label={`Cancel the run of ${run.zapName}`}
              loading={busy === 'cancel'}
              disabled={busy !== null}
              onClick={() => void act('cancel')}
            />
          )}
        </span>
      </td>
    </tr>
  )
}

function TextLink({ to, children }: { to: string; children: string }) {
  return (
    <Link href={to} className="rounded-sm px-2 text-sm font-medium text-accent hover:underline">
      {children}
    </Link>
  )
}
