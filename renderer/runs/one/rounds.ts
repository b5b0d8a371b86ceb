import { isJsonObject } from '../../../core/domain/values/json.ts'
import { countRounds, tellingStatus } from '../../steps/round-counts.ts'
import type { RoundCounts, ShownStepRun } from '../../steps/shown-step-run.ts'
import { tellingStep } from './telling-step.ts'

/** One round of a loop: `3`, or inside another loop `3.0`. */
export type Round = { readonly scope: string; readonly status: ShownStepRun['status'] }

/** The loops in whose bodies each step lies, the outermost first. */
export type LoopsOf = ReadonlyMap<string, readonly string[]>

/** What a person calls a round: `Item 4`, `Item 4 › item 1`. Rounds are counted from 0, and people count from 1. */
export function roundLabel(scope: string): string {
  return partsOf(scope)
    .map((part, depth) => `${depth === 0 ? 'Item' : 'item'} ${part + 1}`)
    .join(' › ')
}

/**
 * Of every step the one run that belongs to the round which is looked at: the same round, one around it, or one within it. Steps of
 * other loops show their most telling round.
 */
export function runsOfRound(steps: readonly ShownStepRun[], round: string): readonly ShownStepRun[] {
  return [...Map.groupBy(steps, (run) => run.step).values()].flatMap((runs) => {
    if (runs.length === 1) return runs
    const same = runs.filter((run) => areOneRound(run.scope, round))
    return tellingStep(same.length > 0 ? same : runs) ?? []
  })
}

/** The rounds that a loop went through, inside the round that is looked at where loops lie in each other. */
export function roundsOfLoop(
  loop: string,
  steps: readonly ShownStepRun[],
  loopsOf: LoopsOf,
  round: string,
): readonly Round[] {
  const depth = (loopsOf.get(loop)?.length ?? 0) + 1
  const outer = partsOf(round).slice(0, depth - 1)
  const inBody = steps.filter((run) => {
    const parts = partsOf(run.scope)
    return (
      loopsOf.get(run.step)?.includes(loop) === true &&
      parts.length >= depth &&
      outer.every((part, at) => parts[at] === part)
    )
  })
  const byRound = Map.groupBy(inBody, (run) => partsOf(run.scope).slice(0, depth).join('.'))
  return [...byRound]
    .map(([scope, runs]) => ({ scope, status: roundStatus(runs) }))
    .toSorted((a, b) => compareScopes(a.scope, b.scope))
}

/**
 * How many rounds stand how. Of a loop with many rounds only some of those that succeeded are told; `total`, where it is known, says
 * how many there were in all.
 */
export function countsOf(rounds: readonly Round[], total: number | null = null): RoundCounts {
  const counts = countRounds(rounds.map((round) => round.status))
  return total === null || total <= rounds.length ? counts : { ...counts, ok: counts.ok + total - rounds.length }
}

/** How many rounds a loop that has ended went through, as far as its list or its results tell. */
export function roundsInAll(loop: ShownStepRun | undefined): number | null {
  if (loop === undefined || loop.finishedAt === null) return null
  const results = isJsonObject(loop.output) ? loop.output.results : undefined
  return Array.isArray(results) ? results.length : null
}

/** The round after (1) or before (-1) another, if there is one; with `failed`, the next that did not succeed. */
export function neighbour(rounds: readonly Round[], scope: string, by: -1 | 1, failed = false): Round | undefined {
  const at = rounds.findIndex((round) => round.scope === scope)
  const others = by === 1 ? rounds.slice(at + 1) : rounds.slice(0, Math.max(0, at)).toReversed()
  return failed ? others.find((round) => round.status === 'failed') : others[0]
}

/** Outer rounds before inner ones, and each by its number. */
export function compareScopes(a: string, b: string): number {
  const left = partsOf(a)
  const right = partsOf(b)
  for (const [at, part] of left.entries()) {
    const other = right[at]
    if (other === undefined) return 1
    if (part !== other) return part - other
  }
  return left.length - right.length
}

// A round in which a step was left out is done all the same.
function roundStatus(runs: readonly ShownStepRun[]): ShownStepRun['status'] {
  return tellingStatus(runs.map((run) => run.status))
}

function areOneRound(scope: string, round: string): boolean {
  const a = partsOf(scope)
  const b = partsOf(round)
  return b.length > 0 && a.every((part, at) => b[at] === undefined || b[at] === part)
}

function partsOf(scope: string): readonly number[] {
  return scope === '' ? [] : scope.split('.').map(Number)
}
