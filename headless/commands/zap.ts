import { isDefinedError, safe } from '@orpc/client'
import type { Command } from 'commander'
import {
  exceedsDepth,
  type ImportResult,
  MAX_JSON_DEPTH,
  type Problem,
  type RunDetail,
  visibleJson,
  type ZapDetail,
} from '../../core/contract/values.ts'
import type { HostClient } from '../control/host-client.ts'
import { complain, printAside } from '../terminal.ts'
import { type Answer, askHost, CommandError, table } from './context.ts'
import { readInputFile, readJsonOption } from './json-input.ts'
import { runJson } from './run.ts'
import { runText } from './run-text.ts'
import { addPermissionCommands, permissionLines } from './zap-permissions.ts'

export function addZapCommands(program: Command, add: (command: Command) => Command): void {
  const zap = program.command('zap').description('import, list, switch and run zaps')

  add(zap.command('import'))
    .description('import zap files: all of them, or none when one has a problem')
    .argument('<file...>', '*.zap.json files, or - for stdin')
    .option('--enable', 'publish them and switch them on, which lets them touch all that they name')
    .action((files: string[], options: { enable?: boolean }, command: Command) =>
      askHost(command, (client) => importFiles(client, files, options.enable === true)),
    )

  addPermissionCommands(zap, add)

  add(zap.command('list'))
    .description('list all zaps')
    .action((_options, command: Command) =>
      askHost(command, async (client) => {
        const zaps = await client.zaps.list()
        const rows = zaps.map(({ id, status, name, triggerSummary }) => [id, status, name, triggerSummary])
        return {
          json: { zaps },
          text: rows.length === 0 ? 'There are no zaps yet.' : table([['ID', 'STATUS', 'NAME', 'STARTS ON'], ...rows]),
        }
      }),
    )

  add(zap.command('show'))
    .description('show a zap: its state, addresses and problems')
    .argument('<id>')
    .action((id: string, _options, command: Command) =>
      askHost(command, async (client) => {
        const detail = await client.zaps.get({ id })
        return { json: { zap: detail }, text: zapText(detail) }
      }),
    )

  add(zap.command('export'))
    .description('print a zap file; it never holds a secret')
    .argument('<id>')
    .action((id: string, _options, command: Command) =>
      askHost(command, async (client) => {
        const file = await client.zaps.export({ id })
        return { json: file, text: visibleJson(file, 2).split('\n') }
      }),
    )

  for (const [word, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    add(zap.command(word))
      .description(enabled ? 'switch a zap on; a draft is published first' : 'switch a zap off')
      .argument('<id>')
      .action((id: string, _options, command: Command) => askHost(command, (client) => switchZap(client, id, enabled)))
  }

  add(zap.command('delete'))
    .description('delete a zap; its runs stay')
    .argument('<id>')
    .action((id: string, _options, command: Command) =>
      askHost(command, async (client) => {
        await client.zaps.remove({ id })
        return { json: { ok: true, id }, text: `Deleted ${id}.` }
      }),
    )

  add(zap.command('rehearse'))
    .description('show what the draft, up to a step, would do to the files that are there now; nothing is touched')
    .argument('<id>')
    .argument('<step>', 'the step')
    .action((id: string, step: string, _options, command: Command) =>
      askHost(command, async (client) => {
        const rehearsal = await client.zaps.rehearse({ id, step })
        const rows = rehearsal.lines.flatMap(({ path, verdict, why, changes }) =>
          verdict === 'change'
            ? changes.map(({ kind, from, to }) => [kind, from ?? path ?? '', to, ''])
            : [[verdict, path ?? '', '', why]],
        )
        const text = rows.length === 0 ? 'No file is there.' : table([['WHAT', 'NOW', 'AFTER', 'WHY'], ...rows])
        return { json: rehearsal, text }
      }),
    )

  add(zap.command('run'))
    .description('run a zap now, as its trigger would')
    .argument('<id>')
    .option(
      '--input <json>',
      'what the trigger gives, as JSON, @FILE, or @- for stdin (default: its last event, or a sample)',
    )
    .option('--wait', 'wait until the run ends; the exit code is 1 unless it succeeded')
    .action((id: string, options: { input?: string; wait?: boolean }, command: Command) =>
      askHost(command, async (client) => {
        const input = options.input === undefined ? {} : { input: await readJsonOption('--input', options.input) }
        const { liveVersion } = await client.zaps.get({ id })
        const started = await client.zaps.run({ id, source: liveVersion === null ? 'draft' : 'live', ...input })
        if (options.wait === true && (await client.system.status()).paused) {
          complain('Everything is paused, so the run waits until you resume.')
        }
        if (options.wait !== true) return { json: started, text: `Started ${started.runId}.` }
        const detail = await waitForRun(client, started.runId)
        const isFailure = detail.run.status !== 'succeeded'
        return { json: { ...started, ...runJson(detail) }, text: runText(detail), isFailure }
      }),
    )
}

async function importFiles(client: HostClient, files: readonly string[], enable: boolean): Promise<Answer> {
  const contents = await Promise.all(
    files.map(async (file) => {
      const text = await readInputFile(file)
      let content: unknown
      try {
        content = JSON.parse(text)
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        throw new CommandError(`${file} is not valid JSON, so nothing was imported: ${why}`)
      }
      // What is deeper could not even be sent.
      if (!exceedsDepth(content, MAX_JSON_DEPTH)) return { file, content }
      throw new CommandError(
        `${file} nests deeper than ${MAX_JSON_DEPTH} levels, so nothing was imported: make it flatter.`,
      )
    }),
  )
  const { zaps } = await client.zaps.import({ files: contents, enable })
  const isFailure = zaps.some((zap) => zap.status === 'refused')
  const lines = zaps.flatMap(importText)
  if (isFailure) {
    complain(['Nothing was imported:', ...lines])
    return { json: { zaps }, text: [], isFailure }
  }
  if (enable) {
    for (const { name, needs } of zaps) {
      if (needs.length > 0) printAside([`hookline: "${name}" may now touch:`, ...permissionLines(needs, false)])
    }
  }
  return { json: { zaps }, text: lines }
}

function importText(zap: ImportResult): string[] {
  const head = zap.id === null ? `${zap.file} (${zap.name})` : `${zap.id}  ${zap.status}  ${zap.name}`
  return [
    head,
    ...zap.webhooks.map((hook) => `  ${hook.methods.join('/')} ${hook.url}`),
    ...problemLines(zap.problems),
    ...(zap.review === 'done' ? [] : reviewLines(zap)),
  ]
}

function reviewLines(zap: ImportResult): string[] {
  return [
    '  It cannot run before you approve what it wants to touch:',
    ...permissionLines(zap.needs, true).map((line) => `  ${line}`),
    `  Approve it with: hookline zap approve ${zap.id}`,
  ]
}

function problemLines(problems: readonly Problem[]): string[] {
  return problems.map(({ step, field, message }) => {
    const place = [step === null ? null : `step ${step}`, field].filter((part) => part !== null).join(', ')
    return `  - ${place === '' ? '' : `${place}: `}${message}`
  })
}

async function switchZap(client: HostClient, id: string, enabled: boolean): Promise<Answer> {
  const [error, detail] = await safe(client.zaps.setEnabled({ id, enabled }))
  if (error !== null) {
    if (!isDefinedError(error) || error.code !== 'INVALID_ZAP') throw error
    const { problems } = error.data
    complain([error.message, ...problemLines(problems)])
    return { json: { zap: null, problems }, text: [], isFailure: true }
  }
  const { name, status, webhooks, problems } = detail
  return { json: { zap: { id, name, status, webhooks, problems } }, text: zapText(detail) }
}

function zapText(zap: ZapDetail): string[] {
  const called = zap.live?.name == null ? '' : ` "${zap.live.name}"`
  return [
    `${zap.name}  (${zap.id})`,
    ...(zap.review === 'done' ? [] : [`  waits for your review: hookline zap review ${zap.id}`]),
    `  ${zap.status}${zap.liveVersion === null ? '' : `, version ${zap.liveVersion}${called}`}, starts on ${zap.triggerSummary}`,
    ...zap.webhooks.map((hook) => `  ${hook.methods.join('/')} ${hook.url}`),
    ...problemLines(zap.problems),
  ]
}

/** Resolves when the run has ended or waits for a person. */
async function waitForRun(client: HostClient, runId: string): Promise<RunDetail> {
  const isOver = (status: string): boolean => !['running', 'waiting'].includes(status)
  // The stream begins before the first look, so an end between the two is not missed.
  const events = await client.events.watch()
  const look = async (): Promise<RunDetail | undefined> => {
    const [error, detail] = await safe(client.runs.get({ id: runId }))
    // The run begins a moment after its event was accepted.
    return error === null && isOver(detail.run.status) ? detail : undefined
  }
  for await (const event of events) {
    const isOurs = event.type === 'status' || (event.type === 'runs' && event.runs.some((run) => run.id === runId))
    const detail = isOurs ? await look() : undefined
    if (detail !== undefined) return detail
  }
  throw new CommandError('Hookline stopped while the run was under way; it goes on at the next start.')
}
