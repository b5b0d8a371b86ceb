import { expect, test } from 'vitest'
import type { ZapFile } from '../../core/domain/zap/zap-file.ts'
import { manifest } from '../draft/operations/test-manifests.ts'
import { atPlaces, createFlowGraph, type Overlay } from './flow-graph.ts'

const overlay: Overlay = { problems: [], webhooks: [], runs: new Map(), live: false }
const zap: ZapFile = {
  format: 'hookline/zap@1',
  name: 'Two',
  steps: [
    { id: 'a', uses: 'manual.run', input: {} },
    { id: 'b', uses: 'data.set', input: {} },
  ],
  edges: [{ from: 'a', to: 'b' }],
}
const renamed: ZapFile = {
  ...zap,
  steps: zap.steps.map((step) => (step.id === 'b' ? { ...step, name: 'Other' } : step)),
}

test('an edit makes one new card and no new wire, so that React Flow has nothing else to look at', () => {
  const graph = createFlowGraph(new Map(), new Map())
  const none = new Set<string>()
  const nodes = graph.nodes(zap, overlay, none)
  const edges = graph.edges(zap, overlay, none)
  expect(edges).toHaveLength(1)

  expect(graph.nodes({ ...zap, name: 'Renamed' }, overlay, none)).toBe(nodes)
  const after = graph.nodes(renamed, overlay, none)
  expect(after).not.toBe(nodes)
  expect(after[0]).toBe(nodes[0])
  expect(after[1]?.data.title).toBe('Other')
  expect(graph.edges(renamed, overlay, none)).toBe(edges)
  expect(graph.edges(renamed, overlay, new Set(edges.map(({ id }) => id)))).not.toBe(edges)
})

test('a card that is dragged stands where the pointer has it, and the others are untouched', () => {
  const nodes = createFlowGraph(new Map(), new Map()).nodes(zap, overlay, new Set())
  const dragged = atPlaces(nodes, new Map([['b', { x: 40, y: 80 }]]))
  expect(dragged[0]).toBe(nodes[0])
  expect(dragged[1]).toEqual({ ...nodes[1], position: { x: 40, y: 80 } })
  expect(atPlaces(nodes, null)).toBe(nodes)
})

test('a wire is named anew when a port of the card that it leaves is', () => {
  const paths = (name: string): ZapFile => ({
    ...zap,
    steps: [
      { id: 'a', uses: 'logic.paths', input: { paths: [{ id: 'big', name }, { id: 'small' }] } },
      { id: 'b', uses: 'data.set', input: {} },
    ],
    edges: [{ from: 'a', port: 'big', to: 'b' }],
  })
  const connector = { ...manifest('logic.paths', 'action'), ports: [{ id: 'else' }], portsFrom: 'paths' }
  const graph = createFlowGraph(new Map([[connector.id, connector]]), new Map())
  const none = new Set<string>()
  const labelOf = (one: ZapFile): string | undefined => {
    graph.nodes(one, overlay, none)
    return graph.edges(one, overlay, none)[0]?.data?.label?.text
  }
  const before = paths('Large')
  expect(labelOf(before)).toBe('Large')
  const after = paths('Huge')
  // The wires themselves are the very same, as while a person types the name.
  expect(labelOf({ ...after, edges: before.edges })).toBe('Huge')
})
