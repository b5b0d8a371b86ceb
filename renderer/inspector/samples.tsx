import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react'
import type { Sample } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { useDraft } from '../editor/draft-store.ts'
import { useConnectors } from '../stores/connectors.ts'
import type { DataSource } from './data-tree.ts'
import { readableSteps } from './readable-steps.ts'
import { roundSources } from './round-sources.ts'

type Samples = ReadonlyMap<string, Sample>

const NONE: Samples = new Map()
const SamplesContext = createContext<Samples>(NONE)
const ReloadContext = createContext<() => void>(() => undefined)

/** Whether the field around a control may read the body of its own loop. */
export const BodyFieldContext = createContext(false)

/** Milliseconds to wait after a save before examples are read again. */
const SETTLE_MS = 250

/** Keeps an example output of every step at hand, read anew when the draft was saved or a run ended. */
export function SamplesProvider({ children }: { children: ReactNode }) {
  const id = useDraft((state) => state.host.id)
  const revision = useDraft((state) => state.host.draftRevision)
  const lastRun = useDraft(
    (state) => `${state.host.lastRun?.id} ${state.host.lastRun?.status} ${state.run?.run.status}`,
  )
  const [samples, setSamples] = useState(NONE)
  const [reads, setReads] = useState(0)
  const reload = useCallback(() => setReads((count) => count + 1), [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: revision, lastRun and reads say when the examples may have changed
  useEffect(() => {
    let current = true
    const timer = setTimeout(() => {
      api.zaps.samples({ id }).then(
        (found) => {
          if (current) setSamples(new Map(Object.entries(found)))
        },
        () => undefined, // The picker then offers the steps without values.
      )
    }, SETTLE_MS)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [id, revision, lastRun, reads])
  return (
    <SamplesContext value={samples}>
      <ReloadContext value={reload}>{children}</ReloadContext>
    </SamplesContext>
  )
}

/** Reads the examples again, as after one was pinned. */
export function useReloadSamples(): () => void {
  return use(ReloadContext)
}

/** The examples of all steps, by step id. */
export function useSamples(): Samples {
  return use(SamplesContext)
}

/** What a step may use, the nearest first, with examples: the round of the loop around it, and the outputs of earlier steps. */
export function useDataSources(stepId: string): readonly DataSource[] {
  const samples = useSamples()
  const connectors = useConnectors()
  const asksBody = use(BodyFieldContext)
  const steps = useDraft((state) => state.history.present.steps)
  const edges = useDraft((state) => state.history.present.edges)
  const readable = useMemo(() => {
    const usesOf = new Map(steps.map((step) => [step.id, step.uses]))
    const isLoop = (id: string): boolean => connectors.get(usesOf.get(id) ?? '')?.isLoop === true
    return readableSteps({ steps, edges }, stepId, isLoop, asksBody)
  }, [steps, edges, stepId, connectors, asksBody])
  return useMemo(() => {
    const loop = steps.find((one) => one.id === readable.loop)
    const round = loop ? roundSources(loop, connectors.get(loop.uses), samples) : []
    const earlier = readable.steps.flatMap((id): readonly DataSource[] => {
      const step = steps.find((one) => one.id === id)
      if (!step) return []
      const name = step.name ?? connectors.get(step.uses)?.title ?? id
      return [{ id, name, uses: step.uses, sample: samples.get(id) }]
    })
    return [...round, ...earlier]
  }, [readable, steps, connectors, samples])
}
