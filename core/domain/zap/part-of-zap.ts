import type { CompiledZap } from './graph.ts'
import { DONE_PORT, EACH_PORT, ERROR_PORT, MAIN_PORT, portOf, type ZapFile } from './zap-file.ts'

/** A zap, or the part of it that a step needs, and which of it may be given instead of run. */
export type PartOfZap = {
  readonly zap: ZapFile
  /**
   * Steps before the tested one whose outputs can be given, each with the ports that it then takes. Triggers are not among them, as an
   * event gives theirs, and neither are loops around the step: their rounds have to be run.
   */
  readonly givable: ReadonlyMap<string, readonly string[]>
}

/**
 * The part of a zap that leads to a step: the step, all that lies before it, and the bodies of the loops among these whose results it
 * needs. Everything else is left out.
 */
export function partUpTo({ file, steps }: CompiledZap, stepId: string): PartOfZap {
  const target = steps.get(stepId)
  if (target === undefined) throw new Error(`the zap "${file.name}" has no step ${stepId}`)
  const before = new Set([...target.upstream])
  // A loop around the step is run for its rounds; one before it, or itself, for what its whole body gives.
  const whole = new Set([...before, stepId].filter((id) => !target.loops.includes(id)))
  const kept = new Set(
    file.steps.flatMap(({ id }) => {
      const loops = steps.get(id)?.loops ?? []
      return id === stepId || before.has(id) || loops.some((loop) => whole.has(loop)) ? [id] : []
    }),
  )
  const edges = file.edges.filter((edge) => kept.has(edge.from) && kept.has(edge.to))
  const givable = new Map<string, readonly string[]>()
  for (const id of before) {
    const step = steps.get(id)
    if (step === undefined || step.kind === 'trigger' || step.loops.length > 0 || target.loops.includes(id)) continue
    const ports = edges.filter((edge) => edge.from === id).map(portOf)
    givable.set(
      id,
      [...new Set(ports)].filter((port) => port !== EACH_PORT),
    )
  }
  return { zap: { ...file, steps: file.steps.filter((step) => kept.has(step.id)), edges }, givable }
}

/**
 * All of a zap. Steps whose outputs can be given are those outside loops that have one way out, and loops as a whole: what decides where
 * the run goes has to be run, as no output says which way that was.
 */
export function wholeZap({ file, steps, bodies }: CompiledZap): PartOfZap {
  const givable = new Map<string, readonly string[]>()
  for (const [id, step] of steps) {
    if (step.kind === 'trigger' || step.loops.length > 0) continue
    const isLoop = bodies.has(id)
    const ways = [...step.outbound.keys()].filter((port) => port !== MAIN_PORT && port !== ERROR_PORT)
    if (isLoop) givable.set(id, [DONE_PORT])
    else if (ways.length === 0) givable.set(id, [MAIN_PORT])
  }
  return { zap: file, givable }
}
