import { createHmac } from 'node:crypto'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { readKeyFile } from '../headless/key-file.ts'
import { createKeyFileSecretBox } from '../headless/key-file-secret-box.ts'
import { migrations } from './db/migrate.ts'
import { databaseFile } from './db/open.ts'
import { temporaryFolder } from './db/test-database.ts'
import { manualClock } from './domain/time/clock.ts'
import { testApp } from './test-app.ts'

/**
 * A data folder as Hookline 0.1.0 with schema version 9 left it, and what its command line said of it: runs in every state, waits of every
 * kind, a paused test, refused requests, credentials of every type, pins, replays, an approval, and a value kept as a file.
 */
const FIXTURE = join(import.meta.dirname, 'db', 'fixtures', 'version-9')
const readJson = (name: string) => JSON.parse(readFileSync(join(FIXTURE, name), 'utf8'))

function oldDataFolder(): string {
  const folder = temporaryFolder()
  writeFileSync(databaseFile(folder), gunzipSync(readFileSync(join(FIXTURE, 'hookline.db.gz'))))
  mkdirSync(join(folder, 'blobs'))
  for (const name of readdirSync(join(FIXTURE, 'blobs'))) {
    const content = gunzipSync(readFileSync(join(FIXTURE, 'blobs', name)))
    writeFileSync(join(folder, 'blobs', name.replace(/\.gz$/, '')), content)
  }
  copyFileSync(join(FIXTURE, 'secret.key'), join(folder, 'secret.key'))
  return folder
}

/** A minute after the fixture was left: nothing in it is due. */
const LATER = Date.parse('2026-11-30T04:08:00.000Z')

function openOld(dataDir: string) {
  const secretBox = () => createKeyFileSecretBox(readKeyFile(join(dataDir, 'secret.key')))
  return testApp({ dataDir, clock: manualClock(LATER), secretBox })
}

test('an old database opens, and everything in it reads as it did', async () => {
  const dataDir = oldDataFolder()
  const { client, app } = await openOld(dataDir)
  const { runs } = await client.runs.list({ limit: 100 })
  expect(runs).toEqual(readJson('runs.json').runs)
  const zaps = await client.zaps.list()
  expect(zaps).toEqual(readJson('zaps.json').zaps)

  for (const { id } of runs) {
    const run = await client.runs.get({ id })
    expect(run.steps.length, id).toBeGreaterThan(0)
  }
  const { requests } = await client.inbox.list({ limit: 500 })
  expect(requests).toHaveLength(38)
  expect(new Set(requests.map(({ verdict }) => verdict))).toEqual(
    new Set([
      'accepted',
      'duplicate',
      'bad-signature',
      'unknown-path',
      'too-large',
      'too-deep',
      'rate-limited',
      'not-allowed',
    ]),
  )
  const credentials = await client.credentials.list()
  expect(credentials.map(({ name, type, hosts }) => [name, type, hosts])).toEqual([
    ['hub', 'secret', null],
    ['key', 'header', null],
    ['ledger', 'bearer', ['127.0.0.1:9']],
    ['me', 'basic', null],
  ])
  expect(await client.incidents.list()).toMatchObject([{ kind: 'dead-letters', closedAt: null }])
  expect(await client.history.get()).toMatchObject({ settings: { keepSucceededDays: 40, keepFailedDays: 100 } })
  expect(await client.outbox.stats()).toMatchObject({ pending: 2, dead: 2 })
  await app.stop()

  const connection = new Sqlite(databaseFile(dataDir), { readonly: true })
  expect(connection.pragma('user_version', { simple: true })).toBe(migrations.length)
  expect(connection.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(connection.pragma('foreign_key_check')).toEqual([])
  connection.close()
})

test('a run that waits in an old database goes on, and a secret of it opens', async () => {
  const dataDir = oldDataFolder()
  const { client, app } = await openOld(dataDir)
  const [open] = await client.approvals.list()
  if (open === undefined) throw new Error('the old database holds an open approval')
  await client.approvals.decide({ runId: open.runId, step: open.step, scope: open.scope, decision: 'approved' })
  await expect.poll(async () => (await client.runs.get({ id: open.runId })).run.status).toBe('succeeded')

  const body = '{"hello":1}'
  const signed = (secret: string) => ({
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  })
  const send = (headers: Record<string, string>) =>
    fetch(`${app.hooksUrl}/hooks/signed`, { method: 'POST', body, headers })
  expect((await send(signed('hub-secret'))).status).toBe(200)
  expect((await send(signed('another'))).status).toBe(401)
})

test.each(readdirSync(join(FIXTURE, 'zaps')))('the export %s is valid, and imports', async (name) => {
  const content = readJson(join('zaps', name))
  const { client } = await testApp()
  const { zaps } = await client.zaps.import({ files: [{ file: name, content }], enable: false })
  expect(zaps[0]?.problems).toEqual([])
  expect(await client.zaps.export({ id: zaps[0]?.id ?? '' })).toEqual(content)
})
