import type { ShownStepRun } from '../../steps/shown-step-run.ts'

/** A stretch of a step's time, in percent of the whole run. `pause` lies between two attempts, or is a wait. */
export type Segment = {
  readonly kind: 'attempt' | 'failed-attempt' | 'pause'
  readonly from: number
  readonly width: number
  readonly ms: number
}

export type WaterfallRow = {
  readonly step: ShownStepRun
  readonly segments: readonly Segment[]
  /** Of a replay: whether the step is of the run that it repeats, and was not done again. */
  readonly isTakenOver: boolean
  /** Milliseconds from the step's first attempt to its end, or to now. */
  readonly ms: number
}

/** Narrowest piece that can be seen, in percent. */
const THINNEST = 0.6

/**
 * The steps of a run on one scale of time. Steps that never began have no row. What is still under way ends at `now`. A replay `begins` at its
 * own time, so what was over before that has no place on its scale.
 */
export function waterfall(
  steps: readonly ShownStepRun[],
  now: number,
  begins: number | null = null,
): { rows: readonly WaterfallRow[]; totalMs: number } {
  const begun = steps.filter((step) => step.startedAt !== null)
  const isTakenOver = (step: ShownStepRun): boolean => begins !== null && endOf(step, now) < begins
  const own = begun.filter((step) => !isTakenOver(step))
  const first = begins ?? Math.min(...own.map((step) => Date.parse(step.startedAt ?? '')))
  const last = Math.max(...own.map((step) => endOf(step, now)))
  const totalMs = own.length === 0 ? 0 : Math.max(0, last - first)
  const scale = totalMs === 0 ? 0 : 100 / totalMs
  const place = (kind: Segment['kind'], from: number, to: number): Segment => {
    const ms = Math.max(0, to - from)
    const width = Math.min(100, Math.max(THINNEST, ms * scale))
    return { kind, from: Math.min((from - first) * scale, 100 - width), width, ms }
  }
  const rows = begun.map((step): WaterfallRow => {
    if (isTakenOver(step)) return { step, segments: [], isTakenOver: true, ms: 0 }
    const start = Date.parse(step.startedAt ?? '')
    const end = endOf(step, now)
    const segments: Segment[] = []
    let reached = start
    for (const attempt of step.attempts) {
      const from = Date.parse(attempt.startedAt)
      if (from > reached) segments.push(place('pause', reached, from))
      const to = attempt.finishedAt === null ? Math.max(from, end) : Date.parse(attempt.finishedAt)
      const isWaiting = attempt.finishedAt === null && step.status === 'waiting'
      segments.push(place(isWaiting ? 'pause' : attempt.error === null ? 'attempt' : 'failed-attempt', from, to))
      reached = to
    }
    // A trigger has no attempts, and a step that waits goes on after its last one.
    if (step.attempts.length === 0) segments.push(place('attempt', start, end))
    else if (step.status === 'waiting' && end > reached) segments.push(place('pause', reached, end))
    return { step, segments, isTakenOver: false, ms: end - start }
  })
  return { rows, totalMs }
}

function endOf(step: ShownStepRun, now: number): number {
  if (step.finishedAt !== null) return Date.parse(step.finishedAt)
  const start = Date.parse(step.startedAt ?? '')
  return step.status === 'running' || step.status === 'waiting' ? Math.max(now, start) : lastAttemptEnd(step, start)
}

function lastAttemptEnd(step: ShownStepRun, start: number): number {
  const finished = step.attempts.at(-1)?.finishedAt
  return finished === null || finished === undefined ? start : Date.parse(finished)
}
