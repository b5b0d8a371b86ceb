import type { ShownStepRun } from '../canvas/shown-step-run.ts'
import { classNames } from '../ui/class-names.ts'
import { formatDuration } from '../ui/duration.ts'
import { StatusIcon } from '../ui/status-badge.tsx'
import { useNow } from '../ui/use-now.ts'
import { type Segment, waterfall } from './waterfall.ts'

const FILLS: Readonly<Record<Exclude<Segment['kind'], 'attempt'>, string>> = {
  'failed-attempt': 'h-2 rounded-sm bg-error',
  pause: 'h-px border-t border-dashed border-waiting',
}
const SAYS: Readonly<Record<Segment['kind'], string>> = {
  attempt: 'attempt',
  'failed-attempt': 'failed attempt',
  pause: 'pause',
}

/** An attempt without an error: it goes on, it was good, or it was broken off. */
function attemptFill(status: ShownStepRun['status']): string {
  if (status === 'running') return 'h-2 rounded-sm bg-running animate-pulse'
  return `h-2 rounded-sm ${status === 'succeeded' ? 'bg-success' : 'bg-line-strong'}`
}

/** When each step ran and how long it took, one line a step, on the scale of the whole run. */
export function RunTimeline({
  steps,
  nameOf,
  selected,
  onSelect,
}: {
  steps: readonly ShownStepRun[]
  nameOf: (step: string) => string
  selected: { step: string; scope: string } | null
  onSelect: (step: ShownStepRun) => void
}) {
  const isOpen = steps.some((step) => step.status === 'running' || step.status === 'waiting')
  const now = useNow(isOpen)
  const { rows, totalMs } = waterfall(steps, now)
  if (rows.length === 0) return null
  return (
    <section aria-label="Timeline" className="flex max-h-[36%] shrink-0 flex-col border-t border-line bg-surface">
      <div className="flex h-8 shrink-0 items-center justify-between px-4 text-sm text-ink-faint">
        <h2 className="font-medium text-ink-soft">Timeline</h2>
        <span>{formatDuration(totalMs)}</span>
      </div>
      <ul className="overflow-y-auto px-2 pb-2">
        {rows.map(({ step, segments, ms }) => {
          const isSelected = selected?.step === step.step && selected.scope === step.scope
          return (
            <li key={`${step.step} ${step.scope}`}>
              <button
                type="button"
                aria-pressed={isSelected}
                onClick={() => onSelect(step)}
                className={classNames(
                  'grid h-7 w-full grid-cols-[minmax(120px,200px)_1fr_76px] items-center gap-3 rounded-sm px-2 text-left text-sm',
                  isSelected ? 'bg-accent-soft' : 'hover:bg-hover',
                )}
              >
                <span className="flex min-w-0 items-center gap-1.5">
                  <StatusIcon status={step.status} size={13} />
                  <span className="truncate">{nameOf(step.step)}</span>
                  {step.scope !== '' && <span className="text-ink-faint">{step.scope}</span>}
                </span>
                <span aria-hidden className="relative h-full">
                  {segments.map((segment) => (
                    <span
                      key={`${segment.kind} ${segment.from}`}
                      title={`${SAYS[segment.kind]}, ${formatDuration(segment.ms)}`}
                      className={classNames(
                        'absolute top-1/2 -translate-y-1/2',
                        segment.kind === 'attempt' ? attemptFill(step.status) : FILLS[segment.kind],
                      )}
                      style={{ left: `${segment.from}%`, width: `${segment.width}%` }}
                    />
                  ))}
                </span>
                <span className="text-right text-ink-soft tabular-nums">{formatDuration(ms)}</span>
              </button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
