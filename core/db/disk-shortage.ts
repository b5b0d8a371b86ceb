import { type DiskShortage, type StoredShortage, storedShortageSchema } from '../domain/runs/disk-shortage.ts'
import type { Tx } from './executor.ts'
import { getSetting, writeSetting } from './settings.ts'
import { readStored } from './stored-json.ts'

const SETTING = 'diskShortage'

/** Why nothing is taken in for want of room; null when there is room. */
export function getDiskShortage(tx: Tx): StoredShortage | null {
  const stored = getSetting(tx, SETTING)
  return stored === undefined ? null : readStored(storedShortageSchema.nullable(), stored, `The setting "${SETTING}"`)
}

export function writeDiskShortage(tx: Tx, shortage: DiskShortage | null): void {
  writeSetting(tx, SETTING, shortage)
}
