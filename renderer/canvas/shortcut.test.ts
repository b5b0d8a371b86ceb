import { describe, expect, it } from 'vitest'
import { shortcutOf } from './shortcut.ts'

const press = (key: string, held: { ctrl?: boolean; meta?: boolean; shift?: boolean; alt?: boolean } = {}) =>
  shortcutOf({
    key,
    ctrlKey: held.ctrl ?? false,
    metaKey: held.meta ?? false,
    shiftKey: held.shift ?? false,
    altKey: held.alt ?? false,
  })

describe('shortcuts', () => {
  it.each([
    ['z', { ctrl: true }, 'undo'],
    ['z', { meta: true }, 'undo'],
    ['Z', { ctrl: true, shift: true }, 'redo'],
    ['y', { ctrl: true }, 'redo'],
    ['d', { ctrl: true }, 'duplicate'],
    ['d', {}, 'toggle-disabled'],
    ['Backspace', {}, 'delete'],
    ['Tab', {}, 'add'],
    ['/', {}, 'add'],
    ['F2', {}, 'rename'],
    ['Enter', {}, 'open'],
    ['+', { shift: true }, 'zoom-in'],
  ])('%s with %j means %s', (key, held, kind) => {
    expect(press(key, held)?.kind).toBe(kind)
  })

  it('walk with the arrows', () => {
    expect(press('ArrowLeft')).toEqual({ kind: 'walk', direction: 'left' })
  })

  it.each([
    ['Tab', { shift: true }],
    ['x', {}],
    ['c', { ctrl: true }],
    ['ArrowUp', { ctrl: true }],
    ['z', { alt: true, ctrl: true }],
    ['constructor', {}],
  ])('leave %s with %j to whoever it belongs to', (key, held) => {
    expect(press(key, held)).toBeNull()
  })
})
