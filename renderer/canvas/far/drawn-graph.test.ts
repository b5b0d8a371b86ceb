import fc from 'fast-check'
import { expect, test } from 'vitest'
import { zapFileSchema } from '../../../core/domain/zap/zap-file.ts'
import { createFlowGraph } from '../flow-graph.ts'
import { heldGraph } from './drawn-graph.ts'

const COUNT = 8
const stepId = (n: number): string => `s${n}`

/** A canvas of a few steps with any wires between them. */
const graphs = fc
  .uniqueArray(fc.tuple(fc.nat(COUNT - 1), fc.nat(COUNT - 1)), { selector: ([from, to]) => `${from} ${to}` })
  .map((pairs) => {
    const zap = zapFileSchema.parse({
      format: 'hookline/zap@1',
      name: 'Any',
      steps: Array.from({ length: COUNT }, (_, n) => ({ id: stepId(n), uses: 'data.set', input: {} })),
      edges: pairs.map(([from, to]) => ({ from: stepId(from), to: stepId(to) })),
    })
    const graph = createFlowGraph(new Map(), new Map())
    const overlay = { problems: [], webhooks: [], runs: new Map(), live: false }
    return { nodes: graph.nodes(zap, overlay, new Set()), edges: graph.edges(zap, overlay, new Set()) }
  })
const held = fc.uniqueArray(fc.nat(COUNT - 1)).map((kept) => new Set(kept.map(stepId)))

test('while a zap is held each wire is drawn or pictured, never both, and a drawn one has both its cards', () => {
  fc.assert(
    fc.property(graphs, held, fc.constantFrom(0.1, 1), ({ nodes, edges }, ids, zoom) => {
      const drawn = heldGraph(nodes, edges, { ids, zoom })
      expect(new Set(drawn.nodes.map((node) => node.id))).toEqual(ids)
      expect([...drawn.edges, ...drawn.pictured].map((edge) => edge.id).sort()).toEqual(
        edges.map(({ id }) => id).sort(),
      )
      for (const { source, target } of drawn.edges) expect(ids.has(source) && ids.has(target)).toBe(true)
    }),
  )
})

test('from far away no wire is drawn by itself', () => {
  fc.assert(
    fc.property(graphs, held, ({ nodes, edges }, ids) => {
      expect(heldGraph(nodes, edges, { ids, zoom: 0.1 }).edges).toEqual([])
    }),
  )
})
