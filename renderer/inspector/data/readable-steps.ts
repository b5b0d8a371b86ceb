import { findLoops, sortTopologically } from '../../../core/domain/zap/graph.ts'
import { type Graph, upstreamInOrder } from '../../draft/graph/step-reach.ts'

/** What templates of a step may read. */
export type Readable = {
  /** Ids of steps, the nearest first. */
  readonly steps: readonly string[]
  /** The loop, or the step that goes through a list, whose `item` and `index` they see: the innermost one. */
  readonly loop: string | null
}

/**
 * The steps whose output a step may use. What lies in the body of a loop can be read only inside that body, as there is one output
 * for each round; outside, the loop itself hands on what its rounds returned. A loop's own field that is asked after each round
 * (`own` is `body`) reads the body as well, and a field that is rendered for each item of a list (`item`) reads that.
 */
export function readableSteps(
  zap: Graph,
  stepId: string,
  isLoop: (id: string) => boolean,
  own: 'none' | 'body' | 'item' = 'none',
): Readable {
  const asksBody = own === 'body'
  const { order } = sortTopologically(
    zap.steps.map((step) => step.id),
    zap.edges,
  )
  const loopsOf = findLoops(order, zap.edges, isLoop)
  const around = loopsOf.get(stepId) ?? []
  const entered = new Set(asksBody ? [...around, stepId] : around)
  const isInside = (id: string): boolean => (loopsOf.get(id) ?? []).every((loop) => entered.has(loop))
  const body = asksBody ? order.filter((id) => loopsOf.get(id)?.includes(stepId) === true && isInside(id)) : []
  // A loop has no output yet while its body runs.
  const before = upstreamInOrder(zap, stepId).filter((id) => isInside(id) && !around.includes(id))
  return { steps: [...before, ...body].toReversed(), loop: (own === 'none' ? around.at(-1) : stepId) ?? null }
}
