import { History } from 'lucide-react'
import { Link } from 'wouter'
import { useDraft } from '../../draft/session/draft-store.ts'
import { shownStatus } from '../../steps/shown-step-run.ts'
import { StatusBadge } from '../../ui/look/status-badge.tsx'
import { EmptyState } from '../../ui/page/empty-state.tsx'
import { Spinner } from '../../ui/page/spinner.tsx'
import { RelativeTime } from '../../ui/words/relative-time.tsx'
import { useNewestRuns } from './newest-runs.ts'

/** Runs that are looked into; each is a call of its own. */
const SHOWN = 8

/** What a step did in the newest runs. */
export function StepRuns({ stepId }: { stepId: string }) {
  const zapId = useDraft((state) => state.host.id)
  const { details: runs, failure } = useNewestRuns(zapId, SHOWN)

  if (failure !== null) return <p className="p-4 text-error">{failure.message}</p>
  if (runs === null)
    return (
      <div className="p-4">
        <Spinner label="Loading runs…" />
      </div>
    )
  const lines = runs.flatMap((detail) => {
    const step = detail.steps.find((one) => one.step === stepId)
    return step ? [{ run: detail.run, step }] : []
  })
  if (lines.length === 0) {
    return (
      <EmptyState icon={History} title="No runs yet">
        What this step did in the newest runs appears here.
      </EmptyState>
    )
  }
  return (
    <ul className="flex flex-col py-1">
      {lines.map(({ run, step }) => (
        <li key={run.id}>
          <Link href={`/runs/${run.id}`} className="flex flex-col gap-0.5 px-4 py-2 hover:bg-hover">
            <span className="flex items-center justify-between gap-2">
              <StatusBadge status={shownStatus(step)} plain />
              <span className="text-sm text-ink-faint">
                <RelativeTime iso={run.startedAt} />
              </span>
            </span>
            {step.attempts.at(-1)?.error && (
              <span className="line-clamp-2 text-sm break-words text-ink-soft">
                {step.attempts.at(-1)?.error?.message}
              </span>
            )}
          </Link>
        </li>
      ))}
    </ul>
  )
}
