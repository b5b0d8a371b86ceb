import { expect, test } from 'vitest'
import { z } from 'zod'
import type { HistoryJob } from '../contract/values.ts'
import { openDatabase } from '../db/open.ts'
import { temporaryFolder } from '../db/test-database.ts'
import { systemClock } from '../domain/time/clock.ts'
import { enableZap, runToEnd, type TestClient, testApp } from '../test-app.ts'

const DAY_MS = 86_400_000

/** A core whose clock can be set forward by days. */
async function aheadApp() {
  let days = 0
  const clock = { now: () => systemClock.now() + days * DAY_MS, after: systemClock.after }
  const { app, client, folder } = await testApp({ clock })
  return {
    app,
    client,
    folder,
    later(more: number) {
      days += more
    },
  }
}

const WEBHOOK = { steps: [{ id: 'hook', uses: 'webhook.catch', input: { path: 'in' } }], edges: [] }
const MANUAL = { name: 'By hand', steps: [{ id: 'go', uses: 'manual.run', input: {} }], edges: [] }

/** Begins a job and waits for its end, as it is told. */
async function toEnd(client: TestClient, begin: () => Promise<HistoryJob>): Promise<HistoryJob> {
  const events = await client.events.watch()
  await events.next()
  await begin()
  for await (const event of events) {
    if (event.type === 'history' && event.job.state !== 'running') return event.job
  }
  throw new Error('the app stopped')
}

test('old runs are counted, deleted, and told of: by the run that is missing, the inbox, and the key of a repeat', async () => {
  const { app, client, later } = await aheadApp()
  await enableZap(client, WEBHOOK)
  const id = await enableZap(client, MANUAL)
  const { run: old } = await runToEnd(client, id, {})
  const post = async () => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'order-1' }
    const response = await fetch(`${app.hooksUrl}/hooks/in`, { method: 'POST', headers, body: '{"n":1}' })
    return z.object({ id: z.string(), status: z.string() }).parse(await response.json())
  }
  const first = await post()
  expect(first).toMatchObject({ status: 'accepted' })
  const [request] = (await client.inbox.list({})).requests

  const ended = (count: number) =>
    expect.poll(async () => (await client.runs.list({ status: 'succeeded' })).runs).toHaveLength(count)
  await ended(2)
  // The newest success of a zap stays, so each has another one.
  later(40)
  await runToEnd(client, id, {})
  await fetch(`${app.hooksUrl}/hooks/in`, { method: 'POST' })
  await ended(4)
  expect(await client.history.get()).toMatchObject({
    settings: { keepSucceededDays: 90, keepFailedDays: 180 },
    runs: 4,
    since: old.startedAt,
    canShrink: true,
    blobs: { count: 0, bytes: 0 },
    job: null,
  })
  expect(await client.history.count({})).toEqual({ runs: 0 })
  expect(await client.history.count({ olderThan: '30d' })).toEqual({ runs: 2 })
  for (const olderThan of ['23h', 'soon', '']) await expect(client.history.count({ olderThan })).rejects.toThrow()

  await client.history.setSettings({ keepSucceededDays: 30, keepFailedDays: 0 })
  expect(await client.history.count({})).toEqual({ runs: 2 })
  const job = await toEnd(client, () => client.history.prune({}))
  expect(job).toMatchObject({ kind: 'prune', state: 'done', total: 2, done: 2, message: null })
  expect(await client.history.get()).toMatchObject({ runs: 2, job })

  await expect(client.runs.get({ id: old.id })).rejects.toThrow(
    `The run ${old.id} was deleted with the old history. It began on ${old.startedAt.slice(0, 10)}; runs that succeeded are kept for 30 days, those that failed for ever (Settings, History).`,
  )
  const never = `run_${'7'.repeat(26)}`
  await expect(client.runs.get({ id: never })).rejects.toThrow(`There is no run ${never}.`)
  expect(await client.inbox.get({ id: request?.id ?? 0 })).toMatchObject({
    note: 'What was sent was deleted with its run, when that was older than the history is kept.',
    body: null,
  })
  await expect(client.inbox.replay({ id: request?.id ?? 0 })).rejects.toThrow('What was sent was deleted with its run')
  expect(await post()).toMatchObject({ id: first.id, status: 'duplicate' })
  expect((await client.runs.list({})).runs).toHaveLength(2)
})

test('the database is shrunk as a job, which ends when nothing is left to give back', async () => {
  const { client } = await aheadApp()
  const job = await toEnd(client, () => client.history.shrink())
  expect(job).toMatchObject({ kind: 'shrink', state: 'done' })
  expect(await client.history.get()).toMatchObject({ freeBytes: 0 })
  await client.history.stop()
  expect((await client.history.get()).job).toMatchObject({ state: 'done' })
})

test('a history from before there was a limit is kept for ever, until its owner says otherwise', async () => {
  const folder = temporaryFolder()
  const { app, client } = await testApp({ dataDir: folder })
  await runToEnd(client, await enableZap(client, MANUAL), {})
  await app.stop()
  const database = openDatabase(folder)
  await database.write((tx) => {
    tx.run(`DELETE FROM setting WHERE key = 'history'`)
  })
  await database.close()
  const again = await testApp({ dataDir: folder })
  const { settings } = await again.client.history.get()
  expect(settings).toEqual({ keepSucceededDays: 0, keepFailedDays: 0 })
})
