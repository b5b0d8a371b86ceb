import type { RunSummary, StepRun } from '../../core/contract/values.ts'
import { MAIN_PORT, type ZapFile } from '../../core/domain/zap-file.ts'
import type { RoundCounts } from './round-counts.ts'

/** A step of a run as a person is to see it. `rounds` is there where it stands for several rounds of a loop. */
export type ShownStepRun = Omit<StepRun, 'status'> & {
  readonly status: StepRun['status'] | 'needs-review'
  readonly rounds?: RoundCounts
}

/** How a step of a run stands, as badges say it: a test may have taken its output from elsewhere, or may stand before it. */
export function shownStatus(
  run: Pick<ShownStepRun, 'status' | 'given' | 'waitsFor'>,
): ShownStepRun['status'] | 'given' | 'paused' {
  if (run.given !== null) return 'given'
  return run.waitsFor === 'pause' ? 'paused' : run.status
}

/**
 * The steps of a run. Where Hookline stopped in the middle of one and asks a person, that step is not running any more. While the
 * run goes on, a step without a row may be under way: what has no effect is written down when it is done.
 */
export function shownStepRuns(
  run: Pick<RunSummary, 'status'>,
  steps: readonly StepRun[],
  edges: ZapFile['edges'],
): readonly ShownStepRun[] {
  if (run.status === 'running') return [...steps, ...underWay(steps, edges)]
  if (run.status !== 'needs-review') return steps
  return steps.map((step) => (step.status === 'running' ? { ...step, status: 'needs-review' } : step))
}

/** The steps outside of loops that are ready and not written down: all that comes into them is settled, and one way was taken. */
function underWay(steps: readonly StepRun[], edges: ZapFile['edges']): readonly StepRun[] {
  const known = new Map(steps.filter((one) => one.scope === '').map((one) => [one.step, one]))
  const inbound = Map.groupBy(edges, (edge) => edge.to)
  return [...inbound].flatMap(([step, into]) => {
    if (known.has(step)) return []
    const before = into.map((edge) => ({ edge, from: known.get(edge.from) }))
    const isReady =
      before.every(({ from }) => from !== undefined && SETTLED.has(from.status)) &&
      before.some(({ edge, from }) => from?.ports.includes(edge.port ?? MAIN_PORT))
    if (!isReady) return []
    const since = before
      .map(({ from }) => from?.finishedAt ?? '')
      .toSorted()
      .at(-1)
    return [{ ...UNWRITTEN, step, startedAt: since === undefined || since === '' ? null : since }]
  })
}

const SETTLED: ReadonlySet<StepRun['status']> = new Set(['succeeded', 'failed', 'skipped'])

const UNWRITTEN: Omit<StepRun, 'step' | 'startedAt'> = {
  scope: '',
  status: 'running',
  given: null,
  input: null,
  output: null,
  ports: [],
  finishedAt: null,
  nextAttemptAt: null,
  waitsFor: null,
  approval: null,
  calledRunId: null,
  maxAttempts: null,
  attempts: [],
}
