import type { Command } from 'commander'
import type { Approval } from '../../core/contract/values.ts'
import type { HostClient } from '../control/host-client.ts'
import { type Answer, askHost, CommandError, table } from './context.ts'

type DecideOptions = { step?: string; scope?: string; note?: string }

/** `hookline approvals`, and `hookline run approve` and `decline`. */
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
    add(run.command(word))
      .description(decision === 'approved' ? 'say yes to what a run asks' : 'say no to what a run asks')
      .argument('<id>', 'the run')
      .option('--step <step>', 'the step that asks (needed when several do)')
      .option('--scope <scope>', 'inside a loop: the round, such as 3 or 3.0')
      .option('--note <text>', 'a note that the run can use')
      .action((id: string, options: DecideOptions, command: Command) =>
        askHost(command, (client) => decide(client, id, decision, options)),
      )
  }
}

async function decide(
  client: HostClient,
  runId: string,
  decision: 'approved' | 'declined',
  { step, scope, note }: DecideOptions,
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
  const approval = await client.approvals.decide({ runId, step: only.step, scope: only.scope, decision, note })
  return { json: { approval }, text: `${approval.runId}, ${placeOf(approval)}: ${decision}.` }
}

const placeOf = ({ step, scope }: Approval): string => (scope === '' ? step : `${step} [${scope}]`)
