import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Step } from '../../core/domain/zap/zap-file.ts'
import { NODE_HEIGHT, NODE_WIDTH } from '../draft/graph/node-size.ts'
import { openingView } from './opening-view.ts'

const at = (x: number, y: number): Step => ({ id: `s${x}_${y}`, uses: 'x.y', input: {}, position: { x, y } })

describe('opening view', () => {
  it('always shows the topmost step as a whole, and everything where that can be read', () => {
    const place = fc.tuple(fc.integer({ min: -5000, max: 5000 }), fc.integer({ min: -5000, max: 5000 }))
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 30 }), (places) => {
        const view = openingView({ steps: places.map(([x, y]) => at(x, y)) }, 900, 700)
        const isSeen = ([x, y]: readonly [number, number]): boolean => {
          const [left, top] = [x * view.zoom + view.x, y * view.zoom + view.y]
          return left >= 0 && top >= 0 && left + NODE_WIDTH * view.zoom <= 900 && top + NODE_HEIGHT * view.zoom <= 700
        }
        const top = Math.min(...places.map(([, y]) => y))
        expect(places.some((one) => one[1] === top && isSeen(one))).toBe(true)
        if (view.zoom !== 0.75) expect(places.every(isSeen)).toBe(true)
      }),
    )
  })

  it('never enlarges, and hangs the first step of a new zap in the upper middle', () => {
    expect(openingView({ steps: [at(100, 100)] }, 900, 700).zoom).toBe(1)
    expect(openingView({ steps: [] }, 900, 700)).toEqual({ x: 330, y: 96, zoom: 1 })
  })

  it('shows notes and frames as well', () => {
    const notes = [{ id: 'note-1', text: '', position: { x: 900, y: 400 }, width: 208, height: 112 }]
    const { x, y, zoom } = openingView({ steps: [at(0, 0)], notes }, 900, 700)
    expect((900 + 208) * zoom + x).toBeLessThanOrEqual(900)
    expect((400 + 112) * zoom + y).toBeLessThanOrEqual(700)
  })

  it('copes with more steps than a call can have arguments', () => {
    const many = Array.from({ length: 200_000 }, (_, n) => at(n * 300, 0))
    expect(openingView({ steps: many }, 900, 700).zoom).toBe(0.75)
  })
})
