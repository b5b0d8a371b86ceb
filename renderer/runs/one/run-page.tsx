import { ListChecks, MousePointerClick } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import { findLoops, sortTopologically } from '../../../core/domain/zap/graph.ts'
import type { ZapFile } from '../../../core/domain/zap/zap-file.ts'
import { RunCanvas } from '../../canvas/run-canvas.tsx'
import { useConnectors } from '../../queries/connectors.ts'
import { queries, useAnswer } from '../../queries/queries.ts'
import { type ShownStepRun, shownStepRuns } from '../../steps/shown-step-run.ts'
import { Button } from '../../ui/controls/button.tsx'
import { EmptyState } from '../../ui/page/empty-state.tsx'
import { ErrorNote } from '../../ui/page/error-note.tsx'
import { Page } from '../../ui/page/page.tsx'
import { Opening } from '../../ui/page/spinner.tsx'
import { FilesPanel } from './files-panel.tsx'
import { ReviewBanner } from './review-banner.tsx'
import { type LoopsOf, runsOfRound } from './rounds.ts'
import { RunHeader } from './run-header.tsx'
import { RunTimeline } from './run-timeline.tsx'
import { StepPanel } from './step-panel.tsx'
import { tellingStep } from './telling-step.ts'

/** One run, on the canvas of the version that it ran on. `host`: the host of a fleet that it ran on, where that is another one: then it can only be looked at. */
export function RunPage({ runId, host = null }: { runId: string; host?: string | null }) {
  const [, navigate] = useLocation()
  const here = useAnswer(queries.runs.get.queryOptions({ input: { id: runId }, enabled: host === null }))
  const there = useAnswer(
    queries.fleet.run.queryOptions({
      input: { host: host ?? '', id: runId },
      enabled: host !== null,
      refetchInterval: 5_000,
    }),
  )
  const { data: detail, failure, reload } = host === null ? here : there
  const connectors = useConnectors()
  // Undefined until the person chooses: then the most telling step shows, and moves with the run.
  const [chosen, setChosen] = useState<string | null | undefined>(undefined)
  const [isOnFiles, setOnFiles] = useState(false)
  const [chosenRound, setRound] = useState<string | null>(null)
  const loopsOf = useMemo(() => findBodies(detail?.zap, connectors), [detail?.zap, connectors])

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
          >
            {failure.message}
          </EmptyState>
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
  const steps = shownStepRuns(run, detail.steps, zap.edges)
  const telling = tellingStep(steps)
  const round = chosenRound ?? telling?.scope ?? ''
  const selected = chosen === undefined ? (telling?.step ?? null) : chosen
  const step = zap.steps.find((one) => one.id === selected)
  const runs = steps.filter((one) => one.step === selected)
  const shownScope = runsOfRound(runs, round)[0]?.scope ?? ''
  const nameOf = (id: string): string => {
    const one = zap.steps.find((candidate) => candidate.id === id)
    return one?.name ?? connectors.get(one?.uses ?? '')?.title ?? id
  }
  const interrupted = steps.filter((one) => one.status === 'needs-review').map((one) => nameOf(one.step))
  return (
    <main className="flex min-h-0 min-w-0 flex-1 flex-col">
      <RunHeader
        detail={detail}
        host={host}
        onChanged={reload}
        isOnFiles={isOnFiles}
        onFiles={() => setOnFiles(!isOnFiles)}
      />
      {run.status === 'needs-review' && host === null && (
        <ReviewBanner run={run} stepNames={[...new Set(interrupted)]} onChanged={reload} />
      )}
      <div className="flex min-h-0 flex-1">
        <div className="flex min-w-0 flex-1 flex-col">
          <div className="relative min-h-0 flex-1">
            <RunCanvas
              zap={zap}
              steps={steps}
              selected={selected}
              onSelect={(id) => {
                setOnFiles(false)
                setChosen(id)
                // Until a round is chosen, each step shows the one of its rounds that tells most.
                if (chosenRound === null && id !== null) setRound(tellingRound(steps, id))
              }}
            />
          </div>
          <RunTimeline
            steps={steps}
            begins={run.replayOf === null ? null : Date.parse(run.startedAt)}
            loopsOf={loopsOf}
            nameOf={nameOf}
            selected={selected}
            round={round}
            onSelect={(one) => {
              setChosen(one.step)
              if (one.scope !== '') setRound(one.scope)
            }}
            onRound={setRound}
          />
        </div>
        <aside
          aria-label={isOnFiles ? 'Files of the run' : 'Selected step'}
          // While a person reads, writes or decides there, it stays, even if another step tells more meanwhile.
          onFocus={() => {
            if (step === undefined || isOnFiles) return
            setChosen(step.id)
            if (shownScope !== '') setRound(shownScope)
          }}
          className="flex w-[400px] shrink-0 flex-col border-l border-line bg-surface max-[1100px]:w-[340px]"
        >
          {isOnFiles ? (
            <FilesPanel
              runId={run.id}
              nameOf={nameOf}
              onStep={setChosen}
              onClose={() => setOnFiles(false)}
              onChanged={reload}
            />
          ) : step !== undefined ? (
            <StepPanel
              key={step.id}
              zapId={run.zapId}
              runId={run.id}
              host={host}
              step={step}
              runs={runs}
              scope={shownScope}
              onScope={setRound}
              onChanged={reload}
            />
          ) : (
            <EmptyState icon={MousePointerClick} title="No step selected">
              Click a step to see its input and its output.
            </EmptyState>
          )}
        </aside>
      </div>
    </main>
  )
}

/** The most telling round of a step, or null for one outside of loops, which leaves the choice open. */
function tellingRound(steps: readonly ShownStepRun[], id: string): string | null {
  const scope = tellingStep(steps.filter((one) => one.step === id))?.scope ?? ''
  return scope === '' ? null : scope
}

/** The loops in whose bodies the steps of a version lie. */
function findBodies(zap: ZapFile | undefined, connectors: ReadonlyMap<string, ConnectorManifest>): LoopsOf {
  if (zap === undefined) return new Map()
  const usesOf = new Map(zap.steps.map((step) => [step.id, step.uses]))
  const { order } = sortTopologically([...usesOf.keys()], zap.edges)
  return findLoops(order, zap.edges, (id) => connectors.get(usesOf.get(id) ?? '')?.isLoop === true)
}
