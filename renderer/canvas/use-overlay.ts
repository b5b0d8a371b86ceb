import { useMemo } from 'react'
import { useDraft } from '../editor/draft-store.ts'
import type { Overlay } from './flow-graph.ts'
import { mergedRounds } from './round-counts.ts'
import { shownStepRuns } from './shown-step-run.ts'

/** What is drawn over the open zap: problems, addresses and the run that is being watched. */
export function useOverlay(): Overlay {
  const host = useDraft((state) => state.host)
  const run = useDraft((state) => state.run)
  return useMemo(() => {
    const runs = mergedRounds(run ? shownStepRuns(run.run, run.steps) : [])
    const pinned = new Set(host.pinned)
    return { problems: host.problems, webhooks: host.webhooks, runs, live: host.status === 'enabled', pinned }
  }, [host, run])
}
