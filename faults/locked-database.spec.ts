import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { runCli, startHost } from '../e2e/fixtures/headless-host.ts'
import { enableZap } from '../e2e/fixtures/seeded-runs.ts'
import { expect, test } from '../e2e/fixtures/test.ts'
import { relayZap } from '../e2e/fixtures/zap-files.ts'
import { outboxSchema, post } from './senders.ts'

/** Locks a database as another program would that writes into it. */
function lock(dataDir: string): () => void {
  const other = new Sqlite(join(dataDir, 'hookline.db'), { timeout: 10_000 })
  other.exec('BEGIN EXCLUSIVE')
  return () => {
    other.exec('ROLLBACK')
    other.close()
  }
}

test('while another program locks the database senders are told to come back, and it goes on when that is over', async ({
  host,
  folder,
  target,
}) => {
  await enableZap(`${folder}/data`, 'relay', relayZap('in', target.url))
  expect(await post(host, 'in', { n: 1 })).toMatchObject({ status: 200 })
  const isIdle = async (): Promise<void> => {
    expect(await host.ask(outboxSchema, 'outbox')).toMatchObject({ pending: 0, leased: 0, dead: 0 })
  }
  await expect(isIdle).toPass()
  const unlock = lock(host.dataDir)
  const refused = await Promise.all([post(host, 'in', { n: 2 }), post(host, 'in', { n: 3 })])
  for (const told of refused) expect(told).toMatchObject({ status: 503, code: 'not-stored' })
  unlock()
  expect(await post(host, 'in', { n: 4 })).toMatchObject({ status: 200 })
  await target.until((requests) => requests.length === 2)
  expect(target.requests.map(({ body }) => body)).toEqual(['{"n":1}', '{"n":4}'])
  await expect(isIdle).toPass()
})

test('a start while another program locks the database says so in a sentence, and works when that is over', async ({
  folder,
}) => {
  const dataDir = join(folder, 'data')
  await (await startHost({ dataDir })).stop()
  const unlock = lock(dataDir)
  const refused = await runCli(['start', '--json', '--no-open', '--port', '0', '--hook-port', '0', '--data', dataDir])
  unlock()
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.stderr.trim().split('\n')).toHaveLength(1)
  expect(refused.stderr).toContain('another program')
  expect(await (await startHost({ dataDir })).stop()).toBe(0)
})
