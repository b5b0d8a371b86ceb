import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type RunningHost, runCli } from '../fixtures/headless-host.ts'
import { startSilentNtfy } from '../fixtures/silent-ntfy.ts'
import { expect, test } from '../fixtures/test.ts'
import { relayZap, writeZap } from '../fixtures/zap-files.ts'

test.use({ shares: true })

const importSchema = z.object({ zaps: z.array(z.object({ id: z.string() })) })
const startedSchema = z.object({ runId: z.string() })
const showSchema = z.object({
  run: z.object({
    status: z.string(),
    replayOf: z.string().nullable(),
    version: z.int(),
    waitsFor: z.string().nullable(),
    shownAs: z.string(),
    replays: z.array(z.unknown()),
    replayedAs: z.unknown(),
  }),
  steps: z.array(z.object({ step: z.string(), status: z.string(), output: z.unknown() })),
})
const approvalsSchema = z.object({
  approvals: z.array(z.object({ runId: z.string(), step: z.string(), scope: z.string(), message: z.string() })),
})
const jobSchema = z.object({
  job: z.object({ state: z.string(), total: z.int(), processed: z.int(), skipped: z.int() }),
})
const incidentsSchema = z.object({
  incidents: z.array(z.object({ kind: z.string(), closedAt: z.string().nullable() })),
})

async function importZap(host: RunningHost, folder: string, content: unknown): Promise<string> {
  const { zaps } = await host.ask(importSchema, 'zap', 'import', await writeZap(folder, 'zap', content), '--enable')
  return zaps[0]?.id ?? ''
}

async function start(host: RunningHost, id: string, input: unknown): Promise<string> {
  return (await host.ask(startedSchema, 'zap', 'run', id, '--input', JSON.stringify(input))).runId
}

const becomes = (host: RunningHost, id: string, run: Partial<z.infer<typeof showSchema>['run']>) =>
  expect(async () => {
    expect((await host.ask(showSchema, 'run', 'show', id)).run).toMatchObject(run)
  }).toPass()

const cli = (host: RunningHost, ...args: string[]) => runCli([...args, '--data', host.dataDir])

const asking = (steps: unknown[] = [], edges: unknown[] = []) => ({
  format: 'hookline/zap@1',
  name: 'Asks',
  steps: [
    { id: 'go', uses: 'manual.run', input: {} },
    ...steps,
    { id: 'ask', uses: 'logic.approve', input: { message: 'Pay {{ go.amount }}?' } },
    { id: 'yes', uses: 'data.set', input: { fields: { note: '{{ ask.note }}' } } },
  ],
  edges: [...edges, { from: 'ask', to: 'yes', port: 'approved' }],
})

test('what runs ask is listed, approved with a note, and declined', async ({ host, folder }) => {
  const id = await importZap(host, folder, asking([], [{ from: 'go', to: 'ask' }]))
  expect((await cli(host, 'approvals')).stdout).toBe('Nothing waits for your decision.\n')
  const [first, second] = [await start(host, id, { amount: 5 }), await start(host, id, { amount: 6 })]
  await becomes(host, first, { waitsFor: 'person' })
  await becomes(host, second, { waitsFor: 'person' })
  expect(
    (await host.ask(approvalsSchema, 'approvals')).approvals.map(({ runId, message }) => [runId, message]),
  ).toEqual([
    [first, 'Pay 5?'],
    [second, 'Pay 6?'],
  ])
  await host.ask(
    z.object({ approval: z.object({ decision: z.literal('approved') }) }),
    'run',
    'approve',
    first,
    '--note',
    'fine',
  )
  await becomes(host, first, { status: 'succeeded' })
  const { steps } = await host.ask(showSchema, 'run', 'show', first)
  expect(steps.find((row) => row.step === 'yes')?.output).toEqual({ note: 'fine' })
  expect((await cli(host, 'run', 'decline', second)).stdout).toContain('declined')
  await becomes(host, second, { status: 'succeeded' })
  const again = await cli(host, 'run', 'approve', second)
  expect(again).toMatchObject({ code: 1, stdout: '' })
  expect(again.stderr).toContain('declined already')
  const nothing = await cli(host, 'run', 'approve', first, '--step', 'yes')
  expect(nothing.code).toBe(1)
  expect(nothing.stderr).toContain('asks for no decision in the step "yes"')
})

test('of several questions of one run, one has to be named', async ({ host, folder }) => {
  const loop = { id: 'loop', uses: 'logic.for-each', input: { items: [1, 2], parallel: 2 } }
  const id = await importZap(
    host,
    folder,
    asking(
      [loop],
      [
        { from: 'go', to: 'loop' },
        { from: 'loop', to: 'ask', port: 'each' },
      ],
    ),
  )
  const runId = await start(host, id, { amount: 1 })
  await expect(async () => {
    expect((await host.ask(approvalsSchema, 'approvals')).approvals).toHaveLength(2)
  }).toPass()
  const unclear = await cli(host, 'run', 'approve', runId)
  expect(unclear.code).toBe(1)
  expect(unclear.stderr).toContain('--step ask --scope 1')
  for (const scope of ['0', '1']) await host.ask(z.unknown(), 'run', 'approve', runId, '--scope', scope)
  await becomes(host, runId, { status: 'succeeded' })
})

test('a run that waits goes on when told to, and one that failed is replayed with other data or another version', async ({
  host,
  folder,
  target,
}) => {
  target.answerWith(503, { 'retry-after': '3600' })
  const id = await importZap(host, folder, relayZap('later', target.url))
  const runId = await start(host, id, { body: { n: 1 } })
  await becomes(host, runId, { waitsFor: 'retry' })
  target.answerWith(400)
  await host.ask(z.unknown(), 'run', 'resume', runId)
  await becomes(host, runId, { status: 'failed' })
  expect((await cli(host, 'run', 'resume', runId)).code).toBe(1)

  target.answerWith(200)
  const file = join(folder, 'input.json')
  await writeFile(file, '{"body":{"n":2}}')
  const edited = await host.ask(startedSchema, 'run', 'replay', runId, '--newest', '--input', `@${file}`)
  await becomes(host, edited.runId, { status: 'succeeded', replayOf: runId })
  expect(target.requests.at(-1)?.body).toBe('{"n":2}')
  const bad = await cli(host, 'run', 'replay', runId, '--input', '{')
  expect(bad.code).toBe(1)
  expect(bad.stderr).toContain('--input is not valid JSON')
  const both = await cli(host, 'run', 'replay', runId, '--input', '1', '--from-failed')
  expect(both.stderr).toContain('leave one of the two out')
})

test('dead letters are listed and dismissed, and incidents come and go with them', async ({ host, folder, target }) => {
  target.answerWith(500)
  const id = await importZap(host, folder, relayZap('dead', target.url, { retry: { maxAttempts: 1 } }))
  for (const n of [1, 2, 3]) await becomes(host, await start(host, id, { body: n }), { status: 'failed' })
  const { deadLetters } = await host.ask(
    z.object({ deadLetters: z.array(z.object({ id: z.int() })) }),
    'outbox',
    'dead',
  )
  expect(deadLetters).toHaveLength(3)
  expect((await cli(host, 'outbox', 'dead')).stdout).toContain('500')
  expect(await host.ask(z.unknown(), 'outbox', 'dismiss', String(deadLetters[0]?.id))).toEqual({ dismissed: 1 })
  expect((await host.ask(incidentsSchema, 'incidents')).incidents).toMatchObject([{ kind: 'dead-letters' }])
  expect((await cli(host, 'status')).stdout).toContain('dead-letters: 2 runs')
  expect(await host.ask(z.unknown(), 'outbox', 'dismiss', '--all')).toEqual({ dismissed: 2 })
  expect((await cli(host, 'incidents')).stdout).toBe('All is well.\n')
  expect((await host.ask(incidentsSchema, 'incidents', '--all')).incidents).toHaveLength(1)
  // The count agrees with the list: what was dealt with is in neither.
  expect(await host.ask(z.unknown(), 'outbox')).toMatchObject({ dead: 0 })
  expect((await host.ask(z.object({ deadLetters: z.array(z.unknown()) }), 'outbox', 'dead')).deadLetters).toEqual([])
  for (const args of [[], ['x'], ['1', '--all']]) {
    expect((await cli(host, 'outbox', 'dismiss', ...args)).code).toBe(2)
  }
})

test('many runs are replayed and cancelled, with progress on stderr', async ({ host, folder, target }) => {
  target.answerWith(400)
  const id = await importZap(host, folder, relayZap('many', target.url))
  const calls = Array.from({ length: 60 }, (_, n) =>
    fetch(`${host.hooks}/hooks/many`, { method: 'POST', body: `Event no. ${n}.` }),
  )
  await Promise.all(calls)
  await expect(async () => {
    expect(await host.ask(z.unknown(), 'outbox')).toMatchObject({ pending: 0, leased: 0 })
  }).toPass()
  target.answerWith(200)
  const replayed = await cli(host, 'run', 'replay-all', '--zap', id, '--json')
  expect(replayed.code).toBe(0)
  expect(jobSchema.parse(JSON.parse(replayed.stdout)).job).toMatchObject({ state: 'done', total: 60, skipped: 0 })
  expect(replayed.stderr).toContain('60 of 60')
  await target.until((requests) => requests.length === 120)
  // What was replayed is no failure any more, and is not sent a third time by mistake.
  expect((await cli(host, 'run', 'list', '--status', 'failed')).stdout).toBe('There are no such runs.\n')
  expect((await cli(host, 'run', 'replay-all', '--zap', id)).stdout).toBe('Started again: 0 runs.\n')
  const seventh = ['--status', 'replayed', '--text', 'EVENT NO. 7.', '--since', '1h'] as const
  expect((await cli(host, 'run', 'replay-all', ...seventh)).stdout).toBe(
    'Started again: 0 runs. 1 already replayed is left out (--include-replayed takes them along).\n',
  )
  expect(target.requests).toHaveLength(120)
  const found = await cli(host, 'run', 'replay-all', ...seventh, '--include-replayed', '--json')
  expect(jobSchema.parse(JSON.parse(found.stdout)).job).toMatchObject({ state: 'done', total: 1, skipped: 0 })
  await target.until((requests) => requests.length === 121)

  await host.ask(z.unknown(), 'pause')
  await host.ask(z.unknown(), 'run', 'replay-all', '--zap', id, '--status', 'replayed', '--include-replayed')
  expect((await cli(host, 'run', 'cancel-all', '--zap', id)).stdout).toContain('Cancelled: 60 runs.')
  await host.ask(z.unknown(), 'resume')
  expect(await host.ask(z.unknown(), 'outbox')).toMatchObject({ pending: 0, leased: 0 })
  expect(target.requests).toHaveLength(121)
  expect((await cli(host, 'run', 'replay-all', '--status', 'lost')).code).toBe(2)
})

test('a run that needs review is done again, taken for done, or stopped', async ({ host, folder }) => {
  const ntfy = await startSilentNtfy()
  const id = await importZap(host, folder, {
    format: 'hookline/zap@1',
    name: 'Tells',
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      {
        id: 'tell',
        uses: 'ntfy.publish',
        input: { topic: 'lines', message: '{{ go.n }}', server: ntfy.url },
        settings: { timeoutMs: 1_000 },
      },
    ],
    edges: [{ from: 'go', to: 'tell' }],
  })
  const runIds: string[] = []
  for (const n of [1, 2, 3]) runIds.push(await start(host, id, { n }))
  for (const runId of runIds) await becomes(host, runId, { status: 'needs-review' })
  ntfy.speak()
  const [again = '', done = '', stop = ''] = runIds
  await host.ask(z.unknown(), 'run', 'resolve', again, '--again')
  await becomes(host, again, { status: 'succeeded' })
  await host.ask(z.unknown(), 'run', 'resolve', done, '--done', '--output', '{"bytes":7}')
  await becomes(host, done, { status: 'succeeded' })
  expect((await host.ask(showSchema, 'run', 'show', done)).steps.at(-1)?.output).toEqual({ bytes: 7 })
  expect((await cli(host, 'run', 'resolve', stop, '--stop')).stdout).toBe(`${stop} is failed.\n`)
  expect((await cli(host, 'run', 'resolve', stop, '--again')).code).toBe(1)
  for (const args of [[], ['--again', '--stop'], ['--stop', '--output', '1']]) {
    expect((await cli(host, 'run', 'resolve', stop, ...args)).code).toBe(2)
  }
  await ntfy.close()
})

test('every new command explains itself', async () => {
  for (const command of [
    ['run', 'list'],
    ['run', 'approve'],
    ['run', 'decline'],
    ['run', 'resolve'],
    ['run', 'resume'],
    ['run', 'replay-all'],
    ['run', 'cancel-all'],
    ['approvals'],
    ['outbox', 'dead'],
    ['outbox', 'dismiss'],
    ['incidents'],
    ['status'],
    ['pause'],
    ['resume'],
  ]) {
    const help = await runCli([...command, '--help'])
    expect(help.code).toBe(0)
    expect(help.stdout).toContain('--json')
  }
})

test('a run tells what it was replayed as, and one that a filter stopped says so', async ({ host, folder }) => {
  const gate = {
    id: 'gate',
    uses: 'logic.filter',
    input: { all: [{ left: '{{ go.amount }}', op: 'gt', right: '10' }] },
  }
  const id = await importZap(host, folder, {
    format: 'hookline/zap@1',
    name: 'Gate',
    steps: [{ id: 'go', uses: 'manual.run', input: {} }, gate],
    edges: [{ from: 'go', to: 'gate' }],
  })
  const small = await start(host, id, { amount: 1 })
  await becomes(host, small, { status: 'succeeded', shownAs: 'filtered' })
  expect((await cli(host, 'run', 'list', '--status', 'filtered')).stdout).toMatch(/run_\S+ +filtered /)
  expect((await cli(host, 'run', 'show', small)).stdout).toContain(`${small}  filtered  Gate`)
  const broken = await start(host, id, { amount: 'many' })
  await becomes(host, broken, { status: 'failed', shownAs: 'failed' })
  const { runId } = await host.ask(startedSchema, 'run', 'replay', broken, '--input', '{"amount":11}')
  await becomes(host, runId, { status: 'succeeded', replayOf: broken })
  const end = { id: runId, status: 'succeeded' }
  await becomes(host, broken, { status: 'failed', shownAs: 'replayed', replays: [end], replayedAs: end })
  expect((await cli(host, 'run', 'show', broken)).stdout).toContain(`It was replayed as ${runId} (succeeded).`)
})
