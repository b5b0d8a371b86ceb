import type { Command } from 'commander'
import { askHost } from './context.ts'

export function addOutboxCommand(program: Command, add: (command: Command) => Command): void {
  add(program.command('outbox'))
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
}
