import { existsSync } from 'node:fs'
import { dirname, isAbsolute } from 'node:path'
import { backupFaultText } from '../domain/runs/backup-fault.ts'
import { readNewestLines } from '../log-file.ts'
import { checkRoom, faultOf } from '../upkeep/backup-room.ts'
import { type HostServices, procedures } from './services.ts'

export function systemProcedures(services: HostServices) {
  return {
    info: procedures.system.info.handler(async () => {
      await services.secretBox.lookAgain?.()
      return services.info()
    }),
    status: procedures.system.status.handler(() => services.status()),
    setPaused: procedures.system.setPaused.handler(async ({ input }) => {
      await services.setPaused(input.paused)
      services.signals.emit('status:changed')
      return services.status()
    }),
    log: procedures.system.log.handler(() => readNewestLines(services.info().dataDir)),
    backup: procedures.system.backup.handler(async ({ input, errors }) => {
      const { file } = input
      if (!isAbsolute(file)) throw errors.CONFLICT({ message: `"${file}" is not an absolute path.` })
      if (existsSync(file)) throw errors.CONFLICT({ message: `${file} exists already: choose another name.` })
      try {
        await checkRoom(services.info().dataDir, dirname(file), null)
        return { file, ...(await services.database.backup({ file })) }
      } catch (error) {
        throw errors.CONFLICT({
          message: `The backup ${file} could not be written: ${backupFaultText(faultOf(error, file))}`,
        })
      }
    }),
  }
}
