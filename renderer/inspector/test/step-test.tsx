import { CirclePlay, FastForward, Zap } from 'lucide-react'
import { useId } from 'react'
import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import type { Step } from '../../../core/domain/zap/zap-file.ts'
import { useLiveRuns } from '../../draft/session/live-runs.ts'
import { Button } from '../../ui/controls/button.tsx'
import { Field } from '../../ui/controls/field.tsx'
import { Select } from '../../ui/controls/select.tsx'
import { JsonEditor } from '../../ui/json/json-editor.tsx'
import { canRehearse } from './rehearsal.ts'
import { RehearseButton } from './rehearsal-dialog.tsx'
import { StepInput } from './step-input.tsx'
import { StepOutput } from './step-output.tsx'
import type { StepTestState } from './use-step-test.ts'

/** Runs one step of the draft, or all up to it, and shows what it returns. */
export function StepTest({
  step,
  manifest,
  test,
}: {
  step: Step
  manifest: ConnectorManifest | undefined
  test: StepTestState
}) {
  const standsHere = useLiveRuns().paused?.step === step.id
  if (manifest?.kind !== 'action') return <StepOutput key={step.id} stepId={step.id} past={test.past} isTrigger />
  return (
    <>
      {standsHere ? <StepInput stepId={step.id} /> : <TestForm step={step} test={test} />}
      <StepOutput key={step.id} stepId={step.id} past={test.past} isTrigger={false} />
      {!standsHere && <StepInput stepId={step.id} />}
    </>
  )
}

function TestForm({ step, test }: { step: Step; test: StepTestState }) {
  const id = useId()
  return (
    <section aria-label="Test this step" className="flex flex-col gap-3 border-b border-line p-4">
      <Field label="With" htmlFor={`${id}-source`}>
        <Select
          id={`${id}-source`}
          value={test.source}
          onChange={test.choose}
          className="w-full"
          options={test.options}
        />
      </Field>
      <WrittenData test={test} id={`${id}-data`} />
      <p className="flex items-start gap-1.5 text-sm text-ink-faint">
        {test.isReal && <Zap size={13} aria-hidden className="mt-0.5 shrink-0 text-waiting" />}
        <span className="min-w-0 break-words">{test.effect}</span>
      </p>
      <div className="flex flex-wrap gap-2">
        <Button
          variant="primary"
          icon={CirclePlay}
          loading={test.isRunning}
          disabled={test.outputs === null}
          onClick={() => void test.test('only-step')}
        >
          Test this step
        </Button>
        <Button
          icon={FastForward}
          disabled={test.isRunning || test.outputs === null}
          title="Runs every step from the trigger to this one"
          onClick={() => void test.test('all-before')}
        >
          Run up to here
        </Button>
        {canRehearse(step.uses) && <RehearseButton stepId={step.id} />}
      </div>
      <TestFailure test={test} />
    </section>
  )
}

/** The data that a person writes in place of what the steps before returned, where that was chosen. */
export function WrittenData({ test, id }: { test: StepTestState; id: string }) {
  if (test.source !== 'edited') return null
  return (
    <JsonEditor
      id={id}
      label="What the steps before returned"
      help={test.outputs === null ? 'An object: the id of each step, and what it returned.' : undefined}
      value={test.text}
      onChange={test.write}
      rows={8}
    />
  )
}

/** Why a test could not begin. */
export function TestFailure({ test }: { test: StepTestState }) {
  if (test.failure === null) return null
  return (
    <p role="alert" className="rounded border border-error/30 bg-error-soft px-3 py-2 break-words text-ink">
      {test.failure.message}
    </p>
  )
}
