import { Repeat } from 'lucide-react'
import { type ShownStepRun, shownStatus } from '../../steps/shown-step-run.ts'
import { classNames } from '../../ui/look/class-names.ts'
import { StatusIcon } from '../../ui/look/status-badge.tsx'
import { formatDuration } from '../../ui/words/duration.ts'
import { useNow } from '../../ui/words/use-now.ts'
import { RoundPicker } from './round-picker.tsx'
import { type LoopsOf, roundsInAll, roundsOfLoop, runsOfRound } from './rounds.ts'
import { timelineLines } from './timeline-lines.ts'
import { type Segment, type WaterfallRow, waterfall } from './waterfall.ts'

const FILLS: Readonly<Record<Exclude<Segment['kind'], 'attempt'>, string>> = {
  'failed-attempt': 'h-2 rounded-sm bg-error',
  pause: 'h-px border-t border-dashed border-waiting',
}
/** Pixels that the body of a loop stands in. */
const INDENT = 16

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

/**
 * When each step ran and how long it took, one line a step, on the scale of the whole run. The body of a loop shows one round, which
 * is chosen right below the loop.
 */
export function RunTimeline({
  steps,
  begins,
  loopsOf,
  nameOf,
  selected,
  round,
  onSelect,
  onRound,
}: {
  steps: readonly ShownStepRun[]
  /** When a replay began, in milliseconds since 1970; null for a first run. */
  begins: number | null
  loopsOf: LoopsOf
  nameOf: (step: string) => string
  selected: string | null
  /** The round that is looked at, or the empty text. */
  round: string
  onSelect: (step: ShownStepRun) => void
  onRound: (scope: string) => void
}) {
  const isOpen = steps.some((step) => step.status === 'running' || step.status === 'waiting')
  const now = useNow(isOpen)
  const { rows, totalMs } = waterfall(runsOfRound(steps, round), now, begins)
  if (rows.length === 0) return null
  return (
    <section aria-label="Timeline" className="flex max-h-[36%] shrink-0 flex-col border-t border-line bg-surface">
      <div className="flex h-8 shrink-0 items-center justify-between px-4 text-sm text-ink-faint">
        <h2 className="font-medium text-ink-soft">Timeline</h2>
        <span>{formatDuration(totalMs)}</span>
      </div>
      <ul className="overflow-y-auto px-2 pb-2">
        {timelineLines(rows, loopsOf).map((line) =>
          line.kind === 'rounds' ? (
            <li
              key={`rounds ${line.loop}`}
              className="flex min-h-7 items-center gap-1.5 py-0.5"
              style={{ paddingLeft: line.depth * INDENT }}
            >
              <Repeat size={13} aria-hidden className="shrink-0 text-cat-logic" />
              <LoopRounds
                loop={line.loop}
                label={`Round of ${nameOf(line.loop)}`}
                steps={steps}
                loopsOf={loopsOf}
                round={round}
                shown={rows}
                onRound={onRound}
              />
            </li>
          ) : (
            <li key={line.row.step.step}>
              <StepLine
                row={line.row}
                depth={line.depth}
                name={nameOf(line.row.step.step)}
                isSelected={selected === line.row.step.step}
                onSelect={() => onSelect(line.row.step)}
              />
            </li>
          ),
        )}
      </ul>
    </section>
  )
}

function LoopRounds(props: {
  loop: string
  label: string
  steps: readonly ShownStepRun[]
  loopsOf: LoopsOf
  round: string
  shown: readonly WaterfallRow[]
  onRound: (scope: string) => void
}) {
  const { loop, steps, loopsOf } = props
  // The scope of the loop's own line says which round of the loops around it is shown.
  const outer = props.shown.find((row) => row.step.step === loop)?.step
  const body = props.shown.find((row) => loopsOf.get(row.step.step)?.includes(loop) === true)?.step.scope ?? ''
  const depth = (loopsOf.get(loop)?.length ?? 0) + 1
  return (
    <RoundPicker
      label={props.label}
      rounds={roundsOfLoop(loop, steps, loopsOf, outer?.scope ?? '')}
      total={roundsInAll(outer)}
      scope={body.split('.').slice(0, depth).join('.')}
      onScope={props.onRound}
    />
  )
}

function StepLine({
  row: { step, segments, ms, isTakenOver },
  depth,
  name,
  isSelected,
  onSelect,
}: {
  row: WaterfallRow
  depth: number
  name: string
  isSelected: boolean
  onSelect: () => void
}) {
  return (
    <button
      type="button"
      aria-pressed={isSelected}
      onClick={onSelect}
      className={classNames(
        'grid h-7 w-full grid-cols-[minmax(120px,200px)_1fr_76px] items-center gap-3 rounded-sm px-2 text-left text-sm',
        isSelected ? 'bg-accent-soft' : 'hover:bg-hover',
      )}
    >
      <span className="flex min-w-0 items-center gap-1.5" style={{ paddingLeft: depth * INDENT }}>
        <StatusIcon status={shownStatus(step)} size={13} />
        <span className="truncate">{name}</span>
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
      <span
        className="truncate text-right text-ink-soft tabular-nums"
        title={isTakenOver ? 'Taken over from the run that this one repeats' : undefined}
      >
        {isTakenOver ? 'taken over' : formatDuration(ms)}
      </span>
    </button>
  )
}
