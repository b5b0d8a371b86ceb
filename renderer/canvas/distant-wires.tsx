import { ViewportPortal } from '@xyflow/react'
import { memo, useMemo } from 'react'
import type { CardNode, StepEdge } from './flow-graph.ts'
import { NODE_HEIGHT, NODE_WIDTH } from './node-size.ts'

type Look = 'plain' | 'taken' | 'selected'

/** All wires in one drawing, for a canvas that is seen from far away: a thousand of them cost no more than one. */
export const DistantWires = memo(function DistantWires(props: {
  nodes: readonly CardNode[]
  edges: readonly StepEdge[]
}) {
  const paths = useMemo(() => drawn(props.nodes, props.edges), [props.nodes, props.edges])
  return (
    <ViewportPortal>
      <svg aria-hidden className="pointer-events-none absolute top-0 left-0 -z-1 overflow-visible">
        {[...paths].map(([look, path]) => (
          <path key={look} className="distant-wires" data-look={look} d={path} />
        ))}
      </svg>
    </ViewportPortal>
  )
})

function drawn(nodes: readonly CardNode[], edges: readonly StepEdge[]): ReadonlyMap<Look, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const paths = new Map<Look, string>()
  for (const edge of edges) {
    const from = byId.get(edge.source)
    const to = byId.get(edge.target)
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
