import type { BackupFileView, Backups } from '../contract/backup-values.ts'
import { backupFaultText } from '../domain/runs/backup-fault.ts'
import { SettingRefusal } from '../settings.ts'
import type { BackupFile } from '../upkeep/backup-files.ts'
import type { BackupKeeper } from '../upkeep/backup-keeper.ts'
import { ownBackupFolder } from '../upkeep/backup-room.ts'
import { toIso, toIsoOrNull } from './run-view.ts'
import { type HostServices, procedures } from './services.ts'

/** The backups that are made by themselves. */
export function backupProcedures({ backups, info, settings }: HostServices) {
  const read = (): Promise<Backups> => readBackups(backups, ownBackupFolder(info().dataDir))
  return {
    list: procedures.backups.list.handler(read),

    make: procedures.backups.make.handler(async ({ errors }) => {
      try {
        return fileView(await backups.backUpNow())
      } catch (error) {
        throw errors.CONFLICT({ message: error instanceof Error ? error.message : String(error) })
      }
    }),

    configure: procedures.backups.configure.handler(async ({ input, errors }) => {
      await settings.change('backups', input).catch((error: unknown) => {
        throw error instanceof SettingRefusal ? errors.CONFLICT({ message: error.message }) : error
      })
      return read()
    }),
  }
}

async function readBackups(backups: BackupKeeper, ownFolder: string): Promise<Backups> {
  const { files, nextAt, failure, ...rest } = await backups.state()
  return {
    ...rest,
    ownFolder,
    files: files.map(fileView),
    nextAt: toIsoOrNull(nextAt),
    failure: failure && { at: toIso(failure.at), message: backupFaultText(failure.message) },
  }
}

function fileView({ file, at, bytes }: BackupFile): BackupFileView {
  return { file, at: toIso(at), bytes }
}
