import type { Tx } from './executor.ts'
import { getSetting, writeSetting } from './settings.ts'

const SETTING = 'diskShortage'

/** Why nothing is taken in for want of room, a sentence; null when there is room. */
export function getDiskShortage(tx: Tx): string | null {
  const stored = getSetting(tx, SETTING)
  // Only `writeDiskShortage` writes it.
  return stored === undefined ? null : (JSON.parse(stored) as string | null)
}

export function writeDiskShortage(tx: Tx, why: string | null): void {
  writeSetting(tx, SETTING, why)
}
