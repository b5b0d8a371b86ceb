import { ViewportPortal } from '@xyflow/react'
import { memo } from 'react'
import type { Position } from '../../core/domain/zap-file.ts'
import type { CardNode, StepEdge } from './flow-graph.ts'
import { NODE_HEIGHT, NODE_WIDTH } from './node-size.ts'

type Look = 'plain' | 'taken' | 'selected'

/**
 * The wires as a canvas that is seen from far away draws them: those that stand still are one drawing, so that a thousand of
 * them cost no more than one, and those of the cards that are being dragged another, as a drawing that changes is drawn anew
 * wherever it reaches.
 */
export const DistantWires = memo(function DistantWires({
  nodes,
  edges,
  dragged,
}: {
  nodes: readonly CardNode[]
  edges: readonly StepEdge[]
  dragged: ReadonlyMap<string, Position> | null
}) {
  const moves = (edge: StepEdge): boolean => dragged?.has(edge.source) || dragged?.has(edge.target) || false
  const byId = new Map(nodes.map((node) => [node.id, node]))
  return (
    <ViewportPortal>
      <Wires paths={drawn(byId, dragged ? edges.filter((edge) => !moves(edge)) : edges)} />
      {dragged && <Wires paths={drawn(byId, edges.filter(moves))} />}
    </ViewportPortal>
  )
})

function Wires({ paths }: { paths: ReadonlyMap<Look, string> }) {
  return (
    <svg aria-hidden className="pointer-events-none absolute top-0 left-0 -z-1 overflow-visible">
      {[...paths].map(([look, path]) => (
        <path key={look} className="distant-wires" data-look={look} d={path} />
      ))}
    </svg>
  )
}

function drawn(nodes: ReadonlyMap<string, CardNode>, edges: readonly StepEdge[]): ReadonlyMap<Look, string> {
  const paths = new Map<Look, string>()
  for (const edge of edges) {
    const from = nodes.get(edge.source)
    const to = nodes.get(edge.target)
    if (!from || !to) continue
    const port = from.data.ports.find(({ id }) => id === edge.sourceHandle)
    const start = { x: from.position.x + (port?.x ?? NODE_WIDTH / 2), y: from.position.y + NODE_HEIGHT }
    const end = { x: to.position.x + NODE_WIDTH / 2, y: to.position.y }
    const look = edge.selected ? 'selected' : edge.data?.taken ? 'taken' : 'plain'
    const line = `M${start.x} ${start.y}V${(start.y + end.y) / 2}H${end.x}V${end.y}`
    paths.set(look, (paths.get(look) ?? '') + line)
  }
  return paths
}
