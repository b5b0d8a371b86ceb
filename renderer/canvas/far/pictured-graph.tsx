import type { Position } from '../../../core/domain/zap/zap-file.ts'
import { CardShapes } from '../cards/card-shapes.tsx'
import type { CardNode } from '../flow-graph.ts'
import { DISTANT } from './distance.ts'
import { DistantWires } from './distant-wires.tsx'
import type { DrawnGraph } from './drawn-graph.ts'
import type { Held } from './use-held-zoom.ts'

/** What of a zap is drawn as a picture, below its cards. */
export function PicturedGraph({
  graph,
  held,
  cards,
  dragged,
}: {
  graph: DrawnGraph
  held: Held | null
  cards: readonly CardNode[]
  dragged: ReadonlyMap<string, Position> | null
}) {
  // The same for as long as it is held: otherwise everything would be drawn anew.
  const isNear = held !== null && held.zoom >= DISTANT
  return (
    <>
      {held !== null && <CardShapes cards={cards} isNear={isNear} />}
      {graph.pictured.length > 0 && (
        <DistantWires cards={cards} edges={graph.pictured} dragged={dragged} isNear={isNear} />
      )}
    </>
  )
}
