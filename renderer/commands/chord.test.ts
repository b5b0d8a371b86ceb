import { describe, expect, it } from 'vitest'
import { chordOf, keysOfChord } from './chord.ts'

const press = (key: string, held: { ctrl?: boolean; meta?: boolean; shift?: boolean; alt?: boolean } = {}, code = '') =>
  chordOf({
    key,
    code,
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
    ['Russian', 'я', 'KeyZ', { ctrl: true }, 'Mod+Z'],
    ['Russian', 'Я', 'KeyZ', { ctrl: true, shift: true }, 'Mod+Shift+Z'],
    ['Russian', 'в', 'KeyD', {}, 'D'],
    ['Greek', 'κ', 'KeyK', { ctrl: true }, 'Mod+K'],
    ['Greek', 'ς', 'KeyW', { meta: true }, 'Mod+W'],
    ['Hebrew', 'ש', 'KeyA', { ctrl: true }, 'Mod+A'],
    ['Arabic', 'ئ', 'KeyZ', { ctrl: true }, 'Mod+Z'],
    ['Arabic', '١', 'Digit1', {}, '1'],
    ['Thai', 'ั', 'KeyY', { ctrl: true }, 'Mod+Y'],
    ['Thai', 'ฦ', 'Slash', { shift: true }, '?'],
    ['Korean', 'ㅋ', 'KeyZ', { ctrl: true }, 'Mod+Z'],
    // Latin letters go by what they write, wherever the layout has them.
    ['Dvorak', 'z', 'Slash', { ctrl: true }, 'Mod+Z'],
    ['Dvorak', ';', 'KeyZ', { ctrl: true }, 'Mod+;'],
    ['AZERTY', 'z', 'KeyW', { ctrl: true }, 'Mod+Z'],
    ['AZERTY', 'w', 'KeyZ', { ctrl: true }, 'Mod+W'],
    ['AZERTY', 'é', 'Digit2', {}, 'É'],
    ['QWERTZ', 'y', 'KeyZ', { ctrl: true }, 'Mod+Y'],
    ['any', 'Enter', 'NumpadEnter', {}, 'Enter'],
    ['any', 'F9', 'F9', {}, 'F9'],
  ])('on a %s keyboard: %s at %s', (_layout, key, code, held, chord) => {
    expect(press(key, held, code)).toBe(chord)
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
