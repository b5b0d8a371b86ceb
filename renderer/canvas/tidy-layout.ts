import type { Position, ZapFile } from '../../core/domain/zap-file.ts'
import { GAP_X, GAP_Y, NODE_HEIGHT, NODE_WIDTH } from './node-size.ts'
import { depths } from './step-reach.ts'

const COLUMN = NODE_WIDTH + GAP_X
const ROW = NODE_HEIGHT + GAP_Y
const SWEEPS = 4

type Graph = Pick<ZapFile, 'steps' | 'edges'>
type Neighbours = ReadonlyMap<string, readonly string[]>

/**
 * Positions in rows from top to bottom: a step stands below everything that it follows, branches side by side under the
 * step that they leave, and separate flows next to each other. The same graph always gives the same picture. Layered
 * drawing after Sugiyama: rows by longest path, order within a row by the neighbours' average, then columns.
 */
export function tidyLayout(zap: Graph): ReadonlyMap<string, Position> {
  const positions = new Map<string, Position>()
  let left = 0
  for (const flow of separateFlows(zap)) {
    const columns = layOut(flow)
    const from = Math.min(...[...columns.values()].map((at) => at.x))
    let right = left
    for (const [id, at] of columns) {
      const x = left + at.x - from
      positions.set(id, { x: Math.round(x), y: at.y })
      right = Math.max(right, x + COLUMN)
    }
    left = right
  }
  return positions
}

/** A draft in which every step has a position: those without one get the tidy layout's. */
export function withPositions(zap: ZapFile): ZapFile {
  if (zap.steps.every((step) => step.position !== undefined)) return zap
  const tidy = tidyLayout(zap)
  return {
    ...zap,
    steps: zap.steps.map((step) => ({ ...step, position: step.position ?? tidy.get(step.id) ?? { x: 0, y: 0 } })),
  }
}

function layOut(flow: Graph): ReadonlyMap<string, Position> {
  const depth = depths(flow)
  const rows: string[][] = []
  for (const step of flow.steps) {
    const row = depth.get(step.id) ?? 0
    while (rows.length <= row) rows.push([])
    rows[row]?.push(step.id)
  }
  const above = neighbours(flow, 'to', 'from')
  const below = neighbours(flow, 'from', 'to')
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const row of rows) sortByNeighbours(row, above, rows)
    for (const row of rows.toReversed()) sortByNeighbours(row, below, rows)
  }
  const x = new Map<string, number>()
  for (const row of rows) for (const [index, id] of row.entries()) x.set(id, index * COLUMN)
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const row of rows) settle(row, above, below, x)
    for (const row of rows.toReversed()) settle(row, above, below, x)
  }
  return new Map(rows.flatMap((row, y) => row.map((id) => [id, { x: x.get(id) ?? 0, y: y * ROW }])))
}

function sortByNeighbours(row: string[], near: Neighbours, rows: readonly string[][]): void {
  const place = new Map<string, number>()
  for (const other of rows) for (const [index, id] of other.entries()) place.set(id, index)
  const key = new Map(row.map((id) => [id, average(near.get(id), place) ?? place.get(id) ?? 0]))
  row.sort((a, b) => (key.get(a) ?? 0) - (key.get(b) ?? 0))
}

// Moves every step of a row over the middle of what follows it (a last step: under the middle of what it follows), as near
// as the others of the row allow; and the row as a whole, so that what one step gives way to one side is shared by all.
function settle(row: readonly string[], above: Neighbours, below: Neighbours, x: Map<string, number>): void {
  const wanted = row.map((id) => average(below.get(id), x) ?? average(above.get(id), x) ?? x.get(id) ?? 0)
  let edge = Number.NEGATIVE_INFINITY
  const placed = wanted.map((want) => {
    edge = Math.max(want, edge + COLUMN)
    return edge
  })
  const drift = placed.reduce((sum, at, index) => sum + at - (wanted[index] ?? 0), 0) / Math.max(1, row.length)
  for (const [index, id] of row.entries()) x.set(id, (placed[index] ?? 0) - drift)
}

function average(ids: readonly string[] | undefined, value: ReadonlyMap<string, number>): number | null {
  if (!ids || ids.length === 0) return null
  return ids.reduce((sum, id) => sum + (value.get(id) ?? 0), 0) / ids.length
}

function neighbours(flow: Graph, of: 'from' | 'to', end: 'from' | 'to'): Neighbours {
  const near = new Map<string, string[]>()
  for (const edge of flow.edges) {
    const list = near.get(edge[of])
    if (list) list.push(edge[end])
    else near.set(edge[of], [edge[end]])
  }
  return near
}

function separateFlows(zap: Graph): readonly Graph[] {
  const flow = new Map(zap.steps.map((step) => [step.id, step.id]))
  const rootOf = (id: string): string => {
    let root = id
    for (let up = flow.get(root); up !== undefined && up !== root; up = flow.get(root)) root = up
    flow.set(id, root)
    return root
  }
  const edges = zap.edges.filter((edge) => flow.has(edge.from) && flow.has(edge.to))
  for (const edge of edges) flow.set(rootOf(edge.to), rootOf(edge.from))
  const steps = Map.groupBy(zap.steps, (step) => rootOf(step.id))
  const edgesOf = Map.groupBy(edges, (edge) => rootOf(edge.from))
  return [...steps].map(([root, members]) => ({ steps: members, edges: edgesOf.get(root) ?? [] }))
}
