import { ViewportPortal } from '@xyflow/react'
import { memo, useMemo } from 'react'
import type { Position } from '../../../core/domain/zap/zap-file.ts'
import { NODE_HEIGHT, NODE_WIDTH } from '../../draft/graph/node-size.ts'
import type { CardNode, StepEdge } from '../flow-graph.ts'
import { cellOf } from './picture-cells.ts'

type Look = 'plain' | 'taken' | 'selected'
type Path = { readonly key: string; readonly look: Look; line: string }

/**
 * The wires as a canvas that is seen from far away draws them: those that stand still are some large drawings, so that a
 * thousand of them cost little more than one, and those of the cards that are being dragged another, as a drawing that changes is
 * drawn anew wherever it reaches. `cards` are where they stand at rest.
 */
export const DistantWires = memo(function DistantWires({
  cards,
  edges,
  dragged,
  isNear,
}: {
  cards: readonly CardNode[]
  edges: readonly StepEdge[]
  dragged: ReadonlyMap<string, Position> | null
  /** Whether they stand beside wires that are drawn one by one. */
  isNear: boolean
}) {
  const byId = useMemo(() => new Map(cards.map((card) => [card.id, card])), [cards])
  // The same cards are dragged from beginning to end: only where they are changes.
  const draggedIds = dragged === null ? '' : [...dragged.keys()].join(' ')
  const [still, moving] = useMemo(() => {
    const ids = new Set(draggedIds.split(' '))
    const moves = (edge: StepEdge): boolean => ids.has(edge.source) || ids.has(edge.target)
    const { true: moving = [], false: still = [] } = Object.groupBy(edges, (edge) => (moves(edge) ? 'true' : 'false'))
    return [drawn(still, byId, null), moving]
  }, [edges, byId, draggedIds])
  return (
    <ViewportPortal>
      <Wires paths={still} isNear={isNear} />
      {moving.length > 0 && <Wires paths={drawn(moving, byId, dragged)} isNear={isNear} />}
    </ViewportPortal>
  )
})

const Wires = memo(function Wires({ paths, isNear }: { paths: readonly Path[]; isNear: boolean }) {
  return (
    <svg aria-hidden className="pointer-events-none absolute top-0 left-0 -z-1 overflow-visible">
      {paths.map(({ key, look, line }) => (
        <path key={key} className="distant-wires" data-look={look} data-near={isNear} d={line} />
      ))}
    </svg>
  )
})

function drawn(
  edges: readonly StepEdge[],
  cards: ReadonlyMap<string, CardNode>,
  dragged: ReadonlyMap<string, Position> | null,
): Path[] {
  const paths = new Map<string, Path>()
  const placeOf = (card: CardNode): Position => dragged?.get(card.id) ?? card.position
  for (const edge of edges) {
    const from = cards.get(edge.source)
    const to = cards.get(edge.target)
    if (!from || !to) continue
    const port = from.data.ports.find(({ id }) => id === edge.sourceHandle)
    const start = { x: placeOf(from).x + (port?.x ?? NODE_WIDTH / 2), y: placeOf(from).y + NODE_HEIGHT }
    const end = { x: placeOf(to).x + NODE_WIDTH / 2, y: placeOf(to).y }
    const look = edge.selected ? 'selected' : edge.data?.taken ? 'taken' : 'plain'
    const key = `${cellOf(start)} ${look}`
    const path = paths.get(key) ?? { key, look, line: '' }
    paths.set(key, path)
    path.line += `M${start.x} ${start.y}V${(start.y + end.y) / 2}H${end.x}V${end.y}`
  }
  return [...paths.values()]
}
