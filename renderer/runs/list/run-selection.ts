/** Which runs of the list are chosen: those named, or all that the filter finds, loaded or not. */
export type RunSelection = { readonly kind: 'some'; readonly ids: ReadonlySet<string> } | { readonly kind: 'all' }

export const NO_RUNS: RunSelection = { kind: 'some', ids: new Set() }

export function isSelected(selection: RunSelection, id: string): boolean {
  return selection.kind === 'all' || selection.ids.has(id)
}

export function isEmpty(selection: RunSelection): boolean {
  return selection.kind === 'some' && selection.ids.size === 0
}

/** How the box above the list stands: on for all that are `shown`, mixed for some of them. */
export function headState(selection: RunSelection, shown: readonly string[]): boolean | 'mixed' {
  if (selection.kind === 'all') return true
  if (selection.ids.size === 0) return false
  return shown.length > 0 && shown.every((id) => selection.ids.has(id)) ? true : 'mixed'
}

/**
 * The selection with a run switched on or off; with an `anchor`, everything between the two as well. Taking one away from "all that
 * match" leaves those that are shown without it, as the others cannot be named.
 */
export function toggled(
  selection: RunSelection,
  shown: readonly string[],
  id: string,
  on: boolean,
  anchor: string | null = null,
): RunSelection {
  const ids = new Set(selection.kind === 'all' ? shown : selection.ids)
  const from = anchor === null ? -1 : shown.indexOf(anchor)
  const to = shown.indexOf(id)
  const range = from === -1 || to === -1 ? [id] : shown.slice(Math.min(from, to), Math.max(from, to) + 1)
  for (const one of range) {
    if (on) ids.add(one)
    else ids.delete(one)
  }
  return { kind: 'some', ids }
}

/** The selection without runs that have left the list, so that nothing is done to what cannot be seen. */
export function keepShown(selection: RunSelection, shown: readonly string[]): RunSelection {
  if (selection.kind === 'all') return selection
  const left = selection.ids.intersection(new Set(shown))
  return left.size === selection.ids.size ? selection : { kind: 'some', ids: left }
}
