import type { RunSummary, StepRun } from '../../core/contract/values.ts'
import { EACH_PORT, portOf, type ZapFile } from '../../core/domain/zap/zap-file.ts'

/** How the rounds of a loop, or of a step in its body, stand. */
export type RoundCounts = {
  readonly ok: number
  readonly failed: number
  readonly waiting: number
  readonly running: number
}

/** A step of a run as a person is to see it. `rounds` is there where it stands for several rounds of a loop. */
export type ShownStepRun = Omit<StepRun, 'status'> & {
  readonly status: StepRun['status'] | 'needs-review' | 'filtered'
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
 * The steps of a run. Of one that was filtered, those that let nothing through say so. Where Hookline stopped in the middle of one and asks a person, that step is not running any more. While the
 * run goes on, a step may be under way that the host calls pending: what has no effect is written down when it is done.
 */
export function shownStepRuns(
  run: Pick<RunSummary, 'status' | 'shownAs'>,
  steps: readonly StepRun[],
  edges: ZapFile['edges'],
): readonly ShownStepRun[] {
  if (run.status === 'running') return withThoseUnderWay(steps, edges)
  if (run.shownAs === 'filtered')
    return steps.map((step) => (letNothingThrough(step) ? { ...step, status: 'filtered' } : step))
  if (run.status !== 'needs-review') return steps
  return steps.map((step) => (step.status === 'running' ? { ...step, status: 'needs-review' } : step))
}

function letNothingThrough({ scope, status, ports }: StepRun): boolean {
  return scope === '' && status === 'succeeded' && ports.length === 0
}

/** Outside of loops, a pending step is under way when all that comes into it is settled, and one of those ways was taken. */
function withThoseUnderWay(steps: readonly StepRun[], edges: ZapFile['edges']): readonly StepRun[] {
  const outer = new Map(steps.filter((one) => one.scope === '').map((one) => [one.step, one]))
  const inbound = Map.groupBy(edges, (edge) => edge.to)
  return steps.map((step) => {
    if (step.status !== 'pending') return step
    const before = (inbound.get(step.step) ?? []).map((edge) => ({ edge, from: outer.get(edge.from) }))
    const isReady =
      before.every(({ from }) => from !== undefined && SETTLED.has(from.status)) &&
      before.some(({ edge, from }) => portOf(edge) !== EACH_PORT && from?.ports.includes(portOf(edge)))
    if (!isReady) return step
    const since = before.flatMap(({ from }) => from?.finishedAt ?? []).toSorted()
    return { ...step, status: 'running', startedAt: since.at(-1) ?? null }
  })
}

const SETTLED: ReadonlySet<StepRun['status']> = new Set(['succeeded', 'failed', 'skipped'])
