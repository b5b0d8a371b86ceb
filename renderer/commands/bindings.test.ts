import { describe, expect, it } from 'vitest'
import { ACTION_IDS, ACTIONS } from './actions.ts'
import { actionOf, keysOf, parseBindings, withBinding } from './bindings.ts'

describe('shortcuts', () => {
  it('have each chord once', () => {
    const chords = ACTION_IDS.flatMap((id) => ACTIONS[id].keys)
    expect(new Set(chords).size).toBe(chords.length)
  })

  it.each([
    ['Mod+Z', 'undo'],
    ['Mod+Y', 'redo'],
    ['D', 'toggle-disabled'],
    ['ArrowLeft', 'walk-left'],
    ['constructor', null],
    ['Mod+C', null],
  ])('%s means %s', (chord, id) => {
    expect(actionOf(chord, {})).toBe(id)
  })

  it('go where they are bound, and are taken from what had them', () => {
    const bindings = withBinding({}, 'duplicate', 'Backspace')
    expect(actionOf('Backspace', bindings)).toBe('duplicate')
    expect(actionOf('Mod+D', bindings)).toBeNull()
    expect(keysOf('delete', bindings)).toEqual(['Delete'])
  })

  it('are read back, and nonsense counts for nothing', () => {
    const bindings = withBinding({}, 'tidy', 'Mod+L')
    expect(parseBindings(JSON.stringify(bindings))).toEqual(bindings)
    expect(parseBindings('{"tidy":"L","gone":["X"],"undo":[1]}')).toEqual({})
    expect(parseBindings('{')).toEqual({})
    expect(parseBindings('null')).toEqual({})
  })
})
