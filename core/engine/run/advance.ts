import type { CompiledZap } from '../../domain/zap/graph.ts'
import { portOf, type Step } from '../../domain/zap/zap-file.ts'

/** How far a frame has come: which of its steps are done, with the ports that they took, and which were begun. */
export type Standing = {
  readonly outcomes: ReadonlyMap<string, { readonly ports: readonly string[] }>
  readonly started: ReadonlySet<string>
  /** The loop whose round the frame is; undefined for the zap itself. */
  readonly loopId: string | undefined
}

/** What has to be known of a step's action. */
export type Traits = {
  /** Whether it runs as soon as one of the connections that lead to it was taken. */
  joinsAny(step: Step): boolean
  /** The port that it takes when it is disabled, and so passed through. */
  passThrough(step: Step): string
}

/** What is to be done with a step that is ready. A step that is skipped takes these of its ports. */
export type Decision =
  | { readonly do: 'start'; readonly stepId: string }
  | { readonly do: 'skip'; readonly stepId: string; readonly ports: readonly string[] }

/**
 * Decides about the steps `from` of a frame, and about those behind the ones that are skipped. A step is ready when all connections that lead to
 * it are settled (or one of them was taken, if it joins any): it is started when one of them was taken, and skipped when none was. One that is
 * disabled is passed through. What is decided is to be done in this order.
 */
export function advance(zap: CompiledZap, standing: Standing, from: Iterable<string>, traits: Traits): Decision[] {
  const decisions: Decision[] = []
  /** Steps decided about here, with the ports that they took; null while they run. */
  const decided = new Map<string, readonly string[] | null>()
  const portsOf = (stepId: string): readonly string[] | null | undefined =>
    standing.outcomes.get(stepId)?.ports ?? decided.get(stepId)
  const queue = [...from]
  for (let stepId = queue.pop(); stepId !== undefined; stepId = queue.pop()) {
    const compiled = zap.steps.get(stepId)
    if (compiled === undefined || compiled.kind === 'trigger') continue
    if (standing.started.has(stepId) || standing.outcomes.has(stepId) || decided.has(stepId)) continue
    const { step, inbound } = compiled
    const isTaken = inbound.some((edge) => portsOf(edge.from)?.includes(portOf(edge)))
    const isSettled = inbound.every((edge) => portsOf(edge.from) != null)
    if (!isSettled && !(isTaken && traits.joinsAny(step))) continue
    if (isTaken && step.settings?.disabled !== true) {
      decided.set(stepId, null)
      decisions.push({ do: 'start', stepId })
      continue
    }
    const ports = isTaken ? [traits.passThrough(step)] : []
    decided.set(stepId, ports)
    decisions.push({ do: 'skip', stepId, ports })
    queue.push(...targetsIn(zap, stepId, standing.loopId))
  }
  return decisions
}

/** The steps that hang directly on a step, in the same round of the same loop. */
export function targetsIn(zap: CompiledZap, stepId: string, loopId: string | undefined): string[] {
  const outbound = zap.steps.get(stepId)?.outbound
  if (outbound === undefined) return []
  return [...outbound.values()].flat().filter((id) => zap.steps.get(id)?.loops.at(-1) === loopId)
}
