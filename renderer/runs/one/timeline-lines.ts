import type { LoopsOf } from './rounds.ts'
import type { WaterfallRow } from './waterfall.ts'

/** A line of the timeline: a step, or the choice of a loop's round, below which the steps of that round stand. */
export type TimelineLine =
  | { readonly kind: 'step'; readonly row: WaterfallRow; readonly depth: number }
  | { readonly kind: 'rounds'; readonly loop: string; readonly depth: number }

/** The rows in the order of the graph, but the body of a loop right below its loop. */
export function timelineLines(rows: readonly WaterfallRow[], loopsOf: LoopsOf): readonly TimelineLine[] {
  const known = new Set(rows.map((row) => row.step.step))
  // A loop of which nothing is told does not hold its body together.
  const around = (row: WaterfallRow): readonly string[] =>
    (loopsOf.get(row.step.step) ?? []).filter((loop) => known.has(loop))
  const bodies = Map.groupBy(rows, (row) => around(row).at(-1) ?? null)
  const linesOf = (loop: string | null, depth: number): readonly TimelineLine[] =>
    (bodies.get(loop) ?? []).flatMap((row) => {
      const { step } = row.step
      const line: TimelineLine = { kind: 'step', row, depth }
      if (!bodies.has(step)) return [line]
      return [line, { kind: 'rounds', loop: step, depth: depth + 1 }, ...linesOf(step, depth + 1)]
    })
  return linesOf(null, 0)
}
