import { z } from 'zod'
import { enableZap } from '../e2e/fixtures/seeded-runs.ts'
import { expect, test } from '../e2e/fixtures/test.ts'
import { relayZap } from '../e2e/fixtures/zap-files.ts'
import { startFaultTarget, type TargetMode } from './fault-target.ts'
import { outboxSchema, post, runSchema } from './senders.ts'

const retry = { maxAttempts: 3, baseMs: 20, capMs: 50 }

/** What a step says of a target that fails it; whether it tries again; and whether the target may have done it all the same. */
const failing: [mode: TargetMode, code: string, tries: number][] = [
  ['hang', 'timeout', 3],
  ['reset', 'network', 3],
  ['error', 'http-500', 3],
  ['busy', 'http-429', 3],
  ['redirect-loop', 'too-many-redirects', 1],
  ['act-then-reset', 'network', 3],
  ['act-then-error', 'http-503', 3],
  ['huge-body', 'too-large', 1],
  ['gzip-bomb', 'too-large', 1],
  ['cut-off', 'network', 3],
]

for (const [mode, code, tries] of failing) {
  test(`a target in the mode "${mode}" fails its run with ${code}, and a replay reaches it when it is well again`, async ({
    host,
    folder,
  }) => {
    const target = await startFaultTarget()
    const url = `http://127.0.0.1:${target.port}/`
    // Only one that hangs is to be given up; 64 MB take a moment on a busy machine.
    const timeoutMs = mode === 'hang' ? 500 : 30_000
    await enableZap(folder, 'bad', relayZap('bad', url, { timeoutMs, retry }))
    await enableZap(folder, 'good', relayZap('good', 'http://127.0.0.1:9/', { retry: { maxAttempts: 1 } }))
    target.behave(mode)
    const { status, id } = await post(host, 'bad', { n: 1 })
    expect(status).toBe(200)
    const runId = (id ?? '').replace('evt_', 'run_')
    await expect(async () => {
      const { run, steps } = await host.ask(runSchema, 'run', 'show', runId)
      expect(run.status).toBe('failed')
      const errors = steps.find(({ step }) => step === 'post')?.attempts.map((attempt) => attempt.error?.code)
      expect(errors).toEqual(Array.from({ length: tries }, () => code))
    }).toPass({ timeout: 30_000 })
    // Whatever it did, it did once: every attempt had the same key.
    expect(target.effects.size).toBeLessThanOrEqual(1)
    expect(target.complaints).toEqual([])

    target.behave('good')
    await host.ask(z.unknown(), 'run', 'replay', runId, '--from-failed')
    await expect(async () => {
      expect(await host.ask(outboxSchema, 'outbox')).toMatchObject({ pending: 0, leased: 0 })
    }).toPass()
    expect([...target.effects.values()].at(-1)?.body).toBe('{"n":1}')
    await target.close()
  })
}

test('an answer that is no UTF-8 is an answer', async ({ host, folder }) => {
  const target = await startFaultTarget()
  await enableZap(folder, 'bad', relayZap('bad', `http://127.0.0.1:${target.port}/`))
  target.behave('not-utf8')
  const { id } = await post(host, 'bad', { n: 1 })
  await expect(async () => {
    const { run } = await host.ask(runSchema, 'run', 'show', (id ?? '').replace('evt_', 'run_'))
    expect(run.status).toBe('succeeded')
  }).toPass()
  await target.close()
})
