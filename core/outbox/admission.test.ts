import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import type { Failpoint } from '../domain/runs/failpoint.ts'
import { enableZap, type TestClient, testApp, testServer } from '../test-app.ts'

const log = () => ({ info: vi.fn(), warn: vi.fn(), error: vi.fn() })

/** A zap that calls `url`, whose version is at hand after a first run. */
async function warmZap(client: TestClient, hooksUrl: string, method: string, url: string, maxParallel = 10) {
  const id = await enableZap(client, {
    settings: { maxParallel },
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: { path: 'in' } },
      { id: 'call', uses: 'http.request', input: { method, url: `${url}/{{ hook.body.n }}` } },
    ],
    edges: [{ from: 'hook', to: 'call' }],
  })
  const post = async (n: number, key = `key-${n}`) => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': key }
    const response = await fetch(`${hooksUrl}/hooks/in`, { method: 'POST', headers, body: JSON.stringify({ n }) })
    return { status: response.status, id: z.object({ id: z.string() }).parse(await response.json()).id }
  }
  const runs = async () => (await client.runs.list({ zapId: id })).runs
  await post(0)
  await expect.poll(async () => (await runs()).map((run) => run.status)).toEqual(['succeeded'])
  return { post, runs }
}

test('with a free place, event, run and the start of its first step are on the disk when the sender hears of it', async () => {
  let atAnswer: unknown
  let database: Sqlite.Database | undefined
  const failpoint: Failpoint = (name) => {
    if (name !== 'after-commit' || database === undefined) return
    atAnswer = database
      .prepare(
        `SELECT message.state AS message, run.state AS run, step_run.state AS step FROM outbox_message AS message
          JOIN run ON run.id = message.run_id JOIN step_run ON step_run.run_id = run.id ORDER BY message.id DESC`,
      )
      .get()
  }
  const { client, app, folder } = await testApp({ failpoint })
  const answer = Promise.withResolvers<void>()
  const url = await testServer((request, response) => {
    if (request.path === '/0') response.end('{}')
    else answer.promise.then(() => response.end('{}'))
  })
  const { post, runs } = await warmZap(client, app.hooksUrl, 'POST', url)
  database = new Sqlite(join(folder, 'hookline.db'), { readonly: true })
  await post(1)
  database.close()
  expect(atAnswer).toEqual({ message: 'leased', run: 'running', step: 'running' })
  answer.resolve()
  await expect.poll(async () => (await runs()).map((run) => run.status)).toEqual(['succeeded', 'succeeded'])
  expect(await client.outbox.stats()).toMatchObject({ pending: 0, leased: 0 })
})

test('repeats that arrive together start one run and reach the world once, also by a request that only reads', async () => {
  const words = log()
  const { client, app } = await testApp({ log: words })
  const paths: string[] = []
  const url = await testServer((request, response) => {
    paths.push(request.path)
    response.end('{}')
  })
  const { post, runs } = await warmZap(client, app.hooksUrl, 'GET', url)
  const answers = await Promise.all(Array.from({ length: 30 }, () => post(7, 'the same')))
  expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 30 }, () => 200))
  expect(new Set(answers.map((answer) => answer.id)).size).toBe(1)
  await expect.poll(async () => (await runs()).map((run) => run.status)).toEqual(['succeeded', 'succeeded'])
  await post(8)
  await expect.poll(() => paths.filter((path) => path === '/8')).toHaveLength(1)
  expect(paths.filter((path) => path === '/7')).toHaveLength(1)
  expect(words.warn).not.toHaveBeenCalled()
  expect(words.error).not.toHaveBeenCalled()
})

test('an event whose place is taken waits in the queue, and none overtakes what is due before it', async () => {
  const { client, app } = await testApp()
  const held: (() => void)[] = []
  const paths: string[] = []
  const url = await testServer((request, response) => {
    paths.push(request.path)
    if (request.path === '/0') response.end('{}')
    else held.push(() => response.end('{}'))
  })
  const { post, runs } = await warmZap(client, app.hooksUrl, 'POST', url, 1)
  for (const n of [1, 2, 3]) await post(n)
  await expect.poll(() => held.length).toBe(1)
  expect((await client.outbox.stats()).pending).toBe(2)
  for (let n = 1; n <= 3; n++) {
    await expect.poll(() => held.length).toBe(n)
    held[n - 1]?.()
  }
  await expect.poll(async () => (await runs()).every((run) => run.status === 'succeeded')).toBe(true)
  expect(paths).toEqual(['/0', '/1', '/2', '/3'])
})
