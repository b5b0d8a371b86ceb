import { z } from 'zod'

/** How backups are made by themselves. */
export const backupSettingsSchema = z.object({
  /** One a day. */
  enabled: z.boolean(),
  /** Absolute path of the folder where they lie; null: `backups` in the data folder. */
  folder: z.string().trim().min(1).nullable(),
  /** The newest ones that stay. */
  keep: z
    .int('Keep a whole number of backups.')
    .min(1, 'Keep one backup at least.')
    .max(1_000, 'Keep 1,000 backups at most.'),
})
export type BackupSettings = z.infer<typeof backupSettingsSchema>

export const DEFAULT_BACKUP_SETTINGS: BackupSettings = { enabled: true, folder: null, keep: 7 }
