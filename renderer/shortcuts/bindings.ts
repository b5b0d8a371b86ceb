import { create } from 'zustand'
import { ACTION_IDS, ACTIONS, type ActionId, isActionId } from './actions.ts'
import type { Chord } from './chord.ts'

/** The keys of the actions that somebody bound otherwise. */
export type Bindings = Readonly<Partial<Record<ActionId, readonly Chord[]>>>

const KEY = 'hookline.shortcuts'

/** What was bound in this browser or window. */
export const useBindings = create<{ bindings: Bindings }>(() => ({ bindings: parseBindings(readKept()) }))

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
  keep(withBinding(useBindings.getState().bindings, id, chord))
}

/** Brings every shortcut back to what it was at first. */
export function resetBindings(): void {
  keep({})
}

/** Reads what was kept. What is no list of keys of an action that there is, counts for nothing. */
export function parseBindings(text: string | null): Bindings {
  try {
    const kept: unknown = JSON.parse(text ?? '{}')
    if (typeof kept !== 'object' || kept === null) return {}
    return Object.fromEntries(
      Object.entries(kept).filter(
        ([id, keys]) => isActionId(id) && Array.isArray(keys) && keys.every((key) => typeof key === 'string'),
      ),
    )
  } catch {
    return {}
  }
}

function keep(bindings: Bindings): void {
  useBindings.setState({ bindings })
  try {
    localStorage.setItem(KEY, JSON.stringify(bindings))
  } catch {
    // Without storage (a private window) they last as long as the page.
  }
}

function readKept(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}
