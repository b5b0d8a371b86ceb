import { type Edge, portOf, type ZapFile } from '../../../core/domain/zap/zap-file.ts'
import { downstreamOf } from './step-reach.ts'

/** Whether a connector id is that of a trigger. */
export type IsTrigger = (uses: string) => boolean

/** Why an edge cannot be drawn, as a sentence for the person who tried; null when it can. */
export function whyNotConnect(zap: ZapFile, edge: Edge, isTrigger: IsTrigger): string | null {
  const from = zap.steps.find((step) => step.id === edge.from)
  const to = zap.steps.find((step) => step.id === edge.to)
  if (!from || !to) return 'That step is no longer there.'
  if (from === to) return 'A step cannot be connected to itself.'
  if (isTrigger(to.uses)) return 'Nothing can lead into a trigger: triggers are where a zap begins.'
  if (zap.edges.some((other) => sameEdge(other, edge))) return 'These two steps are already connected.'
  if (downstreamOf(zap.edges, edge.to).has(edge.from)) return 'That would make a loop: steps only run forwards.'
  return null
}

/** Whether two edges join the same port to the same step. */
export function sameEdge(a: Edge, b: Edge): boolean {
  return a.from === b.from && a.to === b.to && portOf(a) === portOf(b)
}

/** A name for an edge that is the same for equal edges. `>` cannot occur in a step id. */
export function edgeKey(edge: Edge): string {
  return `${edge.from}>${portOf(edge)}>${edge.to}`
}
