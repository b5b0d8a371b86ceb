import { type Command, InvalidArgumentError } from 'commander'
import { askHost, table } from './context.ts'

export function addOutboxCommand(program: Command, add: (command: Command) => Command): void {
  const outbox = add(program.command('outbox'))
    .description('count the outbox: pending, leased, dead and delivered messages')
    .action((_options, command: Command) =>
      askHost(command, async (client) => {
        const stats = await client.outbox.stats()
        const { pending, leased, dead, delivered, oldestPendingMs } = stats
        const oldest = oldestPendingMs === 0 ? '' : `, the oldest due for ${(oldestPendingMs / 1000).toFixed(1)} s`
        return {
          json: stats,
          text: `${pending} pending${oldest}, ${leased} leased, ${dead} dead, ${delivered} delivered`,
        }
      }),
    )

  add(outbox.command('dead'))
    .description('list what was given up and that nobody dealt with, the newest first')
    .action((_options, command: Command) =>
      askHost(command, async (client) => {
        const deadLetters = await client.outbox.deadLetters()
        const rows = deadLetters.map(({ id, runId, at, zapName, reason }) => [String(id), runId, at, zapName, reason])
        const text =
          rows.length === 0 ? 'There are no dead letters.' : table([['ID', 'RUN', 'SINCE', 'ZAP', 'REASON'], ...rows])
        return { json: { deadLetters }, text }
      }),
    )

  add(outbox.command('dismiss'))
    .description('take dead letters off that list without replaying their runs')
    .argument('[id...]', 'numbers from "outbox dead"', readIds)
    .option('--all', 'all of them')
    .action((ids: number[], { all = false }: { all?: boolean }, command: Command) => {
      if (ids.length > 0 === all) command.error('error: name dead letters, or all of them with --all')
      return askHost(command, async (client) => {
        const { dismissed } = await client.outbox.dismiss(all ? {} : { ids })
        return { json: { dismissed }, text: `Dismissed ${dismissed}.` }
      })
    })
}

function readIds(text: string, before: number[] = []): number[] {
  const id = Number(text)
  if (!Number.isInteger(id) || id < 1) throw new InvalidArgumentError('It is a number from "outbox dead".')
  return [...before, id]
}
