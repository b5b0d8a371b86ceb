import { FastForward, Square, StepForward, Zap } from 'lucide-react'
import { Link } from 'wouter'
import type { RunDetail, RunSummary } from '../../core/contract/values.ts'
import { useShortcut } from '../commands/bindings.ts'
import { ZAP_COMMANDS } from '../draft/commands/commands.ts'
import { useDraft } from '../draft/session/draft-store.ts'
import { useLiveRuns } from '../draft/session/live-runs.ts'
import { useConnectors } from '../queries/connectors.ts'
import { useZapNames } from '../queries/zaps.ts'
import { effectWords } from '../steps/effect-words.ts'
import { stepSummary } from '../steps/step-summary.ts'
import { Button } from '../ui/controls/button.tsx'
import { Tooltip } from '../ui/layers/tooltip.tsx'
import { StatusBadge } from '../ui/look/status-badge.tsx'
import { ClockTime } from '../ui/words/clock-time.tsx'

/** Before which step a test stands, what doing it would really do, and the ways on from there. */
export function PausedBanner({ run, paused }: { run: RunSummary; paused: NonNullable<RunDetail['paused']> }) {
  const runs = useLiveRuns()
  const connectors = useConnectors()
  const zapNames = useZapNames()
  // Of the version that is run: the draft may have changed since.
  const step = useDraft((state) => state.run?.zap.steps.find((one) => one.id === paused.step))
  const isStuck = useDraft((state) =>
    state.run?.steps.some((one) => one.step === paused.step && one.scope === paused.scope && one.input === null),
  )
  const keys = { next: useShortcut(ZAP_COMMANDS['next-step']), on: useShortcut(ZAP_COMMANDS['continue-test']) }
  const manifest = connectors.get(step?.uses ?? '')
  const title = step?.name ?? manifest?.title ?? paused.step
  const round =
    paused.scope === ''
      ? ''
      : `, item ${paused.scope
          .split('.')
          .map((part) => Number(part) + 1)
          .join(' › ')}`
  const effect =
    step && manifest?.kind === 'action' ? effectWords(manifest.effect, stepSummary(step, manifest, zapNames)) : null
  return (
    <section aria-label="Paused test" className="animate-fade border-b border-line bg-surface px-3 py-2">
      <p className="flex min-w-0 items-center gap-2">
        <StatusBadge status="paused" />
        <span className="min-w-0 flex-1 truncate font-medium" title={`${title}${round}`}>
          before “{title}”{round}
        </span>
        <span className="shrink-0 text-sm text-ink-faint" title="Ends by itself then unless you go on">
          until <ClockTime iso={paused.until} />
        </span>
        <Link
          href={`/runs/${run.id}`}
          className="shrink-0 rounded-sm pr-1 text-sm font-medium text-accent hover:underline"
        >
          Open run
        </Link>
      </p>
      <div className="mt-1.5 flex flex-wrap items-end gap-x-4 gap-y-2">
        <p className="flex min-w-0 flex-1 basis-60 items-start gap-1.5 text-sm text-ink-soft">
          {effect?.isReal === true && isStuck !== true && (
            <Zap size={13} aria-hidden className="mt-0.5 shrink-0 text-waiting" />
          )}
          <span className="min-w-0 break-words">
            {isStuck === true
              ? run.reason
              : effect?.isReal === true
                ? `Next step ${effect.act}.`
                : 'The next step only computes.'}
          </span>
        </p>
        <div className="flex shrink-0 items-center gap-1.5">
          <Tooltip content="Does this step and stops before the next one" shortcut={keys.next}>
            <Button
              size="sm"
              variant="primary"
              icon={StepForward}
              loading={runs.isRunning}
              onClick={() => void runs.goOn('every-step')}
            >
              Next step
            </Button>
          </Tooltip>
          <Tooltip content="Goes on to the next breakpoint, or to the end" shortcut={keys.on}>
            <Button
              size="sm"
              icon={FastForward}
              disabled={runs.isRunning}
              onClick={() => void runs.goOn('breakpoints')}
            >
              Continue
            </Button>
          </Tooltip>
          <Tooltip content="Ends the test; no further step is done">
            <Button size="sm" icon={Square} disabled={runs.isRunning} onClick={() => void runs.stop()}>
              Stop
            </Button>
          </Tooltip>
        </div>
      </div>
    </section>
  )
}
