import { describe, expect, it } from 'vitest'
import { chordOf, keysOfChord } from './chord.ts'

const press = (key: string, held: { ctrl?: boolean; meta?: boolean; shift?: boolean; alt?: boolean } = {}) =>
  chordOf({
    key,
    ctrlKey: held.ctrl ?? false,
    metaKey: held.meta ?? false,
    shiftKey: held.shift ?? false,
    altKey: held.alt ?? false,
  })

describe('a chord', () => {
  it.each([
    ['z', { ctrl: true }, 'Mod+Z'],
    ['z', { meta: true }, 'Mod+Z'],
    ['Z', { ctrl: true, shift: true }, 'Mod+Shift+Z'],
    ['d', {}, 'D'],
    ['Tab', { shift: true }, 'Shift+Tab'],
    ['?', { shift: true }, '?'],
    ['+', { shift: true }, '+'],
    [' ', {}, 'Space'],
  ])('of %j with %j is %s', (key, held, chord) => {
    expect(press(key, held)).toBe(chord)
  })

  it.each([
    ['Shift', { shift: true }],
    ['Dead', {}],
    ['z', { ctrl: true, alt: true }],
  ])('of %j with %j is none', (key, held) => {
    expect(press(key, held)).toBeNull()
  })

  it.each([
    ['Mod+Shift+Z', ['Mod', 'Shift', 'Z']],
    ['+', ['+']],
    ['Mod++', ['Mod', '+']],
  ])('%s falls into its keys', (chord, keys) => {
    expect(keysOfChord(chord)).toEqual(keys)
  })
})
