import { ListChecks, MousePointerClick } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { RunCanvas } from '../canvas/run-canvas.tsx'
import { shownStepRuns } from '../canvas/shown-step-run.ts'
import { useConnectors } from '../stores/connectors.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorNote } from '../ui/error-note.tsx'
import { Page } from '../ui/page.tsx'
import { Opening } from '../ui/spinner.tsx'
import { RunHeader } from './run-header.tsx'
import { RunTimeline } from './run-timeline.tsx'
import { StepPanel } from './step-panel.tsx'
import { tellingStep } from './telling-step.ts'
import { useRun } from './use-run.ts'

type Selection = { readonly step: string; readonly scope: string }

/** One run, on the canvas of the version that it ran on. */
export function RunPage({ runId }: { runId: string }) {
  const [, navigate] = useLocation()
  const { detail, failure, reload } = useRun(runId)
  const connectors = useConnectors()
  // Undefined until the person chooses: then the most telling step shows, and moves with the run.
  const [chosen, setChosen] = useState<Selection | null | undefined>(undefined)

  if (detail === null) {
    if (failure === null) return <Opening />
    return (
      <Page title="Run" subtitle={runId}>
        {failure.code === 'NOT_FOUND' ? (
          <EmptyState
            icon={ListChecks}
            title="This run is not there any more"
            action={
              <Button variant="primary" onClick={() => navigate('/runs')}>
                Go to all runs
              </Button>
            }
          />
        ) : (
          <ErrorNote
            title="The run could not be read."
            where={runId}
            remedy={failure.message}
            details={failure.details}
            action={
              <Button size="sm" variant="ghost" onClick={reload}>
                Try again
              </Button>
            }
          />
        )}
      </Page>
    )
  }

  const { run, zap } = detail
  const steps = shownStepRuns(run, detail.steps)
  const selected: Selection | null = chosen === undefined ? tellingStep(steps) : chosen
  const step = zap.steps.find((one) => one.id === selected?.step)
  const nameOf = (id: string): string => {
    const one = zap.steps.find((candidate) => candidate.id === id)
    return one?.name ?? connectors.get(one?.uses ?? '')?.title ?? id
  }
  /** Of several turns, the one that tells most. */
  const scopeOf = (id: string): string => tellingStep(steps.filter((one) => one.step === id))?.scope ?? ''
  return (
    <main className="flex min-h-0 min-w-0 flex-1 flex-col">
      <RunHeader run={run} onChanged={reload} />
      <div className="flex min-h-0 flex-1">
        <div className="flex min-w-0 flex-1 flex-col">
          <div className="relative min-h-0 flex-1">
            <RunCanvas
              zap={zap}
              steps={steps}
              selected={selected?.step ?? null}
              onSelect={(id) => setChosen(id === null ? null : { step: id, scope: scopeOf(id) })}
            />
          </div>
          <RunTimeline steps={steps} nameOf={nameOf} selected={selected} onSelect={setChosen} />
        </div>
        <aside
          aria-label="Selected step"
          className="flex w-[400px] shrink-0 flex-col border-l border-line bg-surface max-[1100px]:w-[340px]"
        >
          {step !== undefined && selected !== null ? (
            <StepPanel
              key={step.id}
              step={step}
              runs={steps.filter((one) => one.step === step.id)}
              scope={selected.scope}
              onScope={(scope) => setChosen({ step: step.id, scope })}
            />
          ) : (
            <EmptyState icon={MousePointerClick} title="No step selected">
              Click a step to see what it got and what it gave.
            </EmptyState>
          )}
        </aside>
      </div>
    </main>
  )
}
