import { z } from 'zod'
import { storedBackupFaultSchema } from '../domain/runs/backup-fault.ts'
import type { Tx } from './executor.ts'
import { getSetting, writeSetting } from './settings.ts'
import { readStored } from './stored-json.ts'

const SETTING = 'backupFailure'

/** That the newest backup which was to be made by itself failed: when, and why: a fault, or the sentence that older versions stored. */
export const backupFailureSchema = z.object({ at: z.int(), message: storedBackupFaultSchema }).nullable()
export type BackupFailure = z.infer<typeof backupFailureSchema>

/** Why the newest backup failed; null when it did not. */
export function getBackupFailure(tx: Tx): BackupFailure {
  const stored = getSetting(tx, SETTING)
  return stored === undefined ? null : readStored(backupFailureSchema, stored, `The setting "${SETTING}"`)
}

export function writeBackupFailure(tx: Tx, failure: BackupFailure): void {
  writeSetting(tx, SETTING, failure)
}
