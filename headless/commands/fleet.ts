import type { Command } from 'commander'
import type { Fleet, FleetMember } from '../../core/contract/fleet-values.ts'
import { happeningWords } from '../../core/contract/fleet-words.ts'
import { askHost, CommandError, table } from './context.ts'

const ALONE = 'This host stands alone. "hookline start --fleet URL --name NAME" joins it with others.'

export function addFleetCommands(program: Command, add: (command: Command) => Command): void {
  const fleet = add(program.command('fleet'))
    .description('the hosts that are joined by a log: who is there, what they do, and how far behind they are')
    .action((_options, command: Command) =>
      askHost(command, async (client) => {
        const found = await client.fleet.get()
        return { json: { fleet: found }, text: found === null ? ALONE : fleetText(found) }
      }),
    )

  add(fleet.command('drain'))
    .description('let a host end what it has and take no more')
    .argument('<name>')
    .option('--off', 'let it take events again')
    .action((host: string, options: { off?: boolean }, command: Command) =>
      askHost(command, async (client) => {
        const on = options.off !== true
        await client.fleet.drain({ host, on })
        return {
          json: { ok: true },
          text: on ? `${host} ends what it has and takes no more.` : `${host} takes events again.`,
        }
      }),
    )

  add(fleet.command('remove'))
    .description('take a host that is gone out of the fleet; events that it had not sent on stay on its disk')
    .argument('<name>')
    .action((host: string, _options: unknown, command: Command) =>
      askHost(command, async (client) => {
        await client.fleet.remove({ host })
        return { json: { ok: true }, text: `${host} is no longer in the fleet.` }
      }),
    )

  add(fleet.command('share'))
    .description('share a credential with the other hosts, sealed with the fleet’s passphrase')
    .argument('<credential>')
    .option('--off', 'share it no longer; hosts that have it keep it')
    .action((credential: string, options: { off?: boolean }, command: Command) =>
      askHost(command, async (client) => {
        const shared = options.off !== true
        await client.fleet.share({ credential, shared })
        return { json: { ok: true }, text: shared ? `${credential} is shared.` : `${credential} is no longer shared.` }
      }),
    )

  add(fleet.command('runs'))
    .description('the newest runs of all hosts')
    .option('--limit <n>', 'how many at most', '20')
    .action((options: { limit: string }, command: Command) =>
      askHost(command, async (client) => {
        const limit = Number(options.limit)
        if (!Number.isInteger(limit) || limit < 1 || limit > 200)
          throw new CommandError('--limit is a number from 1 to 200.')
        const { runs, missing } = await client.fleet.runs({ limit })
        const rows = runs.map(({ id, host, zapName, shownAs, startedAt }) => [id, host, zapName, shownAs, startedAt])
        return {
          json: { runs, missing },
          text: [
            ...table([['RUN', 'HOST', 'ZAP', 'STATE', 'BEGAN'], ...rows]),
            ...(missing.length === 0
              ? []
              : [`Not answering: ${missing.join(', ')}. Of these you see what they told last.`]),
          ],
        }
      }),
    )
}

function fleetText({ state, problem, log, members, happened, credentials }: Fleet): string[] {
  const head =
    state === 'connected'
      ? `${log.kind === 'nats' ? 'NATS' : 'Kafka'} at ${log.address}: ${log.brokersUp} of ${log.brokers} brokers, ${log.perSecond} events a second, ${log.waiting} waiting${log.addedMs === null ? '' : `, ${Math.round(log.addedMs)} ms added`}`
      : state === 'connecting'
        ? `The log at ${log.address} has not answered yet.`
        : `Alone since ${problem?.since}: ${problem?.message}`
  const rows = members.map((member) => [
    member.isSelf ? `${member.name} (here)` : member.name,
    member.isOlder ? `${member.version} (older)` : member.version,
    member.roles.join(', '),
    stateText(member),
    String(member.lag),
    String(member.runsAMinute),
    String(member.relayed + member.outgoing),
    seenText(member.seenMs),
  ])
  return [
    head,
    '',
    ...table([['HOST', 'VERSION', 'ROLES', 'STATE', 'LAG', 'RUNS/MIN', 'RELAYED', 'SEEN'], ...rows]),
    ...members.flatMap(({ name, lacks }) =>
      lacks.map(
        ({ credential, zaps }) =>
          `${name} lacks “${credential}”: it runs nothing of ${zaps.map((zap) => zap.name).join(', ')}.`,
      ),
    ),
    ...(credentials.problem === null ? [] : [credentials.problem]),
    ...(happened.length === 0 ? [] : ['', 'What happened:']),
    ...happened.slice(0, 10).map((happening) => `  ${happening.at}  ${happeningWords(happening)}`),
  ]
}

function stateText({ state, running }: FleetMember): string {
  return state === 'draining' ? `draining, ${running} left` : state
}

function seenText(ms: number): string {
  return ms < 5_000 ? 'now' : ms < 120_000 ? `${Math.round(ms / 1_000)} s ago` : `${Math.round(ms / 60_000)} min ago`
}
