import { CornerDownRight } from 'lucide-react'
import { useState } from 'react'
import type { Json } from '../../../core/domain/values/json.ts'
import type { Step } from '../../../core/domain/zap/zap-file.ts'
import { ApprovalBox } from '../../approvals/approval-box.tsx'
import { ConsoleLines, consoleLines } from '../../output/console-lines.tsx'
import { OutputView } from '../../output/output-view.tsx'
import { useWholeValue, type ValueOfRun } from '../../output/use-whole-value.ts'
import { AllowRefused } from '../../permissions/zap-permissions.tsx'
import { useConnectors } from '../../queries/connectors.ts'
import { type ShownStepRun, shownStatus } from '../../steps/shown-step-run.ts'
import { givenWords } from '../../steps/step-badge.ts'
import { Tabs } from '../../ui/controls/tabs.tsx'
import { Count } from '../../ui/lists/count.tsx'
import { ConnectorIcon } from '../../ui/look/connector-icon.tsx'
import { StatusBadge } from '../../ui/look/status-badge.tsx'
import { ErrorNote } from '../../ui/page/error-note.tsx'
import { RelativeTime } from '../../ui/words/relative-time.tsx'
import { ToldText } from '../../ui/words/told-text.tsx'
import { AttemptList } from './attempt-list.tsx'
import { RoundPicker } from './round-picker.tsx'
import { compareScopes } from './rounds.ts'
import { RunLink } from './run-header.tsx'
import { WaitNote } from './wait-note.tsx'

type View = 'output' | 'input' | 'attempts'

/** The input and output of one step of the run, and its attempts. */
export function StepPanel({
  zapId,
  runId,
  host,
  step,
  runs,
  scope,
  onScope,
  onChanged,
}: {
  zapId: string
  runId: string
  /** Another host of the fleet, where it ran; null for a run of this one. */
  host: string | null
  step: Step
  /** Its step runs: one, or one for each round of a loop. */
  runs: readonly ShownStepRun[]
  scope: string
  onScope: (scope: string) => void
  /** Something was decided here. */
  onChanged: () => void
}) {
  const connector = useConnectors().get(step.uses)
  const run = runs.find((one) => one.scope === scope) ?? runs[0]
  // A step that failed returned nothing but its error, which stands above; what it got says more. So it does where a test stands.
  const [view, setView] = useState<View>(run?.status === 'failed' || run?.waitsFor === 'pause' ? 'input' : 'output')
  return (
    <>
      <header className="flex shrink-0 items-start gap-3 px-4 pt-4 pb-3">
        <ConnectorIcon icon={connector?.icon} category={connector?.category} size={32} />
        <div className="min-w-0 flex-1">
          <h2 className="truncate text-lg leading-5 font-semibold">{step.name ?? connector?.title ?? step.id}</h2>
          <p className="truncate text-sm text-ink-faint">
            {(step.name !== undefined || connector === undefined) && `${connector?.title ?? step.uses} · `}
            <span className="font-mono text-xs">{step.id}</span>
          </p>
        </div>
        {run !== undefined && <StatusBadge status={shownStatus(run)} />}
      </header>
      {run !== undefined && run.scope !== '' && (
        <div className="px-3 pb-3">
          <RoundPicker
            label="Round"
            rounds={runs
              .map((one) => ({ scope: one.scope, status: one.status }))
              .toSorted((a, b) => compareScopes(a.scope, b.scope))}
            scope={run.scope}
            onScope={onScope}
          />
        </div>
      )}
      {run?.status === 'waiting' && run.approval === null && !hasTrouble(run) && (
        <p className="px-4 pb-3 text-ink-soft">
          <WaitNote waitsFor={run.waitsFor} until={run.nextAttemptAt} />
        </p>
      )}
      {run !== undefined && run.given !== null && (
        <p className="px-4 pb-3 text-sm text-ink-soft">{givenWords(run.given)}</p>
      )}
      {run !== undefined && run.calledRunId !== null && (
        <p className="px-4 pb-3 text-sm text-ink-soft">
          <RunLink to={run.calledRunId} icon={CornerDownRight}>
            Called run {run.calledRunId}
          </RunLink>
        </p>
      )}
      {run !== undefined && run.approval !== null && (
        <section aria-label="Approval" className="mx-4 mb-3 rounded-lg border border-line bg-surface p-3 shadow-card">
          {host === null || run.approval.decision !== null ? (
            <ApprovalBox key={run.scope} approval={run.approval} onDecided={onChanged} />
          ) : (
            <p className="text-ink-soft">
              <ToldText>{`${host} asks: ${run.approval.message}`}</ToldText> It is answered there, or by its link.
            </p>
          )}
        </section>
      )}
      {run !== undefined && <Trouble run={run} zapId={zapId} />}
      {run !== undefined && (
        <Tabs<View>
          label={`Data of ${step.name ?? step.id}`}
          value={view}
          onChange={setView}
          tabs={[
            {
              value: 'output',
              label: 'Output',
              content: (
                <Data
                  value={run.output}
                  path={step.id}
                  of={{ id: runId, step: step.id, scope: run.scope, of: 'output' }}
                  run={run}
                />
              ),
            },
            {
              value: 'input',
              label: 'Input',
              content: (
                <Data
                  value={run.input}
                  path=""
                  of={{ id: runId, step: step.id, scope: run.scope, of: 'input' }}
                  run={run}
                />
              ),
            },
            {
              value: 'attempts',
              label: (
                <>
                  Attempts
                  <Count>{run.attempts.length}</Count>
                </>
              ),
              content: <AttemptList run={run} />,
            },
          ]}
        />
      )}
    </>
  )
}

/** Whether the last attempt went wrong, and nothing has put it right. */
function hasTrouble(run: ShownStepRun): boolean {
  return run.status !== 'succeeded' && run.attempts.at(-1)?.error != null
}

/** The last error, above everything else, with what happens next. */
function Trouble({ run, zapId }: { run: ShownStepRun; zapId: string }) {
  const last = run.attempts.at(-1)
  if (!hasTrouble(run) || last?.error == null) return null
  return (
    <div className="px-4 pb-3">
      <ErrorNote
        title={last.error.message}
        where={last.error.code}
        details={JSON.stringify(run, null, 2)}
        {...(last.error.code === 'not-permitted' && {
          action: <AllowRefused zapId={zapId} message={last.error.message} />,
        })}
        {...(run.nextAttemptAt === null
          ? {}
          : {
              remedy: (
                <>
                  Next attempt{run.maxAttempts !== null && ` (${last.n + 1} of ${run.maxAttempts})`}{' '}
                  <RelativeTime iso={run.nextAttemptAt} due />.
                </>
              ),
            })}
      />
    </div>
  )
}

const NOTHING: Readonly<Record<ShownStepRun['status'], string>> = {
  pending: 'This step has not begun.',
  running: 'This step is still running.',
  waiting: 'This step waits, and has given nothing yet.',
  succeeded: 'Nothing.',
  failed: 'The step failed before there was any.',
  skipped: 'This step was not reached.',
  filtered: 'Nothing.',
  'needs-review': 'Hookline stopped during this step, so its output is not known.',
}

function Data({ value, path, of, run }: { value: Json; path: string; of: ValueOfRun; run: ShownStepRun }) {
  const whole = useWholeValue(value, of)
  const lines = of.of === 'output' ? consoleLines(whole) : null
  if (value === null) return <p className="p-4 text-ink-faint">{NOTHING[run.status]}</p>
  return (
    <div className="p-3">
      {lines !== null && (
        <div className="pb-3">
          <ConsoleLines lines={lines} />
        </div>
      )}
      <OutputView value={whole} path={path} label={of.of === 'output' ? 'Output' : 'Input'} />
    </div>
  )
}
