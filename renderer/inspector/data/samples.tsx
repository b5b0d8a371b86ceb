import { useQuery } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useMemo, useRef, useState } from 'react'
import type { Sample } from '../../../core/contract/values.ts'
import type { TemplateScope } from '../../../core/domain/templates/template.ts'
import { ASKING_STEP } from '../../../core/domain/zap/answer-links.ts'
import type { Step } from '../../../core/domain/zap/zap-file.ts'
import { useDraft } from '../../draft/session/draft-store.ts'
import { useConnectors } from '../../queries/connectors.ts'
import { queries } from '../../queries/queries.ts'
import { linksOf, sampleScope } from '../templates/template-preview.ts'
import type { DataSource } from './data-tree.ts'
import { readableSteps } from './readable-steps.ts'
import { roundSources } from './round-sources.ts'

type Samples = ReadonlyMap<string, Sample>

/** A step as others see it: all but its own configuration. */
type NamedStep = Pick<Step, 'id' | 'uses' | 'name'>

const NONE: Samples = new Map()
const SamplesContext = createContext<Samples>(NONE)
const ScopeContext = createContext<TemplateScope>({})
const StepsContext = createContext<readonly NamedStep[]>([])

/** What the field around a control may read of its own step: nothing, the body of its loop, or each item of its list. */
export type OwnData = 'none' | 'body' | 'item'

export const OwnDataContext = createContext<OwnData>('none')

const byStep = (samples: Readonly<Record<string, Sample>>): Samples => new Map(Object.entries(samples))

/**
 * Keeps at hand what the fields of all steps need: an example output of every step, and the steps' names. Made here once, and not by each field with each key.
 */
export function SamplesProvider({ children }: { children: ReactNode }) {
  const id = useDraft((state) => state.host.id)
  // Without them the picker offers the steps without values.
  const samples = useQuery(queries.zaps.samples.queryOptions({ input: { id }, select: byStep })).data ?? NONE
  const name = useDraft((state) => state.history.present.name)
  const timezone = useDraft((state) => state.history.present.settings?.timezone)
  // Fixed, so that a preview does not change under the reader's eyes.
  const [now] = useState(() => new Date().toISOString())
  const steps = useNamedSteps()
  const asking = useMemo(() => askingIn(steps), [steps])
  const scope = useMemo(
    () => sampleScope(samples, { id, name, timezone }, now, asking),
    [samples, id, name, timezone, now, asking],
  )
  return (
    <SamplesContext value={samples}>
      <ScopeContext value={scope}>
        <StepsContext value={steps}>{children}</StepsContext>
      </ScopeContext>
    </SamplesContext>
  )
}

/** Ids of the steps that ask a person. */
function askingIn(steps: readonly NamedStep[]): readonly string[] {
  return steps.filter(({ uses }) => uses === ASKING_STEP).map(({ id }) => id)
}

/** The draft's steps; the same list until one is added, removed, renamed or becomes another connector's. */
function useNamedSteps(): readonly NamedStep[] {
  const steps = useDraft((state) => state.history.present.steps)
  const kept = useRef<readonly NamedStep[]>(steps)
  const isSame = (one: NamedStep, at: number): boolean => {
    const old = kept.current[at]
    return one === old || (one.id === old?.id && one.uses === old.uses && one.name === old.name)
  }
  if (kept.current.length !== steps.length || !steps.every(isSame)) kept.current = steps
  return kept.current
}

/** The examples of all steps, by step id. */
export function useSamples(): Samples {
  return use(SamplesContext)
}

/** What templates read with the examples of all steps. */
export function useSampleScope(): TemplateScope {
  return use(ScopeContext)
}

/** What a step may use, the nearest first, with examples: the round of the loop around it, and the outputs of earlier steps. */
export function useDataSources(stepId: string): readonly DataSource[] {
  const samples = useSamples()
  const connectors = useConnectors()
  const own = use(OwnDataContext)
  const steps = use(StepsContext)
  const edges = useDraft((state) => state.history.present.edges)
  const readable = useMemo(() => {
    const usesOf = new Map(steps.map((step) => [step.id, step.uses]))
    const isLoop = (id: string): boolean => connectors.get(usesOf.get(id) ?? '')?.isLoop === true
    return readableSteps({ steps, edges }, stepId, isLoop, own)
  }, [steps, edges, stepId, connectors, own])
  const loop = useDraft((state) => state.history.present.steps.find((one) => one.id === readable.loop))
  return useMemo(() => {
    const round = loop ? roundSources(loop, connectors.get(loop.uses), samples) : []
    const earlier = readable.steps.flatMap((id): readonly DataSource[] => {
      const step = steps.find((one) => one.id === id)
      if (!step) return []
      const name = step.name ?? connectors.get(step.uses)?.title ?? id
      return [{ id, name, uses: step.uses, sample: samples.get(id) }]
    })
    const asking = askingIn(steps)
    if (asking.length === 0) return [...round, ...earlier]
    const links = { approval: linksOf(asking) }
    const run: DataSource = {
      id: 'run',
      name: 'This run',
      uses: ASKING_STEP,
      sample: { value: links, from: 'connector' },
      from: 'links at which its questions are answered, to be sent before they are asked',
    }
    return [...round, ...earlier, run]
  }, [readable, loop, steps, connectors, samples])
}
