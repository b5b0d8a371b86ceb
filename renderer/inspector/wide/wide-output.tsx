import { useState } from 'react'
import { useDraft } from '../../draft/session/draft-store.ts'
import { shownStatus } from '../../steps/shown-step-run.ts'
import { useWidth } from '../../stores/inspector-width.ts'
import { Tabs } from '../../ui/controls/tabs.tsx'
import { StatusBadge } from '../../ui/look/status-badge.tsx'
import { StepInput } from '../test/step-input.tsx'
import { StepOutput } from '../test/step-output.tsx'
import { TestFailure } from '../test/step-test.tsx'
import type { StepTestState } from '../test/use-step-test.ts'
import { ColumnDivider } from './column-divider.tsx'

type View = 'answer' | 'sent'

/** Right in the wide form: what the step returned, and what it got. */
export function WideOutput({ stepId, test, isTrigger }: { stepId: string; test: StepTestState; isTrigger: boolean }) {
  const width = useWidth('output')
  const run = useDraft((state) => state.run?.steps.find((one) => one.step === stepId))
  return (
    <section
      aria-label="Output of the step"
      className="relative flex shrink-0 flex-col border-l border-line"
      style={{ width }}
    >
      <div className="flex h-10 shrink-0 items-center justify-between gap-2 border-b border-line px-4">
        <h2 className="font-semibold">Output</h2>
        {run && <StatusBadge status={shownStatus(run)} />}
      </div>
      <OutputViews stepId={stepId} test={test} isTrigger={isTrigger} />
      <ColumnDivider column="output" side="left" label="Width of the output" />
    </section>
  )
}

/** What came of a step, and what it got with all its templates filled in. */
export function OutputViews({ stepId, test, isTrigger }: { stepId: string; test: StepTestState; isTrigger: boolean }) {
  const [view, setView] = useState<View>('answer')
  const hasInput = useDraft((state) =>
    (state.run?.steps ?? []).some((one) => one.step === stepId && one.input !== null),
  )
  const answer = (
    <>
      <div className="px-4 pt-3 empty:hidden">
        <TestFailure test={test} />
      </div>
      <StepOutput key={stepId} stepId={stepId} past={test.past} isTrigger={isTrigger} />
    </>
  )
  if (isTrigger || !hasInput) return <div className="min-h-0 flex-1 overflow-y-auto">{answer}</div>
  return (
    <Tabs<View>
      label="Views of the test"
      look="segments"
      value={view}
      onChange={setView}
      tabs={[
        { value: 'answer', label: 'Answer', content: answer },
        { value: 'sent', label: 'Sent', content: <StepInput stepId={stepId} /> },
      ]}
    />
  )
}
