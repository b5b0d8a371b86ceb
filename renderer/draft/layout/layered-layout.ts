import type { Position } from '../../../core/domain/zap/zap-file.ts'
import { GAP_X, GAP_Y } from '../graph/node-size.ts'
import { depths } from '../graph/step-reach.ts'

const SWEEPS = 4

/** Something to be placed: a card, or a block of cards that stay together. */
export type Box = { readonly id: string; readonly width: number; readonly height: number }

/** A connection of two boxes. `fromX` and `toX` say where it meets them, in pixels from their middles. */
export type Link = { readonly from: string; readonly to: string; readonly fromX: number; readonly toX: number }

type Graph = { readonly boxes: readonly Box[]; readonly links: readonly Link[] }
/** A box that another is connected with, and how far from its middle that one's would stand if the link were upright. */
type Neighbour = { readonly id: string; readonly shift: number }
type Neighbours = ReadonlyMap<string, readonly Neighbour[]>

/**
 * Upper left corners of boxes in rows from top to bottom: a box stands below everything that leads to it, branches side by side
 * under the box that they leave, and separate flows next to each other. The same graph always has the same picture. Layered
 * drawing after Sugiyama: rows by longest path, order within a row by the neighbours' average, then columns.
 */
export function layeredLayout(graph: Graph): ReadonlyMap<string, Position> {
  const positions = new Map<string, Position>()
  let left = 0
  for (const flow of separateFlows(graph)) {
    const corners = layOut(flow)
    const from = Math.min(...[...corners.values()].map((at) => at.x))
    let right = left
    for (const box of flow.boxes) {
      const at = corners.get(box.id) ?? { x: 0, y: 0 }
      const x = left + at.x - from
      positions.set(box.id, { x: Math.round(x), y: Math.round(at.y) })
      right = Math.max(right, x + box.width + GAP_X)
    }
    left = Math.ceil(right)
  }
  return positions
}

function layOut({ boxes, links }: Graph): ReadonlyMap<string, Position> {
  const depth = depths({ steps: boxes, edges: links })
  const rows: Box[][] = []
  for (const box of boxes) {
    const row = depth.get(box.id) ?? 0
    while (rows.length <= row) rows.push([])
    rows[row]?.push(box)
  }
  const above = neighbours(links, 'to', 'from')
  const below = neighbours(links, 'from', 'to')
  const place = new Map(rows.flatMap((row) => row.map((box, index) => [box.id, index])))
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const row of rows) sortByNeighbours(row, above, place)
    for (const row of rows.toReversed()) sortByNeighbours(row, below, place)
  }
  const middle = new Map<string, number>()
  for (const row of rows) {
    let x = 0
    for (const box of row) {
      middle.set(box.id, x + box.width / 2)
      x += box.width + GAP_X
    }
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const row of rows) settle(row, above, below, middle)
    for (const row of rows.toReversed()) settle(row, above, below, middle)
  }
  const corners = new Map<string, Position>()
  let y = 0
  for (const row of rows) {
    for (const box of row) corners.set(box.id, { x: (middle.get(box.id) ?? 0) - box.width / 2, y })
    if (row.length > 0) y += Math.max(...row.map((box) => box.height)) + GAP_Y
  }
  return corners
}

/** `place` is where each box stands in its row, and is kept true. */
function sortByNeighbours(row: Box[], near: Neighbours, place: Map<string, number>): void {
  const key = new Map(
    row.map(({ id }) => {
      const ids = near.get(id) ?? []
      const sum = ids.reduce((total, one) => total + (place.get(one.id) ?? 0), 0)
      return [id, ids.length > 0 ? sum / ids.length : (place.get(id) ?? 0)]
    }),
  )
  row.sort((a, b) => (key.get(a.id) ?? 0) - (key.get(b.id) ?? 0))
  for (const [index, { id }] of row.entries()) place.set(id, index)
}

// Moves every box of a row over the middle of what follows it (a last one: under the middle of what it follows), as near
// as the others of the row allow; and the row as a whole, so that what one box gives way to one side is shared by all.
function settle(row: readonly Box[], above: Neighbours, below: Neighbours, middle: Map<string, number>): void {
  const wanted = row.map(({ id }) => wish(below.get(id), middle) ?? wish(above.get(id), middle) ?? middle.get(id) ?? 0)
  let edge = Number.NEGATIVE_INFINITY
  const placed = row.map((box, index) => {
    const x = Math.max(wanted[index] ?? 0, edge + box.width / 2)
    edge = x + box.width / 2 + GAP_X
    return x
  })
  const drift = placed.reduce((sum, at, index) => sum + at - (wanted[index] ?? 0), 0) / Math.max(1, row.length)
  for (const [index, { id }] of row.entries()) middle.set(id, (placed[index] ?? 0) - drift)
}

function wish(near: readonly Neighbour[] | undefined, middle: ReadonlyMap<string, number>): number | null {
  if (!near || near.length === 0) return null
  return near.reduce((sum, one) => sum + (middle.get(one.id) ?? 0) + one.shift, 0) / near.length
}

function neighbours(links: readonly Link[], of: 'from' | 'to', end: 'from' | 'to'): Neighbours {
  const near = new Map<string, Neighbour[]>()
  for (const link of links) {
    const shift = end === 'to' ? link.toX - link.fromX : link.fromX - link.toX
    const list = near.get(link[of])
    if (list) list.push({ id: link[end], shift })
    else near.set(link[of], [{ id: link[end], shift }])
  }
  return near
}

function separateFlows({ boxes, links }: Graph): readonly Graph[] {
  const flow = new Map(boxes.map((box) => [box.id, box.id]))
  const rootOf = (id: string): string => {
    let root = id
    for (let up = flow.get(root); up !== undefined && up !== root; up = flow.get(root)) root = up
    flow.set(id, root)
    return root
  }
  for (const link of links) flow.set(rootOf(link.to), rootOf(link.from))
  const members = Map.groupBy(boxes, (box) => rootOf(box.id))
  const linksOf = Map.groupBy(links, (link) => rootOf(link.from))
  return [...members].map(([root, own]) => ({ boxes: own, links: linksOf.get(root) ?? [] }))
}
