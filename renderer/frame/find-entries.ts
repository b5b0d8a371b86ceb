import type { PaletteEntry } from '../commands/palette-store.ts'

/** More entries of one group than this are not shown: a longer word finds the rest. */
const MOST_OF_A_GROUP = 30

/**
 * The entries that have every word of the search in their title, detail, group or words, in any order and case, each group in
 * one piece. Those whose title begins with the search come first, then those that have it in the title.
 */
export function findEntries(
  entries: readonly PaletteEntry[],
  search: string,
): readonly { readonly group: string; readonly entries: readonly PaletteEntry[]; readonly more: number }[] {
  const whole = search.trim().toLowerCase()
  const words = whole.split(/\s+/)
  const found = entries.filter((entry) => {
    const text = `${entry.title} ${entry.detail ?? ''} ${entry.group} ${entry.words ?? ''}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  return [...Map.groupBy(found, (entry) => entry.group)]
    .map(([group, all]) => {
      const ranked = all.toSorted((a, b) => rank(a, whole) - rank(b, whole))
      const best = ranked[0]
      return {
        group,
        entries: ranked.slice(0, MOST_OF_A_GROUP),
        more: Math.max(0, ranked.length - MOST_OF_A_GROUP),
        best: best === undefined ? 2 : rank(best, whole),
      }
    })
    .toSorted((a, b) => a.best - b.best)
    .map(({ group, entries: shown, more }) => ({ group, entries: shown, more }))
}

function rank(entry: PaletteEntry, search: string): number {
  const title = entry.title.toLowerCase()
  return title.startsWith(search) ? 0 : title.includes(search) ? 1 : 2
}
