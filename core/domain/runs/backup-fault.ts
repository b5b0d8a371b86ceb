import { z } from 'zod'

const ofFolder = { folder: z.string() }

/** Why a backup could not be made, or cannot lie in a folder. Sizes are bytes. */
export const backupFaultSchema = z.discriminatedUnion('code', [
  z.object({ code: z.literal('not-a-full-path'), ...ofFolder }),
  /** It is inside the data folder, and not the folder `own` there that is for backups. */
  z.object({ code: z.literal('inside'), ...ofFolder, own: z.string() }),
  z.object({ code: z.literal('absent'), ...ofFolder }),
  z.object({ code: z.literal('file'), ...ofFolder }),
  z.object({ code: z.literal('closed'), ...ofFolder }),
  /** `isSameDisk`: as the database, so that `needed` has in it what is to stay free. */
  z.object({
    code: z.literal('no-room'),
    ...ofFolder,
    needed: z.number(),
    free: z.number(),
    isSameDisk: z.boolean(),
  }),
  /** The four that come while one is written. */
  z.object({ code: z.literal('became-full'), ...ofFolder }),
  z.object({ code: z.literal('gone'), ...ofFolder }),
  z.object({ code: z.literal('damaged') }),
  z.object({ code: z.literal('refused'), ...ofFolder }),
  /** Anything else, in the words of what failed. */
  z.object({ code: z.literal('other'), message: z.string() }),
])
export type BackupFault = z.infer<typeof backupFaultSchema>

/** A fault as it is stored: older versions stored its sentence. */
export const storedBackupFaultSchema = z.union([backupFaultSchema, z.string()])
export type StoredBackupFault = z.infer<typeof storedBackupFaultSchema>

/** A fault of a backup as English sentences that say what to do. */
export function backupFaultText(fault: StoredBackupFault): string {
  if (typeof fault === 'string') return fault
  switch (fault.code) {
    case 'not-a-full-path':
      return `"${fault.folder}" is not the full path of a folder.`
    case 'inside':
      return `${fault.folder} belongs to Hookline itself: backups may lie in ${fault.own}, or outside of the data folder.`
    case 'absent':
      return `There is no folder ${fault.folder} on this computer.`
    case 'file':
      return `${fault.folder} is a file, not a folder.`
    case 'closed':
      return `Hookline may not write to ${fault.folder}: give yourself write permission, or choose another folder.`
    case 'no-room': {
      const { folder, needed, free, isSameDisk } = fault
      return (
        `There is no room for a backup in ${folder}: ${megabytes(needed)} are needed${isSameDisk ? ', with what has to stay free' : ''}, ` +
        `and ${megabytes(free)} are free. Make room, keep fewer backups, or choose a folder on another disk.`
      )
    }
    case 'became-full':
      return `The disk of ${fault.folder} became full while the backup was written.`
    case 'gone':
      return `The folder ${fault.folder} is gone.`
    case 'damaged':
      return 'The copy is damaged, and was thrown away: so may be the database, or the disk. Run "hookline doctor", and keep the older backups.'
    case 'refused':
      return `Hookline may not write to ${fault.folder}.`
    case 'other':
      return fault.message
  }
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1_000_000).toLocaleString('en')} MB`
