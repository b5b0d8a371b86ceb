import { type Edge, portOf, type Step, type ZapFile } from '../../../core/domain/zap/zap-file.ts'
import type { IsTrigger } from '../../draft/graph/connection-rules.ts'
import { upstreamOf } from '../../draft/graph/step-reach.ts'
import type { OutputPort } from '../../steps/step-ports.ts'

/** What can be done at one output of a step: the steps that it may lead to, and those that it leads to already. */
export type PortChoices = {
  readonly port: string
  readonly label: string | null
  readonly free: readonly Step[]
  readonly taken: readonly { readonly step: Step; readonly edge: Edge }[]
}

/**
 * For each output of a step the steps that whyNotConnect allows, and those that are connected. Linear in steps and edges, as it is
 * asked for at every key that is typed.
 */
export function connectChoices(
  zap: Pick<ZapFile, 'steps' | 'edges'>,
  from: string,
  ports: readonly OutputPort[],
  isTrigger: IsTrigger,
): readonly PortChoices[] {
  const before = upstreamOf(zap.edges, from)
  const possible = zap.steps.filter((step) => step.id !== from && !isTrigger(step.uses) && !before.has(step.id))
  const byId = new Map(zap.steps.map((step) => [step.id, step]))
  return ports.map(({ id, label }) => {
    const edges = zap.edges.filter((edge) => edge.from === from && portOf(edge) === id)
    const taken = edges.flatMap((edge) => {
      const step = byId.get(edge.to)
      return step ? [{ step, edge }] : []
    })
    const led = new Set(edges.map((edge) => edge.to))
    return { port: id, label, taken, free: possible.filter((step) => !led.has(step.id)) }
  })
}
