import { useState } from 'react'
import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import { isJsonObject, type Json } from '../../../core/domain/values/json.ts'
import type { Step } from '../../../core/domain/zap/zap-file.ts'
import type { Failure } from '../../api/failure.ts'
import { useDraftStore } from '../../draft/session/draft-store.ts'
import { useLiveRuns } from '../../draft/session/live-runs.ts'
import { effectWords } from '../../steps/effect-words.ts'
import { stepSummary } from '../../steps/step-summary.ts'
import { parseJson } from '../../ui/json/parse-json.ts'
import { useDataSources } from '../data/samples.tsx'
import { type PastData, usePastData } from './use-past-data.ts'

/** The test of a step: with which data, what it does, and how it begins. */
export type StepTestState = {
  /** `newest`, `edited`, or the id of a run. */
  readonly source: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
  choose(source: string): void
  /** What was written in place of the data of the steps before. */
  readonly text: string
  write(text: string): void
  /** What the steps before returned, by their ids, beside what is newest; null while what is written is none. */
  readonly outputs: Readonly<Record<string, Json>> | null
  readonly past: readonly PastData[]
  readonly effect: string
  /** Whether a test reaches beyond Hookline. */
  readonly isReal: boolean
  readonly isRunning: boolean
  readonly failure: Failure | null
  test(how: 'only-step' | 'all-before'): Promise<void>
}

/** The test of a step. Past runs are only looked up while they are `wanted`. */
export function useStepTest(step: Step, manifest: ConnectorManifest | undefined, wanted: boolean): StepTestState {
  const store = useDraftStore()
  const runs = useLiveRuns()
  const past = usePastData(wanted)
  const sources = useDataSources(step.id)
  const [source, setSource] = useState('newest')
  const [text, write] = useState('')
  const [failure, setFailure] = useState<Failure | null>(null)
  const { text: effect, isReal } = effectWords(
    manifest?.effect ?? 'none',
    manifest ? stepSummary(step, manifest) : null,
  )
  const newest: Record<string, Json> = Object.fromEntries(
    sources.flatMap(({ id: from, sample }) => (sample === undefined ? [] : [[from, sample.value]])),
  )
  const parsed = parseJson(text)
  const edited = parsed.ok && isJsonObject(parsed.value) ? parsed.value : null
  const dataOf = (runId: string) => past.find((run) => run.id === runId)?.outputs
  const outputs = source === 'newest' ? {} : source === 'edited' ? edited : (dataOf(source) ?? {})
  return {
    source,
    options: [
      { value: 'newest', label: 'The newest data of the steps before' },
      ...past.map((run) => ({ value: run.id, label: run.label })),
      { value: 'edited', label: 'Data that I write' },
    ],
    choose(chosen) {
      // Editing begins with what was chosen before.
      if (chosen === 'edited') write(JSON.stringify(dataOf(source) ?? newest, null, 2))
      setSource(chosen)
    },
    text,
    write,
    outputs,
    past,
    effect,
    isReal,
    isRunning: runs.isRunning,
    failure,
    async test(how) {
      setFailure(null)
      const found = await runs.test(step.id, how, outputs ?? {})
      setFailure(found)
      if (found !== null && found.problems.length > 0) store.getState().beStrict()
    },
  }
}
