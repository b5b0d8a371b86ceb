import { useMemo } from 'react'
import { useDraft } from '../draft/session/draft-store.ts'
import { mergedRounds } from '../steps/round-counts.ts'
import { shownStepRuns } from '../steps/shown-step-run.ts'
import { useBreakpoints } from '../stores/breakpoints.ts'
import type { Overlay } from './flow-graph.ts'

/** What is drawn over the open zap: problems, addresses and the run that is being watched. */
export function useOverlay(): Overlay {
  const host = useDraft((state) => state.host)
  const run = useDraft((state) => state.run)
  const marked = useBreakpoints(host.id)
  return useMemo(() => {
    const runs = mergedRounds(run ? shownStepRuns(run.run, run.steps, run.zap.edges) : [])
    const pinned = new Set(host.pinned)
    const breakpoints = new Set(marked)
    const { problems, webhooks, status } = host
    return { problems, webhooks, runs, live: status === 'enabled', pinned, breakpoints }
  }, [host, run, marked])
}
