import type { Json } from '../../../core/domain/values/json.ts'
import { useDraft } from '../../draft/session/draft-store.ts'
import { OutputView } from '../../output/output-view.tsx'
import { useWholeValue, type ValueOfRun } from '../../output/use-whole-value.ts'
import { classNames } from '../../ui/look/class-names.ts'
import { ErrorNote } from '../../ui/page/error-note.tsx'

/** What a step got in the run that the canvas shows or, where a test stands before it, what it would get: with all templates filled in. */
export function StepInput({ stepId }: { stepId: string }) {
  const run = useDraft((state) => state.run)
  const at = run?.paused?.step === stepId ? run.paused.scope : undefined
  const step = run?.steps.find((one) => one.step === stepId && (at === undefined || one.scope === at))
  if (run == null || step === undefined) return null
  const isPaused = at !== undefined
  if (step.input === null && !isPaused) return null
  return (
    <section
      aria-label={isPaused ? 'What this step would get' : 'What this step got'}
      className={classNames('flex flex-col gap-2 border-line p-4', isPaused ? 'border-b' : 'border-t')}
    >
      <h3 className="font-medium">{isPaused ? 'What this step would get' : 'What this step got'}</h3>
      {isPaused && <p className="text-sm text-ink-faint">Nothing of it was sent or done yet.</p>}
      {step.input === null ? (
        <ErrorNote title="Its input cannot be filled in." remedy={run.run.reason ?? ''} />
      ) : (
        <RunInput value={step.input} of={{ id: run.run.id, step: stepId, scope: step.scope, of: 'input' }} />
      )}
    </section>
  )
}

function RunInput({ value, of }: { value: Json; of: ValueOfRun }) {
  return <OutputView value={useWholeValue(value, of)} path="" label="Input" />
}
