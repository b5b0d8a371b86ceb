import { describe, expect, it } from 'vitest'
import { blankZap, type ZapFile } from '../../../core/domain/zap/zap-file.ts'
import { walkTo } from './walk-steps.ts'

const at = (id: string, x: number, y: number) => ({ id, uses: 'x.y', input: {}, position: { x, y } })
const zap: ZapFile = {
  ...blankZap('Walk'),
  steps: [at('hook', 0, 0), at('left', -150, 144), at('right', 150, 144), at('far', 150, 400)],
  edges: [
    { from: 'hook', to: 'right' },
    { from: 'hook', to: 'left' },
    { from: 'left', to: 'far' },
  ],
}

describe('walking with arrow keys', () => {
  it('follows connections down and up', () => {
    expect(walkTo(zap, 'left', 'down')).toBe('far')
    expect(walkTo(zap, 'far', 'up')).toBe('left')
    expect(walkTo(zap, 'right', 'up')).toBe('hook')
  })

  it('goes sideways to the nearest step, and stays at the end', () => {
    expect(walkTo(zap, 'left', 'right')).toBe('right')
    expect(walkTo(zap, 'right', 'left')).toBe('left')
    expect(walkTo(zap, 'hook', 'up')).toBeNull()
  })

  it('falls back on the nearest step where nothing is connected', () => {
    expect(walkTo(zap, 'right', 'down')).toBe('far')
    expect(walkTo(zap, null, 'down')).toBe('hook')
  })

  it('comes by notes and frames, and goes on from them', () => {
    const annotated: ZapFile = {
      ...zap,
      notes: [{ id: 'why', text: 'Why', position: { x: 400, y: 0 }, width: 208, height: 112 }],
      groups: [{ id: 'all', title: 'All', position: { x: -178, y: -60 }, width: 700, height: 600 }],
    }
    expect(walkTo(annotated, 'hook', 'right')).toBe('note:why')
    expect(walkTo(annotated, 'note:why', 'left')).toBe('hook')
    expect(walkTo(annotated, 'hook', 'up')).toBe('group:all')
    expect(walkTo(annotated, 'group:all', 'down')).toBe('left')
    expect(walkTo(annotated, 'left', 'up')).toBe('hook')
    expect(walkTo({ ...annotated, steps: [], edges: [] }, null, 'down')).toBe('note:why')
  })
})
