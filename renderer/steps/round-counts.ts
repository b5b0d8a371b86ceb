import type { RoundCounts, ShownStepRun } from './shown-step-run.ts'

type Status = ShownStepRun['status']

/** Statuses from the one that tells most to the one that tells least. */
const BY_INTEREST: readonly Status[] = [
  'failed',
  'needs-review',
  'waiting',
  'running',
  'filtered',
  'succeeded',
  'skipped',
  'pending',
]

/** Counts statuses, one for each round. Rounds that did not come this way count for nothing. */
export function countRounds(statuses: readonly Status[]): RoundCounts {
  const of = (...wanted: readonly Status[]): number => statuses.filter((status) => wanted.includes(status)).length
  return {
    ok: of('succeeded'),
    failed: of('failed'),
    waiting: of('waiting', 'needs-review'),
    running: of('running'),
  }
}

/** The counts in words, without those that are zero: `18 ok · 2 failed`. */
export function countWords({ ok, failed, waiting, running }: RoundCounts): string {
  const parts = [
    ok > 0 && `${ok} ok`,
    failed > 0 && `${failed} failed`,
    waiting > 0 && `${waiting} waiting`,
    running > 0 && `${running} running`,
  ].filter((part) => part !== false)
  return parts.length === 0 ? 'none ran' : parts.join(' · ')
}

/** The status that tells most of several rounds. */
export function tellingStatus(statuses: readonly Status[]): Status {
  return BY_INTEREST.find((status) => statuses.includes(status)) ?? 'pending'
}

/**
 * One run a step, as a canvas draws it: a step that ran in several rounds stands as its worst one does, has taken every way that one of
 * them took, and carries the counts.
 */
export function mergedRounds(steps: readonly ShownStepRun[]): ReadonlyMap<string, ShownStepRun> {
  const merged = new Map<string, ShownStepRun>()
  for (const [id, runs] of Map.groupBy(steps, (run) => run.step)) {
    const status = tellingStatus(runs.map((run) => run.status))
    const [first] = runs
    const telling = runs.find((run) => run.status === status) ?? first
    if (telling === undefined) continue
    if (runs.length === 1 && telling.scope === '') merged.set(id, telling)
    else {
      const ports = [...new Set(runs.flatMap((run) => run.ports))]
      merged.set(id, { ...telling, ports, rounds: countRounds(runs.map((run) => run.status)) })
    }
  }
  return merged
}
