import type { Command } from 'commander'
import type { BulkJob, LeftOut, RunFilter } from '../../core/contract/values.ts'
import type { HostClient } from '../control/host-client.ts'
import { complain, tellProgress } from '../terminal.ts'
import { type Answer, askHost, CommandError } from './context.ts'
import { findRuns } from './find-runs.ts'
import { type FilterOptions, filterOf, withFilterOptions } from './run-filter.ts'

type BulkOptions = FilterOptions & {
  fromFailed?: boolean
  newest?: boolean
  includeReplayed?: boolean
  includeTests?: boolean
}

/** As many runs as one job takes by name. */
const MOST = 100_000

const UNFINISHED = ['running', 'waiting'] as const

/** `hookline run replay-all` and `cancel-all`. */
export function addBulkCommands(run: Command, add: (command: Command) => Command): void {
  const replay = add(run.command('replay-all')).description(
    'run the events of many runs again: those that failed, unless --status says otherwise; what was replayed before, and tests, are left out',
  )
  withFilterOptions(replay, 'failed')
    .option('--from-failed', 'keep the outputs of the steps that succeeded')
    .option('--newest', 'with the live version of their zap, instead of their own')
    .option('--include-replayed', 'once more also what was replayed before')
    .option('--include-tests', 'also tests of drafts')
    .action((options: BulkOptions, command: Command) => askHost(command, (client) => work(client, 'replay', options)))

  const cancel = add(run.command('cancel-all')).description(
    'end many runs: all that are under way, wait, or (without --text) have not begun',
  )
  withFilterOptions(cancel).action((options: BulkOptions, command: Command) =>
    askHost(command, (client) => work(client, 'cancel', options)),
  )
}

async function work(client: HostClient, action: 'replay' | 'cancel', options: BulkOptions): Promise<Answer> {
  const { fromFailed = false, newest = false } = options
  const include: LeftOut[] = []
  if (options.includeReplayed === true) include.push('replayed')
  if (options.includeTests === true) include.push('tests')
  const which = await chosenRuns(client, action, await filterOf(client, options))
  // The first event comes when the stream has begun: no progress is missed after it.
  const events = await client.events.watch()
  let job: BulkJob | undefined
  const stop = (): void => {
    if (job !== undefined) client.bulk.cancel({ id: job.id }).catch(() => undefined)
  }
  process.on('SIGINT', stop)
  try {
    for await (const event of events) {
      job ??= await client.bulk.start({
        action,
        ...which,
        fromFailed,
        version: newest ? 'newest' : 'same',
        include,
      })
      if (event.type === 'bulk' && event.job.id === job.id) {
        job = event.job
        tellJob(job)
      } else {
        // It may have ended before its first event.
        const { id } = job
        job = (await client.bulk.list()).find((known) => known.id === id) ?? job
      }
      if (job.state !== 'running') return answerOf(job)
    }
  } finally {
    process.off('SIGINT', stop)
  }
  throw new CommandError('Hookline stopped meanwhile: what was done until then stays done.')
}

/** What a job is told to work on. Runs with a text in them are looked for first: a job takes those by name only. */
async function chosenRuns(
  client: HostClient,
  action: 'replay' | 'cancel',
  filter: RunFilter,
): Promise<{ filter: RunFilter } | { ids: string[] }> {
  if (filter.text === undefined) return { filter }
  const filters =
    action === 'cancel' && filter.status === undefined ? UNFINISHED.map((status) => ({ ...filter, status })) : [filter]
  const ids: string[] = []
  for (const one of filters) {
    const { runs, next } = await findRuns(client, one, MOST, undefined)
    if (next !== null)
      throw new CommandError(`More than ${MOST} runs have that in them: narrow it down with --zap, --since or --until.`)
    ids.push(...runs.map((run) => run.id))
  }
  return { ids: [...new Set(ids)].sort() }
}

function tellJob({ processed, total, skipped }: BulkJob): void {
  const line = `${processed} of ${total}${skipped === 0 ? '' : ` (${skipped} with nothing to do)`}`
  tellProgress(line, processed === total)
}

function answerOf(job: BulkJob): Answer {
  const { action, state, processed, skipped, total, message } = job
  const done = processed - skipped
  const what = action === 'replay' ? 'Started again' : 'Cancelled'
  const rest = skipped === 0 ? '' : ` With ${skipped} there was nothing to do.`
  if (state === 'failed') {
    complain(`It failed after ${processed} of ${total} runs: ${message ?? 'no reason is known'}`)
  }
  const ended = state === 'cancelled' ? ` Stopped by you after ${processed} of ${total}.` : ''
  return {
    json: { job },
    text: `${what}: ${done} ${done === 1 ? 'run' : 'runs'}.${leftOutText(job)}${rest}${ended}`,
    isFailure: state !== 'done',
  }
}

/** What was left out, and how it is taken along: ` 3 already replayed and 2 tests are left out (--include-replayed, --include-tests).` */
function leftOutText({ leftOut: { replayed, tests } }: BulkJob): string {
  const parts = [
    ...(replayed > 0 ? [{ what: `${replayed} already replayed`, option: '--include-replayed' }] : []),
    ...(tests > 0 ? [{ what: `${tests} ${tests === 1 ? 'test' : 'tests'}`, option: '--include-tests' }] : []),
  ]
  if (parts.length === 0) return ''
  const are = replayed + tests === 1 ? 'is' : 'are'
  const options = parts.map((part) => part.option).join(', ')
  return ` ${parts.map((part) => part.what).join(' and ')} ${are} left out (${options} takes them along).`
}
