import { CirclePlay, FastForward, Zap } from 'lucide-react'
import { useId, useState } from 'react'
import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import { isJsonObject, type Json } from '../../../core/domain/values/json.ts'
import type { Step } from '../../../core/domain/zap/zap-file.ts'
import type { Failure } from '../../api/failure.ts'
import { useDraftStore } from '../../draft/session/draft-store.ts'
import { useLiveRuns } from '../../draft/session/live-runs.ts'
import { effectWords } from '../../steps/effect-words.ts'
import { stepSummary } from '../../steps/step-summary.ts'
import { Button } from '../../ui/controls/button.tsx'
import { Field } from '../../ui/controls/field.tsx'
import { Select } from '../../ui/controls/select.tsx'
import { JsonEditor } from '../../ui/json/json-editor.tsx'
import { parseJson } from '../../ui/json/parse-json.ts'
import { useDataSources } from '../data/samples.tsx'
import { StepInput } from './step-input.tsx'
import { StepOutput } from './step-output.tsx'
import { type PastData, usePastData } from './use-past-data.ts'

/** Runs one step of the draft, or all up to it, and shows what it returns. */
export function StepTest({ step, manifest }: { step: Step; manifest: ConnectorManifest | undefined }) {
  const standsHere = useLiveRuns().paused?.step === step.id
  const past = usePastData()
  if (manifest?.kind !== 'action') return <StepOutput key={step.id} stepId={step.id} past={past} isTrigger />
  return (
    <>
      {standsHere ? <StepInput stepId={step.id} /> : <TestForm step={step} manifest={manifest} past={past} />}
      <StepOutput key={step.id} stepId={step.id} past={past} isTrigger={false} />
      {!standsHere && <StepInput stepId={step.id} />}
    </>
  )
}

/** `newest`, `edited`, or the id of a run. */
type Source = string

function TestForm({ step, manifest, past }: { step: Step; manifest: ConnectorManifest; past: readonly PastData[] }) {
  const id = useId()
  const store = useDraftStore()
  const runs = useLiveRuns()
  const sources = useDataSources(step.id)
  const [source, setSource] = useState<Source>('newest')
  const [text, setText] = useState('')
  const [failure, setFailure] = useState<Failure | null>(null)
  const { text: effect, isReal } = effectWords(manifest.effect, stepSummary(step, manifest))

  const newest: Record<string, Json> = Object.fromEntries(
    sources.flatMap(({ id: from, sample }) => (sample === undefined ? [] : [[from, sample.value]])),
  )
  const parsed = parseJson(text)
  const edited = parsed.ok && isJsonObject(parsed.value) ? parsed.value : null
  const outputs = source === 'newest' ? {} : source === 'edited' ? edited : (dataOf(past, source) ?? {})

  const choose = (chosen: Source): void => {
    // Editing begins with what was chosen before.
    if (chosen === 'edited') setText(JSON.stringify(dataOf(past, source) ?? newest, null, 2))
    setSource(chosen)
  }
  const test = async (how: 'only-step' | 'all-before'): Promise<void> => {
    setFailure(null)
    const found = await runs.test(step.id, how, outputs ?? {})
    setFailure(found)
    if (found !== null && found.problems.length > 0) store.getState().beStrict()
  }
  return (
    <section aria-label="Test this step" className="flex flex-col gap-3 border-b border-line p-4">
      <Field label="With" htmlFor={`${id}-source`}>
        <Select
          id={`${id}-source`}
          value={source}
          onChange={choose}
          className="w-full"
          options={[
            { value: 'newest', label: 'The newest data of the steps before' },
            ...past.map((run) => ({ value: run.id, label: run.label })),
            { value: 'edited', label: 'Data that I write' },
          ]}
        />
      </Field>
      {source === 'edited' && (
        <JsonEditor
          id={`${id}-data`}
          label="What the steps before returned"
          help={edited === null && parsed.ok ? 'An object: the id of each step, and what it returned.' : undefined}
          value={text}
          onChange={setText}
          rows={8}
        />
      )}
      <p className="flex items-start gap-1.5 text-sm text-ink-faint">
        {isReal && <Zap size={13} aria-hidden className="mt-0.5 shrink-0 text-waiting" />}
        <span className="min-w-0 break-words">{effect}</span>
      </p>
      <div className="flex flex-wrap gap-2">
        <Button
          variant="primary"
          icon={CirclePlay}
          loading={runs.isRunning}
          disabled={outputs === null}
          onClick={() => void test('only-step')}
        >
          Test this step
        </Button>
        <Button
          icon={FastForward}
          disabled={runs.isRunning || outputs === null}
          title="Runs every step from the trigger to this one"
          onClick={() => void test('all-before')}
        >
          Run up to here
        </Button>
      </div>
      {failure !== null && (
        <p role="alert" className="rounded border border-error/30 bg-error-soft px-3 py-2 break-words text-ink">
          {failure.message}
        </p>
      )}
    </section>
  )
}

function dataOf(past: readonly PastData[], runId: string): Readonly<Record<string, Json>> | undefined {
  return past.find((run) => run.id === runId)?.outputs
}
