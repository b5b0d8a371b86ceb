import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { z } from 'zod'
import { runCli, startHost } from '../e2e/fixtures/headless-host.ts'
import { enableZap, sendEvents } from '../e2e/fixtures/seeded-runs.ts'
import { expect, test } from '../e2e/fixtures/test.ts'
import { relayZap } from '../e2e/fixtures/zap-files.ts'
import { outboxSchema, post, runSchema, runsSchema } from './senders.ts'

/** Overwrites a part of a file, as a failing disk would. */
function damage(file: string, at: number, bytes: number): void {
  const handle = openSync(file, 'r+')
  writeSync(handle, Buffer.alloc(bytes, 0xa5), 0, bytes, at)
  closeSync(handle)
}

test('a database with damaged pages is refused and left as it is; the backup that the message asks for brings all back', async ({
  folder,
  target,
}) => {
  const dataDir = join(folder, 'data')
  const backup = join(folder, 'backup.db')
  const before = await startHost({ dataDir })
  await enableZap(`${folder}/data`, 'relay', relayZap('in', target.url))
  await sendEvents(`${before.hooks}/hooks/in`, 50)
  await target.until((requests) => requests.length === 50)
  await before.ask(z.unknown(), 'backup', backup)
  await before.stop()

  const file = join(dataDir, 'hookline.db')
  damage(file, 4_096 * 3, 4_096 * 20)
  const damaged = readFileSync(file)
  const refused = await runCli(['start', '--json', '--no-open', '--port', '0', '--hook-port', '0', '--data', dataDir])
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.stderr).toContain('hookline restore')
  expect(readFileSync(file).equals(damaged)).toBe(true)

  expect((await runCli(['restore', backup, '--data', dataDir])).code).toBe(0)
  const host = await startHost({ dataDir })
  expect((await host.ask(runsSchema, 'run', 'list', '--limit', '100')).runs).toHaveLength(50)
  expect(await post(host, 'in', { n: 51 })).toMatchObject({ status: 200 })
  await host.stop()
  const [aside] = readdirSync(dataDir).filter((name) => name.startsWith('before-restore-'))
  expect(readFileSync(join(dataDir, aside ?? '', 'hookline.db')).equals(damaged)).toBe(true)
})

for (const [what, at] of [
  ['at its beginning', 0],
  ['in its middle', 0.5],
] as const) {
  test(`a log that was damaged ${what} costs what was in it from there on, and nothing else`, async ({
    folder,
    target,
  }) => {
    const dataDir = join(folder, 'data')
    const first = await startHost({ dataDir })
    await enableZap(`${folder}/data`, 'relay', relayZap('in', target.url))
    await sendEvents(`${first.hooks}/hooks/in`, 20)
    await target.until((requests) => requests.length === 20)
    // Its end folds the log into the database.
    await first.stop()
    const second = await startHost({ dataDir })
    await sendEvents(`${second.hooks}/hooks/in`, 20)
    await target.until((requests) => requests.length === 40)
    await second.kill()
    const log = join(dataDir, 'hookline.db-wal')
    damage(log, Math.floor(statSync(log).size * at), 4_096)

    const host = await startHost({ dataDir })
    const { runs } = await host.ask(runsSchema, 'run', 'list', '--limit', '100')
    expect(runs.length).toBeGreaterThanOrEqual(20)
    expect(runs.length).toBeLessThanOrEqual(40)
    expect(await post(host, 'in', { n: 41 })).toMatchObject({ status: 200 })
    await expect(async () => {
      expect(await host.ask(outboxSchema, 'outbox')).toMatchObject({ pending: 0, leased: 0, dead: 0 })
    }).toPass()
    expect(await host.stop()).toBe(0)
    const database = new Sqlite(join(dataDir, 'hookline.db'), { readonly: true })
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    database.close()
  })
}

test('a run whose large value is gone fails with its name; the runs beside it do not', async ({ folder, target }) => {
  const dataDir = join(folder, 'data')
  const paused = await startHost({ dataDir })
  // It waits before it needs its event again.
  const [hook, send] = z.object({ steps: z.tuple([z.unknown(), z.unknown()]) }).parse(relayZap('in', target.url)).steps
  await enableZap(`${folder}/data`, 'relay', {
    format: 'hookline/zap@1',
    name: 'Relay',
    steps: [hook, { id: 'wait', uses: 'logic.delay', input: { for: '1h' } }, send],
    edges: [
      { from: 'hook', to: 'wait' },
      { from: 'wait', to: 'post' },
    ],
  })
  const large = await post(paused, 'in', { n: 1, text: 'x'.repeat(600_000) })
  const small = await post(paused, 'in', { n: 2 })
  const idOf = ({ id }: { id?: string | undefined }): string => (id ?? '').replace('evt_', 'run_')
  await expect(async () => {
    for (const told of [large, small]) {
      expect((await paused.ask(runSchema, 'run', 'show', idOf(told))).run.status).toBe('waiting')
    }
  }).toPass()
  await paused.kill()
  const blobs = join(dataDir, 'blobs')
  const names = readdirSync(blobs)
  expect(names).toHaveLength(1)
  rmSync(join(blobs, names[0] ?? ''))

  const host = await startHost({ dataDir })
  for (const told of [large, small]) await host.ask(z.unknown(), 'run', 'resume', idOf(told))
  await target.until((requests) => requests.length === 1)
  expect(target.requests[0]?.body).toBe('{"n":2}')
  await expect(async () => {
    expect((await host.ask(runSchema, 'run', 'show', idOf(large))).run).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining(names[0] ?? ''),
    })
  }).toPass()
  expect(existsSync(join(blobs, names[0] ?? ''))).toBe(false)
  await host.stop()
})
