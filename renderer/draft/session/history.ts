/** Changes to one field within this many milliseconds are one step of undo. */
export const TYPING_PAUSE_MS = 800

/** Older states than this many are forgotten. They share all unchanged parts, so each costs little. */
const DEPTH = 1000

/** A value with what it was and what undo has taken back. */
export type History<T> = {
  readonly past: readonly T[]
  readonly present: T
  readonly future: readonly T[]
  /** The field that the newest change typed into, and when; null after anything else. */
  readonly typing: { readonly field: string; readonly at: number } | null
}

/** A history that begins with `present`. */
export function startHistory<T>(present: T): History<T> {
  return { past: [], present, future: [], typing: null }
}

/**
 * The history after a change. A change that names a `field` joins the one before it if that was to the same field less than
 * {@link TYPING_PAUSE_MS} ago (`at` in milliseconds). A change to nothing is no change.
 */
export function record<T>(history: History<T>, next: T, at: number, field: string | null = null): History<T> {
  if (next === history.present) return history
  const typing = field === null ? null : { field, at }
  const joins = field !== null && history.typing?.field === field && at - history.typing.at < TYPING_PAUSE_MS
  if (joins) return { ...history, present: next, future: [], typing }
  return { past: [...history.past, history.present].slice(-DEPTH), present: next, future: [], typing }
}

/** Ends a bout of typing, so that the next change to the same field can be undone on its own. */
export function pauseTyping<T>(history: History<T>): History<T> {
  return history.typing === null ? history : { ...history, typing: null }
}

/** One step back, or the same history when there is none. */
export function undo<T>(history: History<T>): History<T> {
  const present = history.past.at(-1)
  if (present === undefined) return history
  return { past: history.past.slice(0, -1), present, future: [history.present, ...history.future], typing: null }
}

/** One step forward again, or the same history when there is none. */
export function redo<T>(history: History<T>): History<T> {
  const [present, ...future] = history.future
  if (present === undefined) return history
  return { past: [...history.past, history.present], present, future, typing: null }
}
