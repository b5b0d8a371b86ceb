import { create } from 'zustand'
import { keep, parseKeptLists, readKept } from '../stores/kept.ts'
import { ACTION_IDS, ACTIONS, type ActionId, isActionId } from './actions.ts'
import type { Chord } from './chord.ts'

/** The keys of the actions that somebody bound otherwise. */
export type Bindings = Readonly<Partial<Record<ActionId, readonly Chord[]>>>

/** What was bound in this browser or window. */
export const useBindings = create<{ bindings: Bindings }>(() => ({ bindings: parseBindings(readKept('shortcuts')) }))

/** The keys of an action as they are bound now. */
export function keysOf(id: ActionId, bindings: Bindings): readonly Chord[] {
  return bindings[id] ?? ACTIONS[id].keys
}

/** The first of an action's keys, as buttons and menus name them; undefined when it has none. */
export function useShortcut(id: ActionId): Chord | undefined {
  return useBindings(({ bindings }) => keysOf(id, bindings)[0])
}

/** The action that a chord is bound to. */
export function actionOf(chord: Chord, bindings: Bindings): ActionId | null {
  return ACTION_IDS.find((id) => keysOf(id, bindings).includes(chord)) ?? null
}

/** Bindings with one action on one chord, which is taken from whatever had it. */
export function withBinding(bindings: Bindings, id: ActionId, chord: Chord): Bindings {
  const taken = Object.fromEntries(
    ACTION_IDS.filter((other) => other !== id && keysOf(other, bindings).includes(chord)).map((other) => [
      other,
      keysOf(other, bindings).filter((key) => key !== chord),
    ]),
  )
  return { ...bindings, ...taken, [id]: [chord] }
}

/** Binds an action to a chord, and keeps that. */
export function bind(id: ActionId, chord: Chord): void {
  rebind(withBinding(useBindings.getState().bindings, id, chord))
}

/** Brings every shortcut back to what it was at first. */
export function resetBindings(): void {
  rebind({})
}

/** Reads what was kept. What is no list of keys of an action that there is, counts for nothing. */
export function parseBindings(text: string | null): Bindings {
  return parseKeptLists(text, isActionId)
}

function rebind(bindings: Bindings): void {
  useBindings.setState({ bindings })
  keep('shortcuts', JSON.stringify(bindings))
}
