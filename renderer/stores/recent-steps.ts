import { keep, parseKeptLists, readKept } from './kept.ts'

/** As many are offered again. */
const MOST = 4
/** The name of the one list that is kept. */
const LIST = 'connectors'

/** The connectors that steps were last added of, in this browser or window, the newest first. */
export function recentConnectors(): readonly string[] {
  return parseKeptLists(readKept('recent-steps'), (name) => name === LIST)[LIST] ?? []
}

/** Notes that a step of this connector was added. */
export function noteConnector(id: string): void {
  keep('recent-steps', JSON.stringify({ [LIST]: withNewest(recentConnectors(), id) }))
}

/** The list with one at its head, which is in it once, and no longer than what is offered. */
export function withNewest(recent: readonly string[], id: string): readonly string[] {
  return [id, ...recent.filter((one) => one !== id)].slice(0, MOST)
}
