import type { Json } from '../values/json.ts'
import type { CompiledZap } from './graph.ts'

/**
 * What a zap, or one round of a loop's body, gave in the end: the output of its last step, that is of the last one in the order of the
 * zap that ran and on which nothing else there hangs; null when none of those ran. `outcomeOf` knows a step's taken ports and output.
 */
export function lastOutput(
  zap: CompiledZap,
  loopId: string | null,
  outcomeOf: (stepId: string) => { readonly ports: readonly string[]; readonly output: Json } | undefined,
): Json {
  const steps = loopId === null ? zap.order : (zap.bodies.get(loopId) ?? [])
  for (const stepId of steps.toReversed()) {
    const compiled = zap.steps.get(stepId)
    if (compiled === undefined || (compiled.loops.at(-1) ?? null) !== loopId) continue
    const isLast = [...compiled.outbound.values()]
      .flat()
      .every((target) => (zap.steps.get(target)?.loops.at(-1) ?? null) !== loopId)
    const outcome = isLast ? outcomeOf(stepId) : undefined
    if (outcome !== undefined && outcome.ports.length > 0) return outcome.output
  }
  return null
}
