import { type Command, InvalidArgumentError } from 'commander'
import type { History, HistoryJob } from '../../core/contract/values.ts'
import type { HostClient } from '../control/host-client.ts'
import { megabytes } from '../megabytes.ts'
import { complain, printAside } from '../terminal.ts'
import { type Answer, askHost, CommandError } from './context.ts'

type PruneOptions = { olderThan?: string; dryRun?: boolean }

/** `hookline history`, `prune` and `shrink`. */
export function addHistoryCommands(program: Command, add: (command: Command) => Command): void {
  const history = add(program.command('history'))
    .description('say how many runs there are, since when, how long they are kept, and what they take of the disk')
    .action((_options, command: Command) =>
      askHost(command, async (client) => {
        const found = await client.history.get()
        return { json: found, text: historyText(found) }
      }),
    )

  add(history.command('keep'))
    .description('say for how many days runs are kept after they ended, 0 for ever; what is older goes within the hour')
    .option('--succeeded <days>', 'those that succeeded or were cancelled', readDays)
    .option('--failed <days>', 'those that failed', readDays)
    .action((options: { succeeded?: number; failed?: number }, command: Command) => {
      const { succeeded, failed } = options
      if (succeeded === undefined && failed === undefined) command.error('error: name --succeeded, --failed, or both')
      return askHost(command, async (client) => {
        const { settings: before } = await client.history.get()
        const settings = await client.history.setSettings({
          keepSucceededDays: succeeded ?? before.keepSucceededDays,
          keepFailedDays: failed ?? before.keepFailedDays,
        })
        return { json: { settings }, text: keepText(settings) }
      })
    })

  add(program.command('prune'))
    .description('delete old runs now, with all that is only theirs; Ctrl+C stops it')
    .option('--older-than <time>', 'those that ended longer ago, such as 30d, in place of what is set')
    .option('--dry-run', 'only say how many would go')
    .action(({ olderThan, dryRun = false }: PruneOptions, command: Command) =>
      askHost(command, async (client) => {
        const old = olderThan === undefined ? {} : { olderThan }
        if (dryRun) {
          const { runs } = await client.history.count(old)
          return { json: { runs }, text: `${count(runs)} would go.` }
        }
        return watchJob(client, () => client.history.prune(old))
      }),
    )

  add(program.command('shrink'))
    .description('give unused space of the database back to the disk, in small parts while everything goes on')
    .action((_options, command: Command) =>
      askHost(command, (client) => watchJob(client, () => client.history.shrink())),
    )
}

/** Begins a job, tells its progress on stderr, and stops it on Ctrl+C. */
async function watchJob(client: HostClient, begin: () => Promise<HistoryJob>): Promise<Answer> {
  // The first event comes when the stream has begun: no progress is missed after it.
  const events = await client.events.watch()
  let job: HistoryJob | null = null
  const stop = (): void => {
    client.history.stop().catch(() => undefined)
  }
  process.on('SIGINT', stop)
  try {
    for await (const event of events) {
      if (job === null) job = await begin()
      // It may have ended before its first event.
      job = event.type === 'history' ? event.job : ((await client.history.get()).job ?? job)
      if (event.type === 'history') printAside(progressText(job))
      if (job.state !== 'running') return answerOf(job)
    }
  } finally {
    process.off('SIGINT', stop)
  }
  throw new CommandError('Hookline stopped meanwhile: what was done until then stays done.')
}

function progressText({ kind, done, total }: HistoryJob): string {
  return kind === 'prune' ? `${done} of ${count(total)}` : `${megabytes(done)} of ${megabytes(total)}`
}

function answerOf(job: HistoryJob): Answer {
  const { kind, state, done, freedBytes, message } = job
  const what =
    kind === 'prune'
      ? `Deleted ${count(done)}${freedBytes > 0 ? `, and ${megabytes(freedBytes)} of large values` : ''}.`
      : `Gave ${megabytes(done)} back.`
  if (state === 'failed') complain(`It broke off: ${message ?? 'no reason is known'}`)
  const rest = state === 'stopped' ? ' Then it was stopped.' : ''
  return { json: { job }, text: `${what}${rest}`, isFailure: state !== 'done' }
}

function historyText({ settings, runs, since, databaseBytes, freeBytes, blobs }: History): string[] {
  return [
    `Runs          ${runs}${since === null ? '' : `, since ${since}`}`,
    `Database      ${megabytes(databaseBytes)}, of which "hookline shrink" could give ${megabytes(freeBytes)} back`,
    `Large values  ${blobs.count}, ${megabytes(blobs.bytes)}`,
    keepText(settings),
  ]
}

function keepText({ keepSucceededDays, keepFailedDays }: History['settings']): string {
  const days = (kept: number): string => (kept === 0 ? 'for ever' : kept === 1 ? '1 day' : `${kept} days`)
  return `Kept          succeeded and cancelled ${days(keepSucceededDays)}, failed ${days(keepFailedDays)}`
}

const count = (runs: number): string => (runs === 1 ? '1 run' : `${runs} runs`)

function readDays(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('It is a number of days, or 0 for ever.')
  return Number(text)
}
