import { Database } from 'lucide-react'
import { useState } from 'react'
import type { Sample } from '../../../core/contract/values.ts'
import type { Json } from '../../../core/domain/values/json.ts'
import { useDraft, useDraftStore } from '../../draft/session/draft-store.ts'
import { ConsoleLines, consoleLines, errorLine } from '../../output/console-lines.tsx'
import { OutputView } from '../../output/output-view.tsx'
import { useWholeValue } from '../../output/use-whole-value.ts'
import { givenWords } from '../../steps/step-badge.ts'
import { Button } from '../../ui/controls/button.tsx'
import { EmptyState } from '../../ui/page/empty-state.tsx'
import { sampleSentence } from '../data/sample-words.ts'
import { useSamples } from '../data/samples.tsx'
import { showCodeLine } from '../fields/code-place.ts'
import { EditOutput, PinActions, usePin } from './pin-output.tsx'
import { SampleChoice } from './sample-choice.tsx'
import type { PastData } from './use-past-data.ts'

const shortTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'medium' })

/** What a step hands to those behind it. It can be pinned, as it is or edited. */
export function StepOutput({
  stepId,
  past,
  isTrigger,
}: {
  stepId: string
  /** Runs whose data can be loaded. */
  past: readonly PastData[]
  isTrigger: boolean
}) {
  const sample = useSamples().get(stepId)
  const run = useDraft((state) => state.run?.steps.find((one) => one.step === stepId))
  const isPinned = useDraft((state) => state.host.pinned.includes(stepId))
  const pin = usePin(stepId)
  const runId = useDraft((state) => state.run?.run.id)
  // What is pinned counts more than the run that was there before it, and less than one that came since.
  const [known, setKnown] = useState(runId)
  const [isEditing, setEditing] = useState(false)
  const error = run?.attempts.at(-1)?.error
  const isOfRun = run !== undefined && run.output !== null && !(isPinned && runId === known)
  const ofRun = useWholeValue(run?.output ?? null, {
    id: runId ?? '',
    step: stepId,
    scope: run?.scope ?? '',
    of: 'output',
  })
  const shown = isOfRun ? ofRun : sample?.value
  const lines = consoleLines(shown)
  const at = error ? errorLine(shown) : null
  const focusOn = useDraftStore().getState().focusOn
  const toLine = (line: number): void => {
    focusOn(stepId, 'input.code')
    showCodeLine(stepId, line)
  }
  const keep = async (output: Json): Promise<void> => {
    if (!(await pin.pin(output))) return
    setKnown(runId)
    setEditing(false)
  }
  if (shown === undefined && !error) {
    return (
      <EmptyState icon={Database} title="Nothing to show yet">
        Run the zap, and what this step returns appears here.
      </EmptyState>
    )
  }
  return (
    <div className="flex flex-col gap-3 p-4">
      {error && (
        <div role="alert" className="rounded border border-error/30 bg-error-soft px-3 py-2 break-words text-ink">
          <p>{error.message}</p>
          {at !== null && (
            <Button size="sm" className="mt-2" onClick={() => toLine(at)}>
              Go to line {at}
            </Button>
          )}
        </div>
      )}
      {lines !== null && <ConsoleLines lines={lines} onLine={toLine} />}
      {pin.failure !== null && (
        <p role="alert" className="rounded border border-error/30 bg-error-soft px-3 py-2 break-words text-ink">
          {pin.failure}
        </p>
      )}
      {sample && <SampleChoice {...{ stepId, sample, past, isTrigger, pin }} onLoad={() => setKnown(runId)} />}
      <p className="text-sm text-ink-faint">
        {isOfRun
          ? `From the run on the canvas.${run.given === null ? '' : ` ${givenWords(run.given)}`}`
          : sample && sampleSentence(sample, whenOf(sample, past), isTrigger)}
        {isOfRun && isPinned && run.given === null && ' Tests of other steps take what is pinned, not this.'}
      </p>
      {isEditing ? (
        <EditOutput
          stepId={stepId}
          start={shown ?? null}
          onCancel={() => setEditing(false)}
          onPin={(output) => void keep(output)}
        />
      ) : (
        <>
          <PinActions
            isPinned={isPinned}
            {...(shown !== undefined && (isOfRun || !isPinned) && { onPin: () => void keep(shown) })}
            onUnpin={() => void pin.unpin()}
            onEdit={() => setEditing(true)}
          />
          {shown !== undefined && <OutputView value={shown} path={stepId} label="Output" />}
        </>
      )}
    </div>
  )
}

/** When the data of a sample came about, as far as that is known. */
function whenOf({ from, runId, at }: Sample, past: readonly PastData[]): string | null {
  if (from === 'pinned') return past.find((run) => run.id === runId)?.when ?? null
  return at === null ? null : shortTime.format(new Date(at))
}
