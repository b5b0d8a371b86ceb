import { create } from 'zustand'
import { keep, parseKeptLists, readKept } from '../stores/kept.ts'
import type { Chord } from './chord.ts'
import type { AnyCommand } from './command.ts'

/** The keys of the commands that were bound otherwise, by the ids of these. */
export type Bindings = Readonly<Record<string, readonly Chord[]>>

/** What was bound in this browser or window. */
export const useBindings = create<{ bindings: Bindings }>(() => ({ bindings: parseBindings(readKept('shortcuts')) }))

/** The keys of a command as they are bound now. */
export function keysOf({ id, keys }: Pick<AnyCommand, 'id' | 'keys'>, bindings: Bindings): readonly Chord[] {
  return bindings[id] ?? keys
}

/** The first of a command's keys, as buttons and menus name them; undefined when it has none. */
export function useShortcut(command: AnyCommand): Chord | undefined {
  return useBindings(({ bindings }) => keysOf(command, bindings)[0])
}

/** The command, of some, that a chord is bound to. */
export function commandOf<One extends AnyCommand>(
  chord: Chord,
  commands: readonly One[],
  bindings: Bindings,
): One | undefined {
  return commands.find((command) => keysOf(command, bindings).includes(chord))
}

/** Bindings with one command on one chord, which is taken from the one of `all` that had it. */
export function withBinding(bindings: Bindings, id: string, chord: Chord, all: readonly AnyCommand[]): Bindings {
  const taken = all
    .filter((other) => other.id !== id && keysOf(other, bindings).includes(chord))
    .map((other) => [other.id, keysOf(other, bindings).filter((key) => key !== chord)])
  return { ...bindings, ...Object.fromEntries(taken), [id]: [chord] }
}

/** Binds a command to a chord, and keeps that. */
export function bind(id: string, chord: Chord, all: readonly AnyCommand[]): void {
  rebind(withBinding(useBindings.getState().bindings, id, chord, all))
}

/** Brings every shortcut back to what it was at first. */
export function resetBindings(): void {
  rebind({})
}

/** Reads what was kept. What is no list of keys counts for nothing, and neither does the id of a command that is gone: none asks for it. */
export function parseBindings(text: string | null): Bindings {
  return parseKeptLists(text, () => true)
}

function rebind(bindings: Bindings): void {
  useBindings.setState({ bindings })
  keep('shortcuts', JSON.stringify(bindings))
}
