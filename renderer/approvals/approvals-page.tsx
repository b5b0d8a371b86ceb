import { UserRoundCheck } from 'lucide-react'
import { Link, useLocation } from 'wouter'
import type { Approval } from '../../core/contract/values.ts'
import { Button } from '../ui/controls/button.tsx'
import { classNames } from '../ui/look/class-names.ts'
import { EmptyState } from '../ui/page/empty-state.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { Page } from '../ui/page/page.tsx'
import { Spinner } from '../ui/page/spinner.tsx'
import { RelativeTime } from '../ui/words/relative-time.tsx'
import { ToldText } from '../ui/words/told-text.tsx'
import { approvalKey } from './answered-approvals.ts'
import { ApprovalBox } from './approval-box.tsx'
import { useApprovals } from './approvals.ts'

/** Everything that runs ask a person, the oldest question first. */
export function ApprovalsPage() {
  const { data: approvals, failure, reload } = useApprovals()
  const [, navigate] = useLocation()
  const open = approvals?.filter((one) => one.decision === null).length ?? 0
  return (
    <Page
      title="Approvals"
      isNarrow
      {...(open > 0 && { subtitle: open === 1 ? 'One run waits for you' : `${open} runs wait for you` })}
    >
      {failure !== null && approvals === null && (
        <ErrorNote
          title="The questions could not be read."
          remedy={failure.message}
          details={failure.details}
          action={
            <Button size="sm" variant="ghost" onClick={reload}>
              Try again
            </Button>
          }
        />
      )}
      {approvals === null && failure === null && <Spinner label="Reading the questions…" />}
      {approvals !== null && approvals.length === 0 && (
        <EmptyState
          icon={UserRoundCheck}
          title="No run waits for a decision"
          action={
            <Button variant="primary" onClick={() => navigate('/zaps')}>
              Go to your zaps
            </Button>
          }
        >
          Put an approval step into a zap: when a run reaches it, the run waits, its question appears here, and your
          answer sends it on.
        </EmptyState>
      )}
      {approvals !== null && approvals.length > 0 && (
        <ul className="flex flex-col gap-4">
          {approvals.map((approval) => (
            <ApprovalCard key={approvalKey(approval)} approval={approval} />
          ))}
        </ul>
      )}
    </Page>
  )
}

function ApprovalCard({ approval }: { approval: Approval }) {
  return (
    <li
      data-approval={approval.decision ?? 'open'}
      aria-label={`${approval.zapName}: ${approval.message}`}
      className={classNames(
        'rounded-lg border border-line shadow-card transition-colors',
        approval.decision === null ? 'bg-surface' : 'bg-sunken',
      )}
    >
      <header className="flex items-center gap-2 border-b border-line px-4 py-2 text-sm">
        <Link
          href={`/zaps/${approval.zapId}`}
          className="min-w-0 truncate rounded-sm font-medium text-ink-soft hover:underline"
        >
          <ToldText>{approval.zapName}</ToldText>
        </Link>
        <span className="shrink-0 text-ink-faint">
          asked <RelativeTime iso={approval.requestedAt} />
        </span>
        <Link
          href={`/runs/${approval.runId}`}
          className="ml-auto shrink-0 rounded-sm font-medium text-accent hover:underline"
        >
          Open run
        </Link>
      </header>
      <div className="px-4 py-3">
        <ApprovalBox approval={approval} />
      </div>
    </li>
  )
}
