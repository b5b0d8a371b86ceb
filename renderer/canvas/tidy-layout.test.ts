import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Edge, Step } from '../../core/domain/zap-file.ts'
import { GAP_X, NODE_HEIGHT, NODE_WIDTH } from './node-size.ts'
import { tidyLayout } from './tidy-layout.ts'

const step = (id: string): Step => ({ id, uses: 'x.y', input: {} })

/** Graphs without loops: edges only lead from a lower to a higher number. */
const graph = fc.integer({ min: 1, max: 25 }).chain((count) =>
  fc
    .array(fc.tuple(fc.nat({ max: count - 1 }), fc.nat({ max: count - 1 })), { maxLength: 40 })
    .map((pairs): { steps: Step[]; edges: Edge[] } => ({
      steps: Array.from({ length: count }, (_, n) => step(`s${n}`)),
      edges: pairs.filter(([a, b]) => a < b).map(([a, b]) => ({ from: `s${a}`, to: `s${b}` })),
    })),
)

describe('tidy layout', () => {
  it('places every step, none on another, and every edge downwards', () => {
    fc.assert(
      fc.property(graph, (zap) => {
        const at = tidyLayout(zap)
        expect(at.size).toBe(zap.steps.length)
        const all = [...at.values()]
        for (const [index, a] of all.entries()) {
          for (const b of all.slice(index + 1)) {
            expect(Math.abs(a.x - b.x) >= NODE_WIDTH || Math.abs(a.y - b.y) >= NODE_HEIGHT).toBe(true)
          }
        }
        for (const edge of zap.edges) expect(at.get(edge.to)?.y).toBeGreaterThan(at.get(edge.from)?.y ?? 0)
      }),
    )
  })

  it('draws a chain as one column and a fork around the step that it leaves', () => {
    const at = tidyLayout({
      steps: ['hook', 'filter', 'a', 'b'].map(step),
      edges: [
        { from: 'hook', to: 'filter' },
        { from: 'filter', to: 'a' },
        { from: 'filter', to: 'b' },
      ],
    })
    expect(at.get('hook')?.x).toBe(at.get('filter')?.x)
    expect(((at.get('a')?.x ?? 0) + (at.get('b')?.x ?? 0)) / 2).toBe(at.get('filter')?.x)
    expect(Math.abs((at.get('a')?.x ?? 0) - (at.get('b')?.x ?? 0))).toBe(NODE_WIDTH + GAP_X)
  })

  it('draws a tree with every step over the middle of those that follow it', () => {
    const steps = Array.from({ length: 63 }, (_, n) => step(`s${n}`))
    const edges = steps.slice(1).map((one, n): Edge => ({ from: `s${Math.floor(n / 2)}`, to: one.id }))
    const at = tidyLayout({ steps, edges })
    for (let n = 0; 2 * n + 2 < 63; n++) {
      const [left, right] = [at.get(`s${2 * n + 1}`)?.x ?? 0, at.get(`s${2 * n + 2}`)?.x ?? 0]
      expect(at.get(`s${n}`)?.x).toBeCloseTo((left + right) / 2, 0)
    }
  })

  it('draws a thousand steps in well under a second', () => {
    const steps = Array.from({ length: 1000 }, (_, n) => step(`s${n}`))
    const edges = steps.slice(1).map((one, n): Edge => ({ from: `s${Math.floor(n / 2)}`, to: one.id }))
    const begun = performance.now()
    expect(tidyLayout({ steps, edges }).size).toBe(1000)
    expect(performance.now() - begun).toBeLessThan(1000)
  })

  it('survives a loop in an imported draft', () => {
    expect(
      tidyLayout({
        steps: ['a', 'b'].map(step),
        edges: [
          { from: 'a', to: 'b' },
          { from: 'b', to: 'a' },
        ],
      }).size,
    ).toBe(2)
  })
})
