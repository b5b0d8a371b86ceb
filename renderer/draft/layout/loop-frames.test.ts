import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EACH_PORT, type Edge, type Step } from '../../../core/domain/zap/zap-file.ts'
import { NODE_HEIGHT, NODE_WIDTH } from '../graph/node-size.ts'
import { loopBodies, loopFrames } from './loop-frames.ts'

const step = (id: string, uses = 'data.set'): Step => ({ id, uses, input: {} })
const isLoop = ({ uses }: Step): boolean => uses === 'logic.for-each'

const nested = {
  steps: [
    step('hook'),
    step('orders', 'logic.for-each'),
    step('lines', 'logic.for-each'),
    step('book'),
    step('note'),
    step('tell'),
  ],
  edges: [
    { from: 'hook', to: 'orders' },
    { from: 'orders', port: EACH_PORT, to: 'lines' },
    { from: 'lines', port: EACH_PORT, to: 'book' },
    { from: 'lines', port: 'done', to: 'note' },
    { from: 'orders', port: 'done', to: 'tell' },
  ],
}

describe('the bodies of loops', () => {
  test('hold what hangs on "each", with the loops inside named, and nothing of what follows', () => {
    expect(loopBodies(nested, isLoop)).toEqual([
      { loop: 'lines', steps: ['book'], inner: [] },
      { loop: 'orders', steps: ['lines', 'note'], inner: ['lines'] },
    ])
  })

  test('are none without a loop, with an empty loop, and where an edge leads to nothing', () => {
    expect(loopBodies({ steps: [step('a')], edges: [] }, isLoop)).toEqual([])
    const loose: Edge[] = [{ from: 'loop', port: EACH_PORT, to: 'gone' }]
    expect(loopBodies({ steps: [step('loop', 'logic.for-each')], edges: loose }, isLoop)).toEqual([])
  })
})

test('every frame holds the cards of its body and the frames of the loops inside', () => {
  const bodies = loopBodies(nested, isLoop)
  const point = fc.record({ x: fc.integer({ min: -5000, max: 5000 }), y: fc.integer({ min: -5000, max: 5000 }) })
  fc.assert(
    fc.property(fc.array(point, { minLength: 6, maxLength: 6 }), (points) => {
      const places = new Map(nested.steps.map(({ id }, index) => [id, points[index] ?? { x: 0, y: 0 }]))
      const frames = loopFrames(bodies, (id) => {
        const at = places.get(id)
        return at && { ...at, title: id }
      })
      const [outer, inner] = frames
      expect(frames.map(({ loop, depth }) => `${loop} ${depth}`)).toEqual(['orders 0', 'lines 1'])
      if (!outer || !inner) return
      const holds = (x: number, y: number, width: number, height: number): boolean =>
        outer.x < x && outer.y < y && outer.x + outer.width > x + width && outer.y + outer.height > y + height
      expect(holds(inner.x, inner.y, inner.width, inner.height)).toBe(true)
      for (const id of ['lines', 'note']) {
        const at = places.get(id) ?? { x: 0, y: 0 }
        expect(holds(at.x, at.y, NODE_WIDTH, NODE_HEIGHT)).toBe(true)
      }
    }),
  )
})
