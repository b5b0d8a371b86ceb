import { expect, test } from '@playwright/test'
import { z } from 'zod'
import { startTarget } from '../fixtures/counting-target.ts'
import { type RunningHost, startHost, temporaryFolder } from '../fixtures/headless-host.ts'
import { writeZap } from '../fixtures/zap-files.ts'

const importSchema = z.object({ zaps: z.array(z.object({ id: z.string(), status: z.literal('enabled') })).length(1) })
const startedSchema = z.looseObject({ runId: z.string() })
const runSchema = z.object({
  run: z.looseObject({ status: z.string(), reason: z.string().nullable() }),
  steps: z.array(z.looseObject({ step: z.string(), scope: z.string(), status: z.string(), output: z.unknown() })),
})

type Zap = { steps: unknown[]; edges: unknown[] }

/** Imports a zap and starts a run of it. */
async function begin(host: RunningHost, folder: string, zap: Zap): Promise<string> {
  const file = await writeZap(folder, 'shape', { format: 'hookline/zap@1', name: 'Shape', ...zap })
  const { zaps } = await host.ask(importSchema, 'zap', 'import', file, '--enable')
  const { runId } = await host.ask(startedSchema, 'zap', 'run', zaps[0]?.id ?? '', '--input', '{"n":1}')
  return runId
}

const show = (host: RunningHost, runId: string) => host.ask(runSchema, 'run', 'show', runId)

async function becomes(host: RunningHost, runId: string, status: string): Promise<void> {
  await expect(async () => expect((await show(host, runId)).run.status).toBe(status)).toPass()
}

const manual = { id: 'go', uses: 'manual.run' }
const post = (id: string, url: string, body: unknown) => ({
  id,
  uses: 'http.request',
  input: { method: 'POST', url, body },
})

test('a loop that is killed half way goes on with the items that are left, under the same keys', async () => {
  const folder = await temporaryFolder()
  const target = await startTarget()
  let host = await startHost({ dataDir: folder.path, env: { HOOKLINE_FAILPOINT: 'after-effect:40' } })
  const runId = await begin(host, folder.path, {
    steps: [
      manual,
      { id: 'loop', uses: 'logic.for-each', input: { items: Array.from({ length: 100 }, (_, n) => n), parallel: 5 } },
      post('post', target.url, '{{ index }}'),
      post('after', target.url, '{{ loop.results.size }} done'),
    ],
    edges: [
      { from: 'go', to: 'loop' },
      { from: 'loop', port: 'each', to: 'post' },
      { from: 'loop', port: 'done', to: 'after' },
    ],
  })
  await host.ended
  host = await startHost({ dataDir: folder.path })
  await becomes(host, runId, 'succeeded')
  const keys = target.requests.map((request) => String(request.headers['idempotency-key']))
  expect(new Set(keys).size).toBe(101)
  // Only what was under way at the kill came twice, and the target can tell by the key.
  expect(keys.length).toBeLessThanOrEqual(106)
  for (const request of target.requests.slice(0, -1)) {
    expect(request.headers['idempotency-key']).toBe(`${runId}:post:${request.body}`)
  }
  expect(target.requests.at(-1)?.body).toBe('100 done')
  const { steps } = await show(host, runId)
  expect(steps.filter((step) => step.step === 'post' && step.status === 'succeeded')).toHaveLength(100)
  await host.stop()
  await target.close()
  await folder.remove()
})

test('a delay outlives a kill and ends on time', async () => {
  const folder = await temporaryFolder()
  const target = await startTarget()
  let host = await startHost({ dataDir: folder.path })
  const runId = await begin(host, folder.path, {
    steps: [
      manual,
      { id: 'wait', uses: 'logic.delay', input: { for: '3s' } },
      post('post', target.url, '{{ wait.resumedAt }}'),
    ],
    edges: [
      { from: 'go', to: 'wait' },
      { from: 'wait', to: 'post' },
    ],
  })
  await becomes(host, runId, 'waiting')
  await host.kill()
  host = await startHost({ dataDir: folder.path })
  await target.until((requests) => requests.length > 0)
  await becomes(host, runId, 'succeeded')
  expect(target.requests).toHaveLength(1)
  await host.stop()
  await target.close()
  await folder.remove()
})

test('20 MB go through a kill as a file, and out again byte by byte', async () => {
  const folder = await temporaryFolder()
  const target = await startTarget()
  const large = JSON.stringify({ text: 'x'.repeat(20_000_000) })
  target.answerText(large)
  let host = await startHost({ dataDir: folder.path, env: { HOOKLINE_FAILPOINT: 'during-step' } })
  const runId = await begin(host, folder.path, {
    steps: [
      manual,
      { id: 'get', uses: 'http.request', input: { url: target.url } },
      post('post', target.url, '{{ get.body }}'),
      { id: 'size', uses: 'data.set', input: { fields: { size: '{{ get.body.text | size }}' } } },
    ],
    edges: [
      { from: 'go', to: 'get' },
      { from: 'get', to: 'post' },
      { from: 'post', to: 'size' },
    ],
  })
  await host.ended
  host = await startHost({ dataDir: folder.path })
  await becomes(host, runId, 'succeeded')
  const posted = target.requests.find((request) => request.method === 'POST')
  expect(posted?.body === large).toBe(true)
  const { steps } = await show(host, runId)
  expect(steps.find((step) => step.step === 'size')?.output).toEqual({ size: 20_000_000 })
  await host.stop()
  await target.close()
  await folder.remove()
})
