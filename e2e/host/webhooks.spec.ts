import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { runCli, startHost } from '../fixtures/headless-host.ts'
import { enableZap } from '../fixtures/seeded-runs.ts'
import { expect, test } from '../fixtures/test.ts'

const SECRET = 'the-webhook-secret'
const body = '{"event":"payment.captured","amount":7500}'
const runs = z.object({ runs: z.array(z.object({ id: z.string(), status: z.string() })) })

const signed = (secret: string): Record<string, string> => ({
  'content-type': 'application/json',
  'x-razorpay-signature': createHmac('sha256', secret).update(body).digest('hex'),
})

/** A zap that asks `url` and answers its sender with what came back. */
const askingZap = (url: string, holdMs: number): unknown => ({
  format: 'hookline/zap@1',
  name: 'Asking',
  steps: [
    { id: 'hook', uses: 'webhook.catch', input: { path: 'ask', holdMs } },
    { id: 'ask', uses: 'http.request', input: { url } },
    { id: 'answer', uses: 'webhook.respond', input: { status: 201, body: { got: '{{ ask.body.received }}' } } },
  ],
  edges: [
    { from: 'hook', to: 'ask' },
    { from: 'ask', to: 'answer' },
  ],
})

test('the built host believes a signature, refuses a forged one, and answers from a run', async ({
  host,
  folder,
  target,
}) => {
  await runCli(['credential', 'set', 'razorpay', '--stdin', '--data', host.dataDir], { stdin: SECRET })
  const verify = { scheme: 'razorpay', secrets: [{ $credential: 'razorpay' }] }
  await enableZap(`${folder}/data`, 'paid', {
    format: 'hookline/zap@1',
    name: 'Paid',
    steps: [{ id: 'hook', uses: 'webhook.catch', input: { path: 'paid', verify } }],
    edges: [],
  })
  await enableZap(`${folder}/data`, 'asking', askingZap(target.url, 10_000))
  const post = (path: string, headers: Record<string, string>) =>
    fetch(`${host.hooks}/hooks/${path}`, { method: 'POST', headers, body })
  expect((await post('paid', signed(SECRET))).status).toBe(200)
  expect((await post('paid', signed('another'))).status).toBe(401)
  const answer = await post('ask', { 'content-type': 'application/json' })
  expect([answer.status, await answer.json()]).toEqual([201, { got: 1 }])
  await expect
    .poll(async () => (await host.ask(runs, 'run', 'list')).runs.map((run) => run.status))
    .toEqual(['succeeded', 'succeeded'])
})

test('a request that is held when the host is killed is not lost: its run goes on at the next start', async ({
  folder,
  target,
}) => {
  const dataDir = `${folder}/data`
  const first = await startHost({ dataDir })
  await enableZap(`${folder}/data`, 'asking', askingZap(target.url, 120_000))
  target.neverAnswer()
  const held = fetch(`${first.hooks}/hooks/ask`, { method: 'POST', body }).then(
    () => 'answered',
    () => 'broken off',
  )
  await target.until((requests) => requests.length > 0)
  await first.kill()
  expect(await held).toBe('broken off')
  const second = await startHost({ dataDir })
  await target.until((requests) => requests.length > 1)
  await second.stop()
  // The same step of the same run: a target that honours the key did its work once.
  expect(new Set(target.requests.map((request) => request.path)).size).toBe(1)
})
