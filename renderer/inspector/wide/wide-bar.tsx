import { ChevronDown, ChevronUp, CirclePlay, FastForward, Minimize2, X, Zap } from 'lucide-react'
import type { Step } from '../../../core/domain/zap/zap-file.ts'
import { useDraft, useDraftStore } from '../../draft/session/draft-store.ts'
import { useConnectors } from '../../queries/connectors.ts'
import { stepTitle } from '../../steps/change-words.ts'
import { narrow } from '../../stores/inspector-width.ts'
import { Button, IconButton } from '../../ui/controls/button.tsx'
import { SplitButton } from '../../ui/controls/split-button.tsx'
import { canRehearse } from '../test/rehearsal.ts'
import { RehearseButton } from '../test/rehearsal-dialog.tsx'
import type { StepTestState } from '../test/use-step-test.ts'

/** The steps before and after one, along the first of its connections. */
export function useNeighbours(stepId: string): { readonly before: Step | undefined; readonly after: Step | undefined } {
  const zap = useDraft((state) => state.history.present)
  const named = (id: string | undefined): Step | undefined => zap.steps.find((step) => step.id === id)
  return {
    before: named(zap.edges.find((edge) => edge.to === stepId)?.from),
    after: named(zap.edges.find((edge) => edge.from === stepId)?.to),
  }
}

/** In the head of the wide form: the way to the steps around, the test, and the ways out. */
export function WideBar({
  stepId,
  test,
  isTrigger,
  onClose,
}: {
  stepId: string
  test: StepTestState
  isTrigger: boolean
  onClose(): void
}) {
  const { before, after } = useNeighbours(stepId)
  const uses = useDraft((state) => state.history.present.steps.find((one) => one.id === stepId)?.uses ?? '')
  const connectors = useConnectors()
  const focusOn = useDraftStore().getState().focusOn
  return (
    <div className="flex shrink-0 items-center gap-2">
      {[
        { step: before, icon: ChevronUp, key: 'Alt+↑' },
        { step: after, icon: ChevronDown, key: 'Alt+↓' },
      ].map(
        ({ step, icon, key }) =>
          step && (
            <Button
              key={key}
              variant="ghost"
              icon={icon}
              title={key}
              className="max-w-40"
              onClick={() => focusOn(step.id, null)}
            >
              <span className="truncate">{stepTitle(step, connectors)}</span>
            </Button>
          ),
      )}
      {!isTrigger && (
        <>
          {canRehearse(uses) && <RehearseButton stepId={stepId} />}
          {test.isReal && (
            <span title={test.effect} className="flex items-center gap-1 pl-2 text-sm text-ink-soft">
              <Zap size={14} aria-hidden className="text-waiting" /> For real
            </span>
          )}
          <SplitButton
            variant="primary"
            icon={CirclePlay}
            loading={test.isRunning}
            disabled={test.outputs === null}
            onClick={() => void test.test('only-step')}
            more="Other ways to test"
            items={[
              {
                label: 'Run up to here',
                icon: FastForward,
                disabled: test.isRunning || test.outputs === null,
                onSelect: () => void test.test('all-before'),
              },
            ]}
          >
            Test this step
          </SplitButton>
        </>
      )}
      <span aria-hidden className="mx-1 h-6 border-l border-line" />
      <IconButton icon={Minimize2} label="Beside the canvas" onClick={narrow} />
      <IconButton icon={X} label="Close" shortcut="Escape" onClick={onClose} />
    </div>
  )
}
