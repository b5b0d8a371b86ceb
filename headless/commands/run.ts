import { type Command, InvalidArgumentError, Option } from 'commander'
import type { RunDetail } from '../../core/contract/values.ts'
import { addApprovalCommands } from './approval.ts'
import { addBulkCommands } from './bulk.ts'
import { askHost, table } from './context.ts'
import { findRuns } from './find-runs.ts'
import { readJsonOption } from './json-input.ts'
import { addRunFileCommands } from './run-files.ts'
import { type FilterOptions, filterOf, withFilterOptions } from './run-filter.ts'
import { runText } from './run-text.ts'

export function addRunCommands(program: Command, add: (command: Command) => Command): void {
  const run = program.command('run').description('look at runs, replay, cancel and answer them')

  withFilterOptions(add(run.command('list')).description('list runs, the newest first'))
    .option('--limit <n>', 'how many', readLimit, 50)
    .option('--cursor <cursor>', 'go on where the page before ended (its "next")')
    .action((options: ListOptions, command: Command) =>
      askHost(command, async (client) => {
        const page = await findRuns(client, await filterOf(client, options), options.limit, options.cursor)
        const rows = page.runs.map((row) => [row.id, row.shownAs, row.startedAt, row.zapName, row.reason ?? ''])
        const text =
          rows.length === 0 ? 'There are no such runs.' : table([['ID', 'STATUS', 'STARTED', 'ZAP', 'REASON'], ...rows])
        return { json: page, text }
      }),
    )

  add(run.command('show'))
    .description('show a run with the input, output and attempts of each step')
    .argument('<id>')
    .action((id: string, _options, command: Command) =>
      askHost(command, async (client) => {
        const detail = await client.runs.get({ id })
        return { json: runJson(detail), text: runText(detail) }
      }),
    )

  add(run.command('replay'))
    .description('run the same event again, as a new run')
    .argument('<id>')
    .option('--from-failed', 'keep the outputs of the steps that succeeded')
    .option('--newest', 'with the live version of the zap, instead of the one that it ran on')
    .option('--input <json>', 'other data in place of what its trigger gave, as JSON or @FILE')
    .action((id: string, options: ReplayOptions, command: Command) =>
      askHost(command, async (client) => {
        const { fromFailed = false, newest = false } = options
        const input = options.input === undefined ? {} : { input: await readJsonOption('--input', options.input) }
        const version = newest ? 'newest' : 'same'
        const replayed = await client.runs.replay({ id, fromFailed, version, ...input })
        return { json: replayed, text: `Started ${replayed.runId}.` }
      }),
    )

  add(run.command('cancel'))
    .description('end a run that is under way or waits')
    .argument('<id>')
    .action((id: string, _options, command: Command) =>
      askHost(command, async (client) => {
        const cancelled = await client.runs.cancel({ id })
        return { json: { run: cancelled }, text: `${cancelled.id} is ${cancelled.status}.` }
      }),
    )

  add(run.command('resume'))
    .description('let a run that waits make its next attempt, or end its delay, now')
    .argument('<id>')
    .action((id: string, _options, command: Command) =>
      askHost(command, async (client) => {
        const resumed = await client.runs.resumeNow({ id })
        return { json: { run: resumed }, text: `${resumed.id} goes on.` }
      }),
    )

  add(run.command('resolve'))
    .description('say what is to become of a run that needs review: choose one of --again, --done and --stop')
    .argument('<id>')
    .addOption(new Option('--again', 'do the interrupted step again').conflicts(['done', 'stop', 'output']))
    .addOption(new Option('--done', 'take the interrupted step for done').conflicts(['stop']))
    .option('--output <json>', 'with --done: what the step would have given, as JSON or @FILE (default: {})')
    .addOption(new Option('--stop', 'end the run as failed').conflicts(['output']))
    .action((id: string, options: ResolveOptions, command: Command) => {
      const choice = choiceOf(options)
      if (choice === undefined) command.error('error: choose one of --again, --done and --stop')
      return askHost(command, async (client) => {
        const output = options.output === undefined ? {} : { output: await readJsonOption('--output', options.output) }
        const resolved = await client.runs.resolve({ id, choice, ...output })
        return { json: { run: resolved }, text: `${resolved.id} is ${resolved.status}.` }
      })
    })

  addApprovalCommands(program, run, add)
  addRunFileCommands(run, add)
  addBulkCommands(run, add)
}

type ReplayOptions = { fromFailed?: boolean; newest?: boolean; input?: string }

type ResolveOptions = { again?: boolean; done?: boolean; stop?: boolean; output?: string }

function choiceOf({ again, done, stop }: ResolveOptions): 'run-again' | 'mark-done' | 'stop' | undefined {
  if (again === true) return 'run-again'
  if (done === true) return 'mark-done'
  return stop === true ? 'stop' : undefined
}

type ListOptions = FilterOptions & { limit: number; cursor?: string }

/** A run as files and scripts rely on it. */
export function runJson({ run, steps }: RunDetail): Pick<RunDetail, 'run' | 'steps'> {
  return { run, steps }
}

function readLimit(text: string): number {
  const limit = Number(text)
  if (!Number.isInteger(limit) || limit < 1 || limit > 500)
    throw new InvalidArgumentError('It is a number from 1 to 500.')
  return limit
}
