import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { z } from 'zod'
import { type RunningHost, runCli, startHost } from '../fixtures/headless-host.ts'
import { expect, test } from '../fixtures/test.ts'
import { relayZap, writeZap } from '../fixtures/zap-files.ts'

const importSchema = z.object({
  zaps: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      status: z.string(),
      webhooks: z.array(z.object({ step: z.string(), url: z.string() })),
      problems: z.array(z.unknown()),
    }),
  ),
})
const runSchema = z.object({
  id: z.string(),
  zapId: z.string(),
  version: z.int(),
  status: z.string(),
  reason: z.string().nullable(),
  replayOf: z.string().nullable(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
})
const showSchema = z.object({
  run: runSchema,
  steps: z.array(
    z.object({
      step: z.string(),
      scope: z.string(),
      status: z.string(),
      input: z.unknown(),
      output: z.unknown(),
      attempts: z.array(
        z.object({
          n: z.int(),
          startedAt: z.iso.datetime(),
          finishedAt: z.iso.datetime().nullable(),
          error: z.object({ code: z.string(), message: z.string() }).nullable(),
        }),
      ),
    }),
  ),
})
const listSchema = z.object({ runs: z.array(runSchema), next: z.string().nullable() })

async function importOne(host: RunningHost, file: string) {
  const [zap] = (await host.ask(importSchema, 'zap', 'import', file, '--enable')).zaps
  if (zap === undefined) throw new Error('nothing was imported')
  return zap
}

test('a zap is imported, fired, shown, replayed, exported and deleted', async ({ host, folder, target }) => {
  const zap = await importOne(host, await writeZap(folder, 'relay', relayZap('orders', target.url)))
  expect(zap).toMatchObject({
    name: 'Relay orders',
    status: 'enabled',
    webhooks: [{ step: 'hook', url: `${host.hooks}/hooks/orders` }],
    problems: [],
  })

  const started = await host.ask(
    showSchema.extend({ runId: z.string() }),
    'zap',
    'run',
    zap.id,
    '--input',
    '{"body":{"amount":75}}',
    '--wait',
  )
  expect(started.run).toMatchObject({ zapId: zap.id, version: 1, status: 'succeeded', replayOf: null })
  expect(target.requests.map((request) => request.body)).toEqual(['{"amount":75}'])

  const shown = await host.ask(showSchema, 'run', 'show', started.runId)
  expect(shown.steps.map((step) => [step.step, step.scope, step.status])).toEqual([
    ['hook', '', 'succeeded'],
    ['post', '', 'succeeded'],
  ])
  expect(shown.steps[1]).toMatchObject({
    input: { method: 'POST', url: target.url, body: { amount: 75 } },
    output: { status: 200, body: { received: 1 } },
    attempts: [{ n: 1, error: null }],
  })

  const { runId } = await host.ask(z.object({ runId: z.string() }), 'run', 'replay', started.runId)
  await target.until((requests) => requests.length === 2)
  await expect(async () => {
    const replayed = await host.ask(showSchema, 'run', 'show', runId)
    expect(replayed.run).toMatchObject({ status: 'succeeded', replayOf: started.runId })
  }).toPass()
  // A replay is the user's wish, so its target must not take it for a repeat.
  expect(new Set(target.requests.map((request) => request.headers['idempotency-key'])).size).toBe(2)

  const page = await host.ask(listSchema, 'run', 'list', '--zap', zap.id, '--limit', '1')
  expect(page.runs.map((run) => run.id)).toEqual([runId])
  const rest = await host.ask(listSchema, 'run', 'list', '--zap', zap.id, '--cursor', String(page.next))
  expect(rest).toMatchObject({ runs: [{ id: started.runId }], next: null })
  const find = async (...args: string[]) =>
    (await host.ask(listSchema, 'run', 'list', ...args)).runs.map((run) => run.id)
  expect(await find('--text', '"AMOUNT": 75', '--since', '1h')).toEqual([runId, started.runId])
  expect(await find('--text', started.runId, '--limit', '1')).toHaveLength(1)
  expect(await find('--text', '"amount": 76')).toEqual([])
  expect(await find('--until', '2026-11-01', '--since', '2026-11-01')).toEqual([])

  expect(await host.ask(z.unknown(), 'zap', 'export', zap.id)).toMatchObject({
    format: 'hookline/zap@1',
    name: 'Relay orders',
  })
  await host.ask(z.unknown(), 'zap', 'disable', zap.id)
  expect((await fetch(`${host.hooks}/hooks/orders`, { method: 'POST' })).status).toBe(404)
  await host.ask(z.unknown(), 'zap', 'delete', zap.id)
  const gone = await runCli(['zap', 'show', zap.id, '--data', host.dataDir])
  expect(gone).toMatchObject({ code: 1, stdout: '' })
  expect(gone.stderr).toContain(zap.id)
})

test('a filter that does not hold ends the run in order, and what is behind it is skipped', async ({
  host,
  folder,
  target,
}) => {
  const zap = await importOne(
    host,
    await writeZap(folder, 'filter', {
      format: 'hookline/zap@1',
      name: 'Only large',
      steps: [
        { id: 'hook', uses: 'webhook.catch', input: { path: 'large' } },
        {
          id: 'big',
          uses: 'logic.filter',
          input: { all: [{ left: '{{ hook.body.amount }}', op: 'gt', right: '50' }] },
        },
        { id: 'post', uses: 'http.request', input: { method: 'POST', url: target.url, body: '{{ hook.body }}' } },
      ],
      edges: [
        { from: 'hook', to: 'big' },
        { from: 'big', to: 'post' },
      ],
    }),
  )
  const small = await host.ask(showSchema, 'zap', 'run', zap.id, '--input', '{"body":{"amount":5}}', '--wait')
  expect(small.run.status).toBe('succeeded')
  expect(small.steps.map((step) => step.status)).toEqual(['succeeded', 'succeeded', 'skipped'])
  const large = await host.ask(showSchema, 'zap', 'run', zap.id, '--input', '{"body":{"amount":51}}', '--wait')
  expect(large.steps.map((step) => step.status)).toEqual(['succeeded', 'succeeded', 'succeeded'])
  expect(target.requests).toHaveLength(1)
})

test('a failing target is tried again, waits visibly, and can be cancelled', async ({ host, folder, target }) => {
  target.answerWith(503, { 'retry-after': '3600' })
  const zap = await importOne(host, await writeZap(folder, 'relay', relayZap('later', target.url)))
  const { runId } = await host.ask(z.object({ runId: z.string() }), 'zap', 'run', zap.id, '--input', '{"body":1}')
  await expect(async () => {
    const { run, steps } = await host.ask(showSchema, 'run', 'show', runId)
    expect(run.status).toBe('waiting')
    expect(steps[1]?.attempts).toMatchObject([{ n: 1, error: { code: 'http-503' } }])
  }).toPass()
  expect(await host.ask(z.unknown(), 'outbox')).toMatchObject({ pending: 1, dead: 0 })
  await host.ask(z.unknown(), 'run', 'cancel', runId)
  expect((await host.ask(showSchema, 'run', 'show', runId)).run.status).toBe('cancelled')
  expect(await host.ask(z.unknown(), 'outbox')).toMatchObject({ pending: 0, leased: 0 })
})

test('attempts that are used up leave a dead letter, and the run can go on from the failed step', async ({
  host,
  folder,
  target,
}) => {
  target.answerWith(500)
  const file = relayZap('dead', target.url, { retry: { maxAttempts: 2, baseMs: 1 } })
  const zap = await importOne(host, await writeZap(folder, 'relay', file))
  const failed = await runCli([
    'zap',
    'run',
    zap.id,
    '--input',
    '{"body":1}',
    '--wait',
    '--json',
    '--data',
    host.dataDir,
  ])
  expect(failed.code).toBe(1)
  const { run, steps } = showSchema.parse(JSON.parse(failed.stdout))
  expect(run).toMatchObject({ status: 'failed' })
  expect(run.reason).toContain('500')
  expect(steps[1]?.attempts.map((attempt) => attempt.error?.code)).toEqual(['http-500', 'http-500'])
  expect(await host.ask(z.unknown(), 'outbox')).toMatchObject({ pending: 0, dead: 1 })

  target.answerWith(200)
  const replay = await host.ask(z.object({ runId: z.string() }), 'run', 'replay', run.id, '--from-failed')
  await expect(async () => {
    expect((await host.ask(showSchema, 'run', 'show', replay.runId)).run.status).toBe('succeeded')
  }).toPass()
})

test('a credential is kept, used, listed without its secret, and deleted', async ({ host, folder, target }) => {
  const secret = 'a-token-that-nobody-may-see'
  const saved = await runCli(['credential', 'set', 'ledger', '--stdin', '--json', '--data', host.dataDir], {
    stdin: `${secret}\n`,
  })
  expect(saved.code).toBe(0)
  const zap = relayZap('auth', target.url)
  const withAuth = JSON.parse(
    JSON.stringify(zap).replace('"method":"POST"', '"method":"POST","auth":{"$credential":"ledger"}'),
  )
  const { id } = await importOne(host, await writeZap(folder, 'auth', withAuth))
  const shown = await host.ask(showSchema, 'zap', 'run', id, '--input', '{"body":1}', '--wait')
  expect(target.requests[0]?.headers.authorization).toBe(`Bearer ${secret}`)
  expect(JSON.stringify(shown)).not.toContain(secret)
  const listed = await runCli(['credential', 'list', '--json', '--data', host.dataDir])
  expect(listed.stdout).toContain('ledger')
  expect(listed.stdout + host.log() + saved.stdout).not.toContain(secret)
  expect((await readFile(join(host.dataDir, 'hookline.db'))).includes(secret)).toBe(false)
  await host.ask(z.unknown(), 'credential', 'delete', 'ledger')
  expect((await runCli(['credential', 'delete', 'ledger', '--data', host.dataDir])).code).toBe(1)
})

test('a secret that was moved to another name in the database opens no more', async ({ folder, target }) => {
  const dataDir = join(folder, 'data')
  const first = await startHost({ dataDir })
  for (const name of ['ledger', 'mail'])
    await runCli(['credential', 'set', name, '--stdin', '--data', dataDir], { stdin: `secret of ${name}` })
  const zap = JSON.stringify(relayZap('in', target.url)).replace('"POST"', '"POST","auth":{"$credential":"ledger"}')
  await first.ask(z.unknown(), 'zap', 'import', await writeZap(folder, 'in', zap), '--enable')
  await first.stop()
  const database = new Sqlite(join(dataDir, 'hookline.db'))
  database.exec(
    "UPDATE credential SET sealed = (SELECT sealed FROM credential WHERE name = 'mail') WHERE name = 'ledger'",
  )
  database.close()
  const second = await startHost({ dataDir })
  await fetch(`${second.hooks}/hooks/in`, { method: 'POST', body: '{}' })
  const failed = z.object({ runs: z.tuple([z.object({ id: z.string() })]) })
  await expect(async () => {
    const { runs } = await second.ask(failed, 'run', 'list', '--status', 'failed')
    const shown = await runCli(['run', 'show', runs[0].id, '--data', dataDir])
    expect(shown.stdout).toContain('The credential "ledger" cannot be opened. It was changed, belongs to another name')
  }).toPass()
  expect(target.requests).toEqual([])
  await second.stop()
})

test('a backup brings back what was there when it was made', async ({ folder }) => {
  const dataDir = join(folder, 'data')
  const host = await startHost({ dataDir })
  const zap = await importOne(host, await writeZap(folder, 'kept', relayZap('kept', 'http://127.0.0.1:9/')))
  const backup = join(folder, 'backup.db')
  await host.ask(z.object({ file: z.literal(backup), bytes: z.int().min(1) }), 'backup', backup)
  expect((await runCli(['backup', backup, '--data', dataDir])).code).toBe(1)
  const daily = await host.ask(z.object({ file: z.string(), at: z.iso.datetime() }), 'backup')
  expect(daily.file.startsWith(join(dataDir, 'backups', 'hookline-'))).toBe(true)
  const { checks } = await host.ask(
    z.object({ checks: z.array(z.object({ name: z.string(), message: z.string() })) }),
    'doctor',
  )
  expect(checks.find(({ name }) => name === 'backups')?.message).toContain(`1, the newest of ${daily.at}`)
  await host.ask(z.unknown(), 'zap', 'delete', zap.id)
  const refused = await runCli(['restore', backup, '--data', dataDir])
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain('stop it first')
  await host.stop()
  expect((await runCli(['restore', backup, '--data', dataDir])).code).toBe(0)
  const again = await startHost({ dataDir })
  expect(await again.ask(z.object({ zap: z.object({ status: z.string() }) }), 'zap', 'show', zap.id)).toMatchObject({
    zap: { status: 'enabled' },
  })
  await again.stop()
})

test('exit codes: 2 for wrong usage, 3 when no host runs, and help for everything', async ({ folder }) => {
  expect((await runCli(['fly'])).code).toBe(2)
  expect((await runCli(['zap', 'show'])).code).toBe(2)
  expect((await runCli(['run', 'list', '--limit', 'many', '--data', folder])).code).toBe(2)
  const whenever = await runCli(['run', 'list', '--since', 'whenever', '--data', folder])
  expect(whenever).toMatchObject({ code: 2, stdout: '' })
  expect(whenever.stderr).toContain("'whenever' is invalid. It is a duration back from now")
  expect((await runCli(['run', 'list', '--text', ' ', '--data', folder])).code).toBe(2)
  const nobody = await runCli(['outbox', '--json', '--data', folder])
  expect(nobody).toMatchObject({ code: 3, stdout: '' })
  expect(nobody.stderr).toContain('hookline start')
  const help = await runCli(['--help'])
  expect(help.code).toBe(0)
  for (const word of ['start', 'zap', 'run', 'outbox', 'credential', 'backup', 'restore', 'doctor'])
    expect(help.stdout).toContain(word)
  const doctor = await runCli(['doctor', '--json', '--data', folder])
  expect(doctor.code).toBe(0)
  expect(
    z.object({ checks: z.array(z.object({ ok: z.literal(true) })) }).parse(JSON.parse(doctor.stdout)).checks.length,
  ).toBeGreaterThan(4)
})

test('host.json is private, names the host, and goes with it', async ({ folder }) => {
  const dataDir = join(folder, 'data')
  const host = await startHost({ dataDir })
  const file = join(dataDir, 'host.json')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ pid: host.child.pid, hooks: host.hooks })
  expect(await host.stop()).toBe(0)
  expect(existsSync(file)).toBe(false)
})

test('one Ctrl+C that arrives as several signals still stops gracefully', async ({ folder }) => {
  const host = await startHost({ dataDir: join(folder, 'data') })
  host.child.kill('SIGINT')
  host.child.kill('SIGINT')
  host.child.kill('SIGTERM')
  await host.ended
  expect(host.child.exitCode).toBe(0)
})
