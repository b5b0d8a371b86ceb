import { z } from 'zod'
import { sectionSchema } from '../domain/settings/settings.ts'
import { timeSchema } from './states.ts'

export const backupFileSchema = z.object({
  file: z.string(),
  at: timeSchema,
  /** With its large values. Backups share those, so together they take less. */
  bytes: z.int(),
})
export type BackupFileView = z.infer<typeof backupFileSchema>

/** The backups that are there, and how more are made. */
export const backupsSchema = z.object({
  settings: sectionSchema('backups'),
  /** Where they lie, absolute. */
  folder: z.string(),
  /** Where they lie unless another folder is chosen. */
  ownFolder: z.string(),
  /** The newest first. */
  files: z.array(backupFileSchema),
  /** Why the folder cannot be read; null when it can. */
  unreadable: z.string().nullable(),
  /** When the next one is made by itself; null when none is. */
  nextAt: timeSchema.nullable(),
  /** How much of the one that is under way is copied, from 0 to 1; null when none is. */
  copied: z.number().nullable(),
  /** That the newest one which was to be made by itself failed. */
  failure: z.object({ at: timeSchema, message: z.string() }).nullable(),
})
export type Backups = z.infer<typeof backupsSchema>
