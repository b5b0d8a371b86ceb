import { Database } from 'lucide-react'
import { useDraft } from '../editor/draft-store.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { useSamples } from './samples.tsx'

const FROM = {
  pinned: 'Pinned from the inbox.',
  run: 'What the step gave in its last run.',
  event: 'The last event that arrived.',
  connector: 'An example. Run the zap to see real data.',
} as const

/** What a step gives to those behind it. */
export function StepOutput({ stepId }: { stepId: string }) {
  const sample = useSamples().get(stepId)
  const run = useDraft((state) => state.run?.steps.find((one) => one.step === stepId))
  const error = run?.attempts.at(-1)?.error
  const shown = run && run.output !== null ? run.output : sample?.value
  if (shown === undefined && !error) {
    return (
      <EmptyState icon={Database} title="Nothing to show yet">
        Run the zap, and what this step gives appears here.
      </EmptyState>
    )
  }
  return (
    <div className="flex flex-col gap-3 p-4">
      {error && (
        <p role="alert" className="rounded border border-error/30 bg-error-soft px-3 py-2 break-words text-ink">
          {error.message}
        </p>
      )}
      {shown !== undefined && (
        <>
          <p className="text-sm text-ink-faint">{run ? 'From the run on the canvas.' : sample && FROM[sample.from]}</p>
          <JsonView value={shown} path={stepId} label="Output" />
        </>
      )}
    </div>
  )
}
