import { expect, test } from 'vitest'
import type { StepSettings } from '../../domain/zap/zap-file.ts'
import { enableZap, runToEnd, testApp, testServer } from '../../test-app.ts'

const manual = { id: 'go', uses: 'manual.run', input: {} }

/** Runs a POST that is always answered by `status`; returns its attempts, and the dead letters that it leaves. */
async function attemptsWith(status: number, settings: StepSettings): Promise<{ attempts: number; dead: number }> {
  const { client } = await testApp()
  const url = await testServer((_request, response) => response.writeHead(status).end())
  const id = await enableZap(client, {
    steps: [manual, { id: 'post', uses: 'http.request', input: { method: 'POST', url }, settings }],
    edges: [{ from: 'go', to: 'post' }],
  })
  const { run, steps } = await runToEnd(client, id, {})
  expect(run.status).toBe('failed')
  const { dead } = (await client.system.status()).queue
  return { attempts: steps.at(-1)?.attempts.length ?? 0, dead }
}

const quick = { baseMs: 1, capMs: 2 }

test.each([
  ['a failure that may pass', 503, { maxAttempts: 3 }, 3, 1],
  ['one attempt alone', 503, { maxAttempts: 1 }, 1, 1],
  ['a failure that would come again', 404, { maxAttempts: 3 }, 1, 0],
  ['any failure, when the step says so', 404, { maxAttempts: 3, on: 'any' }, 3, 1],
  ['a failure that the step names', 409, { maxAttempts: 2, on: ['http-409'] }, 2, 1],
  ['a failure that the step names by its kind', 409, { maxAttempts: 2, on: ['http-4*'] }, 2, 1],
  ['a failure that the step does not name', 503, { maxAttempts: 2, on: ['http-409'] }, 1, 0],
] as const)('%s: %i is tried as often as %o allows', async (_what, status, retry, attempts, dead) => {
  const { on, maxAttempts } = { on: undefined, ...retry }
  const which = on === undefined ? {} : { on: typeof on === 'string' ? on : [...on] }
  // What was tried as often as it may be is a dead letter; what was not worth another attempt has only failed.
  expect(await attemptsWith(status, { retry: { ...quick, maxAttempts, ...which } })).toEqual({ attempts, dead })
})

test('attempts that are used up in a round of a loop leave a dead letter too', async () => {
  const { client } = await testApp()
  const url = await testServer((_request, response) => response.writeHead(503).end())
  const settings = { retry: { ...quick, maxAttempts: 2 } }
  const id = await enableZap(client, {
    steps: [
      manual,
      { id: 'loop', uses: 'logic.for-each', input: { items: [1] } },
      { id: 'post', uses: 'http.request', input: { method: 'POST', url }, settings },
    ],
    edges: [
      { from: 'go', to: 'loop' },
      { from: 'loop', port: 'each', to: 'post' },
    ],
  })
  expect((await runToEnd(client, id, {})).run.status).toBe('failed')
  expect((await client.system.status()).queue.dead).toBe(1)
})
