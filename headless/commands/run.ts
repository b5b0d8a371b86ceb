import { type Command, InvalidArgumentError } from 'commander'
import { type RunDetail, runStateSchema } from '../../core/contract/values.ts'
import { askHost, table } from './context.ts'

const STATES = runStateSchema.options

export function addRunCommands(program: Command, add: (command: Command) => Command): void {
  const run = program.command('run').description('look at runs, replay and cancel them')

  add(run.command('list'))
    .description('list runs, the newest first')
    .option('--zap <id>', 'only those of a zap')
    .option('--status <status>', `only those in a state: ${STATES.join(', ')}`, readState)
    .option('--limit <n>', 'how many', readLimit, 50)
    .option('--cursor <cursor>', 'go on where the page before ended (its "next")')
    .action((options: ListOptions, command: Command) =>
      askHost(command, async (client) => {
        const { zap, status, limit, cursor } = options
        const page = await client.runs.list({ zapId: zap, status, limit, cursor })
        const rows = page.runs.map((row) => [row.id, row.status, row.startedAt, row.zapName, row.reason ?? ''])
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
    .action((id: string, options: { fromFailed?: boolean }, command: Command) =>
      askHost(command, async (client) => {
        const replayed = await client.runs.replay({ id, fromFailed: options.fromFailed === true })
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
}

type ListOptions = {
  zap?: string
  status?: (typeof STATES)[number]
  limit: number
  cursor?: string
}

/** A run as files and scripts rely on it. */
export function runJson({ run, steps }: RunDetail): Pick<RunDetail, 'run' | 'steps'> {
  return { run, steps }
}

export function runText({ run, steps }: RunDetail): string {
  const head = `${run.id}  ${run.status}  ${run.zapName} (version ${run.version})${run.reason === null ? '' : `\n  ${run.reason}`}`
  const rows = steps.map((step) => {
    const error = step.attempts.at(-1)?.error
    return [
      '',
      step.step,
      step.status,
      `${step.attempts.length} attempts`,
      error === null || error === undefined ? '' : error.message,
    ]
  })
  return `${head}\n${table(rows)}`
}

function readState(text: string): (typeof STATES)[number] {
  const parsed = runStateSchema.safeParse(text)
  if (!parsed.success) throw new InvalidArgumentError(`It is one of ${STATES.join(', ')}.`)
  return parsed.data
}

function readLimit(text: string): number {
  const limit = Number(text)
  if (!Number.isInteger(limit) || limit < 1 || limit > 500)
    throw new InvalidArgumentError('It is a number from 1 to 500.')
  return limit
}
