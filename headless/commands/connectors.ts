import type { Command } from 'commander'
import { type HostClient, NoHostError, withHost } from '../control/host-client.ts'
import { answer, table } from './context.ts'

/** `hookline connectors`. */
export function addConnectorsCommand(program: Command, add: (command: Command) => Command): void {
  add(program.command('connectors'))
    .description('list the triggers and actions that zaps may use')
    .action((_options, command: Command) =>
      answer(command, async ({ dataDir }) => {
        const connectors = (await listConnectors(dataDir)).map(({ id, kind, title, effect }) => ({
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

/** Those of the host that runs on this data folder; where none does, those that come with this Hookline. */
async function listConnectors(dataDir: string): Promise<Awaited<ReturnType<HostClient['connectors']['list']>>> {
  try {
    return await withHost(dataDir, (client) => client.connectors.list())
  } catch (error) {
    if (!(error instanceof NoHostError)) throw error
    const { hooklineCatalogue } = await import('../../core/app.ts')
    return (await hooklineCatalogue()).manifests()
  }
}
