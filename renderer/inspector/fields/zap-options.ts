import type { ZapSummary } from '../../../core/contract/values.ts'

type Zap = Pick<ZapSummary, 'id' | 'name' | 'status'>

/** The zap that a field means: by its id, or by its name, which files that were written by hand may use. */
export function findZap<Z extends Zap>(zaps: readonly Z[], wanted: string): Z | undefined {
  return zaps.find((zap) => zap.id === wanted) ?? zaps.find((zap) => zap.name === wanted)
}

/**
 * What a picker of zaps offers, by name: each zap, with a word about those that do not take events; and what is `chosen` without
 * being there, so that it does not vanish. Zaps of one name are told apart by the end of their ids.
 */
export function zapOptions(
  zaps: readonly Zap[],
  here: string,
  chosen: readonly string[],
): readonly { value: string; label: string }[] {
  const missing = chosen
    .filter((wanted) => findZap(zaps, wanted) === undefined)
    .map((wanted) => ({ value: wanted, label: zaps.length === 0 ? wanted : `${wanted} (not there)` }))
  const known = zaps
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map((zap) => ({ value: zap.id, label: labelOf(zap, zaps, here) }))
  return [...missing, ...known]
}

function labelOf(zap: Zap, zaps: readonly Zap[], here: string): string {
  const isTwin = zaps.some((other) => other.id !== zap.id && other.name === zap.name)
  const notes = [
    zap.id === here ? 'this zap' : null,
    isTwin ? `…${zap.id.slice(-4)}` : null,
    zap.status === 'draft' ? 'not published' : zap.status === 'disabled' ? 'off' : null,
  ].filter((note) => note !== null)
  return notes.length === 0 ? zap.name : `${zap.name} (${notes.join(', ')})`
}
