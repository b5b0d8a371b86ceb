import type { Command } from 'commander'
import { askHost, table } from './context.ts'

/** `hookline connectors`. */
export function addConnectorsCommand(program: Command, add: (command: Command) => Command): void {
  add(program.command('connectors'))
    .description('list the triggers and actions that zaps may use')
    .action((_options, command: Command) =>
      askHost(command, async (client) => {
        const connectors = (await client.connectors.list()).map(({ id, kind, title, effect }) => ({
          id,
          app: id.slice(0, id.indexOf('.')),
          kind,
          title,
          effect,
        }))
        const rows = connectors.map(({ id, kind, title, effect }) => [
          id,
          kind,
          title,
          kind === 'trigger' ? '' : effect,
        ])
        return { json: { connectors }, text: table([['ID', 'KIND', 'TITLE', 'A REPEAT'], ...rows]) }
      }),
    )
}
