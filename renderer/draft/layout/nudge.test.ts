import { describe, expect, it } from 'vitest'
import { blankZap, type ZapFile } from '../../../core/domain/zap/zap-file.ts'
import { LEAST_SIZE, nudge, resizeByNudge } from './nudge.ts'

const zap: ZapFile = {
  ...blankZap('Framed'),
  steps: [
    { id: 'hook', uses: 'webhook.catch', input: {}, position: { x: 0, y: 0 } },
    { id: 'far', uses: 'data.set', input: {}, position: { x: 900, y: 0 } },
  ],
  notes: [{ id: 'note-1', text: 'Why', position: { x: 20, y: 80 }, width: 208, height: 112 }],
  groups: [{ id: 'group-1', title: 'All', position: { x: -28, y: -52 }, width: 296, height: 288 }],
}
const at = (changed: ZapFile, id: string) => changed.steps.find((step) => step.id === id)?.position

describe('moving by keys', () => {
  it('takes along what stands in a frame, once, even if it is selected too', () => {
    const moved = nudge(zap, ['hook'], ['group:group-1', 'note:note-1'], 'right')
    expect(moved.groups?.[0]?.position).toEqual({ x: -20, y: -52 })
    expect(moved.notes?.[0]?.position).toEqual({ x: 28, y: 80 })
    expect(at(moved, 'hook')).toEqual({ x: 8, y: 0 })
    expect(at(moved, 'far')).toEqual({ x: 900, y: 0 })
    expect(nudge(moved, ['hook'], ['group:group-1', 'note:note-1'], 'left')).toEqual(zap)
  })

  it('leaves a draft as it is where nothing is selected', () => {
    expect(nudge(zap, [], [], 'up')).toBe(zap)
  })
})

describe('resizing by keys', () => {
  it('moves the lower right corner alone, and of the marked one', () => {
    const wider = resizeByNudge(zap, ['note:note-1'], 'right')
    expect(wider).toEqual({ ...zap, notes: [{ ...zap.notes?.[0], width: 216 }] })
    expect(resizeByNudge(wider, ['note:note-1'], 'left')).toEqual(zap)
    expect(resizeByNudge(zap, ['group:group-1'], 'up').groups?.[0]).toMatchObject({ width: 296, height: 280 })
  })

  it('ends at the least size, with the very draft', () => {
    let small = zap
    for (let presses = 0; presses < 40; presses++)
      small = resizeByNudge(resizeByNudge(small, ['note:note-1'], 'up'), ['note:note-1'], 'left')
    expect(small.notes?.[0]).toMatchObject({ ...LEAST_SIZE, position: { x: 20, y: 80 } })
    expect(resizeByNudge(small, ['note:note-1'], 'up')).toBe(small)
  })
})
