import { X } from 'lucide-react'
import { Link } from 'wouter'
import type { RunSummary } from '../../core/contract/values.ts'
import { useDraft } from '../draft/session/draft-store.ts'
import { useLiveRuns } from '../draft/session/live-runs.ts'
import { IconButton } from '../ui/controls/button.tsx'
import { StatusBadge } from '../ui/look/status-badge.tsx'
import { ToldText } from '../ui/words/told-text.tsx'
import { PausedBanner } from './paused-banner.tsx'

/** Says that the canvas shows a run, leads to it, and takes its marks away again; of a paused test, what can be done with it. */
export function RunBanner() {
  const run = useDraft((state) => state.run?.run ?? null)
  const { paused, hide } = useLiveRuns()
  return (
    // There before the run is, as screen readers tell only what changes in a region that they know.
    <div
      role="status"
      // A paused test is worked with: it takes a place of its own, so that no step lies beneath it.
      className={
        paused ? 'shrink-0' : 'pointer-events-none absolute top-3 right-3 left-3 z-10 flex *:pointer-events-auto'
      }
    >
      {run && (paused ? <PausedBanner run={run} paused={paused} /> : <Banner run={run} onHide={hide} />)}
    </div>
  )
}

function Banner({ run, onHide }: { run: RunSummary; onHide(): void }) {
  return (
    <div className="flex min-w-0 animate-fade items-center gap-2 rounded-full bg-raised py-1 pr-1 pl-1.5 text-sm shadow-float">
      <StatusBadge status={run.shownAs} />
      {run.reason !== null && (
        <span className="min-w-0 truncate text-ink-soft" title={run.reason}>
          <ToldText>{run.reason}</ToldText>
        </span>
      )}
      <Link href={`/runs/${run.id}`} className="shrink-0 rounded-sm font-medium text-accent hover:underline">
        Open run
      </Link>
      <IconButton icon={X} size="sm" label="Hide the run" className="rounded-full!" onClick={onHide} />
    </div>
  )
}
