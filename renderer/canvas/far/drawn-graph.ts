import { useMemo } from 'react'
import type { CanvasNode } from '../cards/annotation-nodes.ts'
import { NO_WIRES, type StepEdge } from '../flow-graph.ts'
import { type Detail, DISTANT, useIsDistant } from './distance.ts'
import type { Held } from './use-held-zoom.ts'

/** What of a zap is drawn as cards and wires, and what as a picture. */
export type DrawnGraph = {
  readonly detail: Detail
  readonly nodes: CanvasNode[]
  readonly edges: StepEdge[]
  /** The wires that are drawn many at once. */
  readonly pictured: readonly StepEdge[]
}

/** Decides it by how far away the canvas is, and by what it is held at. Must stand inside a React Flow. */
export function useDrawnGraph(nodes: CanvasNode[], edges: StepEdge[], held: Held | null): DrawnGraph {
  const isDistant = useIsDistant()
  return useMemo(() => {
    if (held !== null) return heldGraph(nodes, edges, held)
    return isDistant
      ? { detail: 'distant', nodes, edges: NO_WIRES, pictured: edges }
      : { detail: 'near', nodes, edges, pictured: NO_WIRES }
  }, [nodes, edges, held, isDistant])
}

/** Every wire is drawn or pictured, and one that is drawn has both its cards. */
export function heldGraph(nodes: CanvasNode[], edges: StepEdge[], { ids, zoom }: Held): DrawnGraph {
  const staying = { detail: 'as-it-is' as const, nodes: nodes.filter(({ id }) => ids.has(id)) }
  if (zoom < DISTANT) return { ...staying, edges: NO_WIRES, pictured: edges }
  const { true: drawn = NO_WIRES, false: pictured = NO_WIRES } = Object.groupBy(edges, ({ source, target }) =>
    ids.has(source) && ids.has(target) ? 'true' : 'false',
  )
  return { ...staying, edges: drawn, pictured }
}
