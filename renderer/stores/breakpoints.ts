import { create } from 'zustand'
import { keep, parseKeptLists, readKept } from './kept.ts'

/** The marked steps of each zap, by its id. */
type Breakpoints = Readonly<Record<string, readonly string[]>>

const NONE: readonly string[] = []

/**
 * The steps before which tests are to stop. They belong to the person who tests and not to the zap, so they are kept in this browser or window:
 * no file, version or other person's editor knows of them.
 */
const useStore = create<{ breakpoints: Breakpoints }>(() => ({
  breakpoints: parseBreakpoints(readKept('breakpoints')),
}))

/** The marked steps of a zap. Steps that were deleted may be among them: an undo brings them back marked. */
export function useBreakpoints(zapId: string): readonly string[] {
  return useStore(({ breakpoints }) => breakpoints[zapId] ?? NONE)
}

/** As {@link useBreakpoints}, without following them. */
export function breakpointsOf(zapId: string): readonly string[] {
  return useStore.getState().breakpoints[zapId] ?? NONE
}

/** Marks these steps; when all of them are marked already, unmarks them. */
export function toggleBreakpoints(zapId: string, stepIds: readonly string[]): void {
  mark({ ...useStore.getState().breakpoints, [zapId]: toggled(breakpointsOf(zapId), stepIds) })
}

/** Unmarks every step of a zap. */
export function clearBreakpoints(zapId: string): void {
  mark({ ...useStore.getState().breakpoints, [zapId]: NONE })
}

/** The marked steps after these were marked or, when all of them were, unmarked. */
export function toggled(marked: readonly string[], stepIds: readonly string[]): readonly string[] {
  const chosen = new Set(stepIds)
  const others = marked.filter((id) => !chosen.has(id))
  return stepIds.every((id) => marked.includes(id)) ? others : [...others, ...stepIds]
}

/** Reads what was kept. What is no list of step ids counts for nothing. */
export function parseBreakpoints(text: string | null): Breakpoints {
  return parseKeptLists(text, (_zapId, ids) => ids.length > 0)
}

function mark(breakpoints: Breakpoints): void {
  const marked = Object.fromEntries(Object.entries(breakpoints).filter(([, ids]) => ids.length > 0))
  useStore.setState({ breakpoints: marked })
  keep('breakpoints', JSON.stringify(marked))
}
