import { Ban, ChevronRight, CornerUpLeft, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import type { RunSummary } from '../../core/contract/values.ts'
import { isTerminal, runTransitions } from '../../core/domain/states.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { toast } from '../ui/toast.tsx'
import { useDocumentTitle } from '../ui/use-document-title.ts'
import { RunDuration } from './run-duration.tsx'

/** What the run is, how it stands and why, and what can be done with it. */
export function RunHeader({ run, onChanged }: { run: RunSummary; onChanged: () => void }) {
  useDocumentTitle(`Run of ${run.zapName}`)
  return (
    <header className="flex shrink-0 items-start gap-4 border-b border-line bg-surface px-5 py-3">
      <div className="min-w-0 flex-1">
        <div className="flex min-w-0 items-center gap-1.5">
          <Link href="/runs" className="rounded-sm text-ink-faint hover:text-ink hover:underline">
            Runs
          </Link>
          <ChevronRight size={13} aria-hidden className="shrink-0 text-ink-faint" />
          <h1 className="min-w-0 truncate text-lg font-semibold">
            <Link href={`/zaps/${run.zapId}`} className="rounded-sm hover:underline">
              {run.zapName}
            </Link>
          </h1>
          <span className="shrink-0 text-sm text-ink-faint">v{run.version}</span>
          <span className="ml-1.5">
            <StatusBadge status={run.status} />
          </span>
        </div>
        <div className="mt-1 flex flex-wrap items-center gap-x-3 text-sm text-ink-faint">
          <span>
            Started <RelativeTime iso={run.startedAt} />
          </span>
          {run.status !== 'needs-review' && (
            <span>
              {run.finishedAt === null ? 'So far' : 'Took'} <RunDuration run={run} />
            </span>
          )}
          {run.resumesAt !== null && (
            <span>
              Goes on <RelativeTime iso={run.resumesAt} due />
            </span>
          )}
          {run.replayOf !== null && (
            <Link
              href={`/runs/${run.replayOf}`}
              className="inline-flex items-center gap-1 rounded-sm hover:text-ink hover:underline"
            >
              <CornerUpLeft size={12} aria-hidden />
              Replay of an earlier run
            </Link>
          )}
          <span className="inline-flex items-center font-mono text-xs">
            {run.id}
            <CopyButton text={run.id} label="Copy run id" />
          </span>
        </div>
        {run.reason !== null && <p className="mt-0.5 max-w-[900px] break-words text-ink-soft">{run.reason}</p>}
      </div>
      <RunActions run={run} onChanged={onChanged} />
    </header>
  )
}

function RunActions({ run, onChanged }: { run: RunSummary; onChanged: () => void }) {
  const [, navigate] = useLocation()
  const [busy, setBusy] = useState<'replay' | 'from-failed' | 'cancel' | null>(null)
  const hasEnded = isTerminal(runTransitions, run.status)
  const canReplay = hasEnded || run.status === 'needs-review'

  const replay = async (fromFailed: boolean) => {
    setBusy(fromFailed ? 'from-failed' : 'replay')
    try {
      const { runId } = await api.runs.replay({ id: run.id, fromFailed })
      navigate(`/runs/${runId}`)
    } catch (thrown) {
      toast({ title: 'The run could not be replayed', detail: describeFailure(thrown).message, tone: 'error' })
    } finally {
      setBusy(null)
    }
  }
  const cancel = async () => {
    setBusy('cancel')
    try {
      await api.runs.cancel({ id: run.id })
    } catch (thrown) {
      toast({ title: 'The run could not be cancelled', detail: describeFailure(thrown).message, tone: 'error' })
    } finally {
      setBusy(null)
      onChanged()
    }
  }

  return (
    <div className="flex shrink-0 items-center gap-2 pt-0.5">
      {!hasEnded && (
        <Button icon={Ban} loading={busy === 'cancel'} onClick={() => void cancel()}>
          Cancel run
        </Button>
      )}
      {canReplay && run.status !== 'succeeded' && (
        <Button icon={RotateCcw} loading={busy === 'from-failed'} onClick={() => void replay(true)}>
          {run.status === 'needs-review' ? 'Run the step again' : 'Replay from failed step'}
        </Button>
      )}
      {canReplay && (
        <Button icon={RotateCcw} loading={busy === 'replay'} onClick={() => void replay(false)}>
          Replay
        </Button>
      )}
    </div>
  )
}
