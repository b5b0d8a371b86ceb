import { type Command, InvalidArgumentError } from 'commander'
import { type Incident, type Status, sectionSchema } from '../../core/contract/values.ts'
import type { Lines } from '../terminal.ts'
import { askHost, table } from './context.ts'

/** `hookline status`, `pause`, `resume` and `incidents`. */
export function addStatusCommands(program: Command, add: (command: Command) => Command): void {
  add(program.command('status'))
    .description('say how things stand: intake, queue, network, and what needs your eye')
    .action((_options, command: Command) =>
      askHost(command, async (client) => {
        const status = await client.system.status()
        return { json: status, text: statusText(status) }
      }),
    )

  for (const [word, paused] of [
    ['pause', true],
    ['resume', false],
  ] as const) {
    add(program.command(word))
      .description(paused ? 'take nothing in and begin no run until "resume"' : 'end the pause, and the safe mode')
      .action((_options, command: Command) =>
        askHost(command, async (client) => {
          const status = await client.system.setPaused({ paused })
          return { json: status, text: statusText(status) }
        }),
      )
  }

  const incidents = add(program.command('incidents'))
    .description('list what needs your eye: runs that wait too long or were given up, zaps that keep failing')
    .option('--all', 'those that are over as well')
    .action((options: { all?: boolean }, command: Command) =>
      askHost(command, async (client) => {
        const all = await client.incidents.list()
        const incidents = options.all === true ? all : all.filter((incident) => incident.closedAt === null)
        return { json: { incidents }, text: incidentsText(incidents) }
      }),
    )

  add(incidents.command('after'))
    .description(
      'say after how many minutes what does not begin, or keeps failing, is an incident; without a number, tell',
    )
    .argument('[minutes]', 'from 1 to 10080, which is a week', readMinutes)
    .action((minutes: number | undefined, _options, command: Command) =>
      askHost(command, async (client) => {
        const settings =
          minutes === undefined
            ? await client.incidents.settings()
            : await client.incidents.setSettings({ stuckAfterMinutes: minutes })
        return { json: settings, text: `Something is an incident after ${settings.stuckAfterMinutes} minutes.` }
      }),
    )
}

function readMinutes(text: string): number {
  const settings = sectionSchema('incidents').safeParse({ stuckAfterMinutes: Number(text) })
  if (!settings.success) throw new InvalidArgumentError('Name whole minutes from 1 to 10080, which is a week.')
  return settings.data.stuckAfterMinutes
}

function incidentsText(incidents: readonly Incident[]): Lines {
  if (incidents.length === 0) return 'All is well.'
  const rows = incidents.map(({ kind, openedAt, closedAt, message }) => [kind, openedAt, closedAt ?? 'open', message])
  return table([['KIND', 'SINCE', 'UNTIL', 'WHAT'], ...rows])
}

function statusText(status: Status): string[] {
  const { listener, queue, nextScheduled, openApprovals, incidents, safeMode } = status
  const lines = [
    `Webhooks   ${listener.state === 'down' ? 'down' : `${listener.state} on ${listener.url}`}`,
    `Runs       ${status.paused ? 'paused' : 'begin as they are due'}`,
    `Queue      ${queue.pending} due, ${queue.waiting} waiting, ${queue.leased} under way, ${queue.dead} given up`,
    `Network    ${status.network}`,
    `Schedule   ${nextScheduled === null ? 'nothing is scheduled' : `${nextScheduled.zapName} at ${nextScheduled.at}`}`,
    `Approvals  ${openApprovals}`,
    ...incidents.map(({ kind, message }) => `Incident   ${kind}: ${message}`),
  ]
  return safeMode === null ? lines : [safeMode, '', ...lines]
}
