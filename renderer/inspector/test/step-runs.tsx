import { History } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import type { RunDetail } from '../../../core/contract/values.ts'
import { api } from '../../api/client.ts'
import { onAppEvent, onResumed } from '../../api/events.ts'
import { describeFailure } from '../../api/failure.ts'
import { useDraft } from '../../draft/session/draft-store.ts'
import { shownStatus } from '../../steps/shown-step-run.ts'
import { throttle } from '../../stores/throttle.ts'
import { StatusBadge } from '../../ui/look/status-badge.tsx'
import { EmptyState } from '../../ui/page/empty-state.tsx'
import { Spinner } from '../../ui/page/spinner.tsx'
import { RelativeTime } from '../../ui/words/relative-time.tsx'

/** Runs that are looked into; each is a call of its own. */
const SHOWN = 8

/** What a step did in the newest runs. */
export function StepRuns({ stepId }: { stepId: string }) {
  const zapId = useDraft((state) => state.host.id)
  const [runs, setRuns] = useState<readonly RunDetail[] | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  useEffect(() => {
    let current = true
    const load = async (): Promise<void> => {
      try {
        const page = await api.runs.list({ zapId, limit: SHOWN })
        const details = await Promise.all(page.runs.map((run) => api.runs.get({ id: run.id })))
        if (!current) return
        setRuns(details)
        setFailure(null)
      } catch (thrown) {
        if (current) setFailure(describeFailure(thrown).message)
      }
    }
    const loadSoon = throttle(1_000, () => {
      if (current) void load()
    })
    loadSoon()
    const stopEvents = onAppEvent((event) => {
      if (event.type === 'runs' && (event.more || event.runs.some((run) => run.zapId === zapId))) loadSoon()
    })
    const stopResumed = onResumed(loadSoon)
    return () => {
      current = false
      stopEvents()
      stopResumed()
    }
  }, [zapId])

  if (failure !== null) return <p className="p-4 text-error">{failure}</p>
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
