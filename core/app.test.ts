import { createServer } from 'node:http'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type AppAdapters, variablesFromEnvironment } from './app.ts'
import { openDatabase } from './db/open.ts'
import { writeSetting } from './db/settings.ts'
import { temporaryFolder } from './db/test-database.ts'
import type { Clock } from './domain/time/clock.ts'
import { SealError } from './domain/trust/sealed-secret.ts'
import { enableZap, runToEnd, testApp } from './test-app.ts'

test('a webhook that arrives while Hookline starts is never told that nobody listens', async () => {
  const first = await testApp()
  const port = Number(new URL(first.app.hooksUrl).port)
  const dataDir = first.folder
  await first.app.stop()

  const statuses = new Set<number>()
  let isOver = false
  const knocking = (async () => {
    while (!isOver) {
      const answer = await fetch(`http://127.0.0.1:${port}/hooks/welcome`, { method: 'POST' }).catch(() => undefined)
      if (answer !== undefined) statuses.add(answer.status)
    }
  })()
  const { client } = await testApp({ dataDir, hookPort: port })
  await expect.poll(async () => (await client.runs.list({})).runs.length).toBeGreaterThan(0)
  isOver = true
  await knocking
  expect([...statuses]).toEqual([200])
})

test('a start that fails half-way releases the folder, so that the next one works', async () => {
  const dataDir = temporaryFolder()
  const taken = createServer()
  const port = await new Promise<number>((resolve) => {
    taken.listen(0, '127.0.0.1', () => {
      const address = taken.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  onTestFinished(() => void taken.close())
  await expect(testApp({ dataDir, hookPort: port })).rejects.toThrow(/EADDRINUSE/)
  const { client } = await testApp({ dataDir })
  expect((await client.system.status()).listener.state).toBe('listening')
})

/** Leaves a data folder as three starts in a row would that crashed at once. */
async function crashedFolder(): Promise<string> {
  const dataDir = temporaryFolder()
  const database = openDatabase(dataDir)
  await database.write((tx) => writeSetting(tx, 'badStarts', 3))
  await database.close()
  return dataDir
}

test('after a row of crashes nothing is run, what comes in is kept, and a person lets it go on', async () => {
  const dataDir = await crashedFolder()
  const show = vi.fn(async () => true)
  const { app, client } = await testApp({ dataDir, notifier: { show } })
  const status = await client.system.status()
  expect(status).toMatchObject({ paused: true, listener: { state: 'listening' } })
  expect(status.safeMode).toContain('3 times in a row')
  expect(app.safeMode()).toBe(status.safeMode)
  expect(show).toHaveBeenCalledWith({ title: 'Hookline runs nothing for now', body: status.safeMode })
  const taken = await fetch(`${app.hooksUrl}/hooks/welcome`, { method: 'POST' })
  expect(taken.status).toBe(200)
  expect(await client.outbox.stats()).toMatchObject({ pending: 1, delivered: 0 })

  // A stop in order settles nothing: the person may not even have seen it.
  await app.stop()
  const second = await testApp({ dataDir })
  expect(second.app.safeMode()).not.toBeNull()
  await second.client.system.setPaused({ paused: false })
  expect(await second.client.system.status()).toMatchObject({ paused: false, safeMode: null })
  await expect.poll(async () => (await second.client.outbox.stats()).delivered).toBe(1)
  await second.app.stop()
  expect((await testApp({ dataDir })).app.safeMode()).toBeNull()
})

test('a computer that wakes does at once what came due while it slept', async () => {
  let now = Date.parse('2026-11-24T12:00:00Z')
  const clock: Clock = { now: () => now, after: () => () => undefined }
  const { app, client } = await testApp({ clock })
  await enableZap(client, {
    steps: [{ id: 'at', uses: 'schedule.cron', input: { every: '1h' } }],
    edges: [],
  })
  now += 8 * 3_600_000
  await app.resumed()
  await expect.poll(async () => (await client.runs.list({})).runs.map((run) => run.triggerStep)).toEqual(['at'])
})

test.each([
  ['1 minute', 1, 61_000],
  ['15 minutes, as the setting makes no sense', 'soon', 15 * 60_000 + 1],
])('what is due and does not begin is told of after %s', async (_words, setting, patience) => {
  const dataDir = temporaryFolder()
  const database = openDatabase(dataDir)
  await database.write((tx) => writeSetting(tx, 'stuckAfterMinutes', setting))
  await database.close()
  let now = Date.parse('2026-11-24T12:00:00Z')
  const show = vi.fn(async () => true)
  const clock: Clock = { now: () => now, after: () => () => undefined }
  const { app, client } = await testApp({ dataDir, clock, notifier: { show } })
  const id = await enableZap(client, { steps: [{ id: 'go', uses: 'manual.run', input: {} }], edges: [] })
  await app.setPaused(true)
  await client.zaps.run({ id, source: 'live', input: {} })
  const incidents = async () => {
    await app.resumed()
    return (await client.system.status()).incidents.map(({ kind }) => kind)
  }
  now += patience - 1_000
  expect(await incidents()).toEqual([])
  now += 1_000
  expect(await incidents()).toEqual(['stuck'])
  expect(await incidents()).toEqual(['stuck'])
  expect(show).toHaveBeenCalledOnce()
})

test('templates read the environment variables that the host lets them, and no others', async () => {
  const environment = { HOOKLINE_ENV: 'SHOP, MISSING,', SHOP: 'https://shop.example', SECRET: 'x' }
  const { client } = await testApp({ variables: variablesFromEnvironment(environment) })
  const zapWith = (template: string) =>
    enableZap(client, {
      steps: [
        { id: 'go', uses: 'manual.run', input: {} },
        { id: 'set', uses: 'data.set', input: { fields: { value: template } } },
      ],
      edges: [{ from: 'go', to: 'set' }],
    })
  const read = await runToEnd(client, await zapWith('{{ env.SHOP }}'), {})
  expect(read.steps.at(-1)?.output).toEqual({ value: 'https://shop.example' })
  for (const name of ['SECRET', 'MISSING', 'PATH']) {
    const { run } = await runToEnd(client, await zapWith(`{{ env.${name} }}`), {})
    expect(run.reason).toContain(`"env" has no "${name}"`)
  }
})

test('a large database is checked in a thread first, which the host is told of', async () => {
  const first = await testApp()
  await first.app.stop()
  const database = new Sqlite(join(first.folder, 'hookline.db'))
  database.exec(
    'CREATE TABLE filler (text TEXT); INSERT INTO filler VALUES (hex(randomblob(10000000))); DROP TABLE filler',
  )
  database.close()
  const onChecking = vi.fn()
  const { client } = await testApp({ dataDir: first.folder, onChecking })
  expect(onChecking).toHaveBeenCalledOnce()
  expect(onChecking.mock.lastCall?.[0]).toBeGreaterThan(16_000_000)
  expect((await client.zaps.list()).length).toBeGreaterThan(0)
})

test('a keychain that is locked at the start keeps nothing from it, and says which credentials wait', async () => {
  const first = await testApp()
  await first.client.credentials.set({ name: 'shop', secret: 'sesame' })
  const secret = JSON.stringify({ clientId: 'a', clientSecret: 'b', refreshToken: 'c' })
  await first.client.credentials.set({ name: 'mail', type: 'google', secret })
  await first.app.stop()
  const show = vi.fn(async () => true)
  const refuse = () => Promise.reject(new SealError('It is locked.'))
  const { client } = await testApp({
    dataDir: first.folder,
    notifier: { show },
    secretBox: () => ({ protection: 'locked', seal: refuse, open: refuse }),
  })
  const body = expect.stringContaining('shop')
  await vi.waitFor(() => expect(show).toHaveBeenCalledWith(expect.objectContaining({ body, opens: '/credentials' })))
  // To sign in again would not help.
  expect(await client.credentials.list()).toMatchObject([{ name: 'mail', signIn: 'unreadable' }, { name: 'shop' }])
  const needsNone = await enableZap(client, { steps: [{ id: 'go', uses: 'manual.run', input: {} }], edges: [] })
  expect((await runToEnd(client, needsNone, {})).run.status).toBe('succeeded')
})

test('what a key sealed that goes out of use is stored as the present one seals it', async () => {
  const opened: string[] = []
  const secretBox: AppAdapters['secretBox'] = () => ({
    protection: 'weak',
    seal: async (text) => Buffer.from(`old ${text}`),
    async open(sealed, _name, reseal) {
      const text = Buffer.from(sealed).toString()
      opened.push(text)
      if (text.startsWith('old ')) reseal?.(Buffer.from(text.replace('old', 'new')))
      return text.slice(4)
    },
  })
  const first = await testApp({ secretBox })
  await first.client.credentials.set({ name: 'shop', secret: 'sesame' })
  await first.client.credentials.test({ name: 'shop' })
  await first.app.stop()
  const { client } = await testApp({ secretBox, dataDir: first.folder })
  await client.credentials.test({ name: 'shop' })
  expect(opened).toEqual(['old sesame', 'new sesame'])
})
