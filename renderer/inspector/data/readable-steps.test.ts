import { describe, expect, it } from 'vitest'
import { readableSteps } from './readable-steps.ts'

const step = (id: string) => ({ id, uses: id.startsWith('loop') ? 'logic.for-each' : 'x.y', input: {} })
const zap = {
  steps: ['hook', 'loop', 'fetch', 'loop2', 'inner', 'note', 'after'].map(step),
  edges: [
    { from: 'hook', to: 'loop' },
    { from: 'loop', port: 'each', to: 'fetch' },
    { from: 'fetch', to: 'loop2' },
    { from: 'loop2', port: 'each', to: 'inner' },
    { from: 'loop2', port: 'done', to: 'note' },
    { from: 'loop', port: 'done', to: 'after' },
  ],
}
const isLoop = (id: string): boolean => id.startsWith('loop')

describe('what a step may read', () => {
  it('is everything before it, the nearest first, and no loop outside of one', () => {
    expect(readableSteps(zap, 'loop', isLoop)).toEqual({ steps: ['hook'], loop: null })
  })

  it('is, behind a loop, the loop and not its body', () => {
    expect(readableSteps(zap, 'after', isLoop)).toEqual({ steps: ['loop', 'hook'], loop: null })
  })

  it('is, inside a body, what comes before it there and the item of the innermost loop', () => {
    expect(readableSteps(zap, 'inner', isLoop)).toEqual({ steps: ['fetch', 'hook'], loop: 'loop2' })
    expect(readableSteps(zap, 'note', isLoop)).toEqual({ steps: ['loop2', 'fetch', 'hook'], loop: 'loop' })
  })

  it('is, in the field that a loop asks after each round, its body too', () => {
    expect(readableSteps(zap, 'loop', isLoop, 'body')).toEqual({
      steps: ['note', 'loop2', 'fetch', 'hook'],
      loop: 'loop',
    })
  })

  it('is found in a draft that goes in a circle as well', () => {
    const circle = { ...zap, edges: [...zap.edges, { from: 'note', to: 'fetch' }] }
    expect(readableSteps(circle, 'after', isLoop).steps).toContain('hook')
  })
})
