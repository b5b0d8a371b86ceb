import { expect, test } from 'vitest'
import type { ZapFile } from '../../core/domain/zap-file.ts'
import { createFlowGraph, type Overlay } from './flow-graph.ts'

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
  const nodes = graph.nodes(zap, overlay, none, null)
  const edges = graph.edges(zap, overlay, none)
  expect(edges).toHaveLength(1)

  expect(graph.nodes({ ...zap, name: 'Renamed' }, overlay, none, null)).toBe(nodes)
  const after = graph.nodes(renamed, overlay, none, null)
  expect(after).not.toBe(nodes)
  expect(after[0]).toBe(nodes[0])
  expect(after[1]?.data.title).toBe('Other')
  expect(graph.edges(renamed, overlay, none)).toBe(edges)
  expect(graph.edges(renamed, overlay, new Set(edges.map(({ id }) => id)))).not.toBe(edges)
})
