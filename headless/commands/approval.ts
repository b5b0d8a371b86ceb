import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Command } from 'commander'
import type { Approval } from '../../core/contract/values.ts'
import type { HostClient } from '../control/host-client.ts'
import { type Answer, askHost, CommandError, table } from './context.ts'

type DecideOptions = { step?: string; scope?: string; note?: string; field?: string[]; file?: string[] }

/** What one message to the host may hold of files, as a browser that fills in a page may send them. */
const MAX_FILE_BYTES = 5 * 1_048_576

/** `hookline approvals`, and `hookline run approve`, `decline` and `answer`. */
export function addApprovalCommands(program: Command, run: Command, add: (command: Command) => Command): void {
  add(program.command('approvals'))
    .description('list what runs ask you, the oldest first')
    .action((_options, command: Command) =>
      askHost(command, async (client) => {
        const approvals = await client.approvals.list()
        const rows = approvals.map((ask) => [
          ask.runId,
          placeOf(ask),
          ask.expiresAt ?? 'never',
          ask.zapName,
          ask.message,
        ])
        const text =
          rows.length === 0
            ? 'Nothing waits for your decision.'
            : table([['RUN', 'STEP', 'EXPIRES', 'ZAP', 'QUESTION'], ...rows])
        return { json: { approvals }, text }
      }),
    )

  for (const [word, decision] of [
    ['approve', 'approved'],
    ['decline', 'declined'],
  ] as const) {
    withOptions(add(run.command(word)))
      .description(decision === 'approved' ? 'say yes to what a run asks' : 'say no to what a run asks')
      .argument('<id>', 'the run')
      .action((id: string, options: DecideOptions, command: Command) =>
        askHost(command, (client) => decide(client, id, decision, options)),
      )
  }
  withOptions(add(run.command('answer')))
    .description('give one of the further answers to what a run asks')
    .argument('<id>', 'the run')
    .argument('<answer>', 'the name of the answer')
    .action((id: string, answer: string, options: DecideOptions, command: Command) =>
      askHost(command, (client) => decide(client, id, answer, options)),
    )
}

function withOptions(command: Command): Command {
  const gather = (value: string, before: string[] = []): string[] => [...before, value]
  return command
    .option('--step <step>', 'the step that asks (needed when several do)')
    .option('--scope <scope>', 'inside a loop: the round, such as 3 or 3.0')
    .option('--note <text>', 'a note that the run can use')
    .option('--field <name=value>', 'what to fill in; again for each field, and for each choice of several', gather)
    .option('--file <name=path>', 'a file for a field that takes one', gather)
}

type Fields = NonNullable<Parameters<HostClient['approvals']['decide']>[0]['fields']>

/** What was given for the fields of a question, by their names. */
async function fieldsOf(given: readonly string[], files: readonly string[]): Promise<Fields> {
  const fields = new Map<string, Fields[string]>()
  for (const [name, value] of given.map(pairOf)) {
    const before = fields.get(name)
    fields.set(name, before === undefined ? value : [before, value].flat())
  }
  for (const [name, path] of files.map(pairOf)) {
    const content = await readFile(path).catch((error: Error) => {
      throw new CommandError(`The file ${path} cannot be read: ${error.message}.`)
    })
    if (content.length > MAX_FILE_BYTES)
      throw new CommandError(`The file ${path} has more than 5 MB; choose a smaller one.`)
    fields.set(name, { filename: basename(path), base64: content.toString('base64') })
  }
  return Object.fromEntries(fields)
}

function pairOf(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new CommandError(`"${text}" is no name and value; write it as name=value.`)
  return [text.slice(0, at), text.slice(at + 1)]
}

async function decide(
  client: HostClient,
  runId: string,
  decision: string,
  { step, scope, note, field = [], file = [] }: DecideOptions,
): Promise<Answer> {
  const { steps } = await client.runs.get({ id: runId })
  const asked = steps.flatMap(({ approval }) => (approval === null ? [] : [approval]))
  const meant = asked.filter((ask) => (step ?? ask.step) === ask.step && (scope ?? ask.scope) === ask.scope)
  const open = meant.filter((ask) => ask.decision === null)
  const [only = meant[0]] = open
  if (only === undefined) {
    const where = step === undefined ? '' : ` in the step "${step}"${scope === undefined ? '' : `, round ${scope}`}`
    throw new CommandError(`The run ${runId} asks for no decision${where}.`)
  }
  if (open.length > 1) {
    const choices = open.map(
      (ask) => `  --step ${ask.step}${ask.scope === '' ? '' : ` --scope ${ask.scope}`}   ${ask.message}`,
    )
    throw new CommandError(`The run ${runId} asks for ${open.length} decisions; say which one:`, choices)
  }
  // One that was decided already is asked of the host all the same: its refusal says how, and when.
  const fields = await fieldsOf(field, file)
  const approval = await client.approvals.decide({ runId, step: only.step, scope: only.scope, decision, note, fields })
  return { json: { approval }, text: `${approval.runId}, ${placeOf(approval)}: ${decision}.` }
}

const placeOf = ({ step, scope }: Approval): string => (scope === '' ? step : `${step} [${scope}]`)
