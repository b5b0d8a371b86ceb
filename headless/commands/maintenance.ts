import { resolve } from 'node:path'
import type { Command } from 'commander'
import { readHostFile } from '../control/host-file.ts'
import { answer, askHost, table } from './context.ts'

export function addMaintenanceCommands(program: Command, add: (command: Command) => Command): void {
  add(program.command('backup'))
    .description(
      'make a checked copy of the database and its large values: one more of those that are made every day, or a new FILE (and ' +
        'FILE.blobs) that stays until you delete it',
    )
    .argument('[file]')
    .action((file: string | undefined, _options, command: Command) =>
      askHost(command, async (client) => {
        const backup = await (file === undefined
          ? client.backups.make()
          : client.system.backup({ file: resolve(file) }))
        return { json: backup, text: `Wrote ${backup.file} (${backup.bytes} bytes), and checked it.` }
      }),
    )

  add(program.command('restore'))
    .description('put a backup in the place of the database; the present one is kept aside. Stop Hookline first')
    .argument('<file>')
    .action((file: string, _options, command: Command) =>
      answer(command, async ({ dataDir }) => {
        const holder = (): string => {
          const host = readHostFile(dataDir)
          return host === undefined ? '' : ` (process ${host.pid})`
        }
        const { restoreDatabase } = await import('../../core/app.ts')
        const restored = restoreDatabase(dataDir, resolve(file), holder, Date.now())
        const aside = restored.keptAside === null ? '' : ` The database that was there is in ${restored.keptAside}.`
        const refused = restored.refusedFiles.length
        const left =
          refused === 0
            ? ''
            : ` ${refused} files beside the backup were left out: they are no large values of Hookline's.`
        return { json: restored, text: `Restored ${restored.file} (${restored.bytes} bytes).${aside}${left}` }
      }),
    )

  add(program.command('doctor'))
    .description('examine this installation and its data folder, and say what is wrong')
    .action((_options, command: Command) =>
      answer(command, async ({ dataDir }) => {
        const { examine } = await import('../doctor.ts')
        const checks = await examine(dataDir)
        const rows = checks.map((check) => [check.ok ? 'ok' : 'PROBLEM', check.name, check.message])
        return { json: { checks }, text: table(rows), isFailure: checks.some((check) => !check.ok) }
      }),
    )
}
