import { describe, expect, it } from 'vitest'
import { commandOf, keysOf, parseBindings, withBinding } from '../commands/bindings.ts'
import { GROUPS } from '../commands/command.ts'
import { ZAP_COMMANDS } from '../draft/commands/commands.ts'
import { ALL_COMMANDS } from './all-commands.ts'

const idOf = (chord: string, bindings = {}): string | undefined => commandOf(chord, ALL_COMMANDS, bindings)?.id

describe('shortcuts', () => {
  it('have each chord once, and every command an id and a group of its own', () => {
    const chords = ALL_COMMANDS.flatMap(({ keys }) => keys)
    expect(new Set(chords).size).toBe(chords.length)
    expect(new Set(ALL_COMMANDS.map(({ id }) => id)).size).toBe(ALL_COMMANDS.length)
    expect(ALL_COMMANDS.every(({ group }) => GROUPS.includes(group))).toBe(true)
  })

  it.each([
    ['Mod+K', 'open-palette'],
    ['Mod+Z', 'undo'],
    ['Mod+Y', 'redo'],
    ['D', 'toggle-disabled'],
    ['ArrowLeft', 'walk-left'],
    ['constructor', undefined],
    ['Mod+C', undefined],
  ])('%s means %s', (chord, id) => {
    expect(idOf(chord)).toBe(id)
  })

  it('go where they are bound, and are taken from what had them', () => {
    const bindings = withBinding({}, 'duplicate', 'Backspace', ALL_COMMANDS)
    expect(idOf('Backspace', bindings)).toBe('duplicate')
    expect(idOf('Mod+D', bindings)).toBeUndefined()
    expect(keysOf(ZAP_COMMANDS.delete, bindings)).toEqual(['Delete'])
  })

  it('are read back, and nonsense counts for nothing', () => {
    const bindings = withBinding({}, 'tidy', 'Mod+L', ALL_COMMANDS)
    expect(parseBindings(JSON.stringify(bindings))).toEqual(bindings)
    expect(parseBindings('{"tidy":"L","undo":[1]}')).toEqual({})
    // A command that is gone has no keys that another one would miss.
    expect(idOf('X', parseBindings('{"gone":["X"]}'))).toBeUndefined()
    expect(parseBindings('{')).toEqual({})
    expect(parseBindings('null')).toEqual({})
  })
})
