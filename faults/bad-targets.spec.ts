import { connectTo } from '../e2e/fixtures/control-client.ts'
import { expect, test } from '../e2e/fixtures/test.ts'
import { relayZap } from '../e2e/fixtures/zap-files.ts'
import { startFaultTarget, type TargetMode } from './fault-target.ts'
import { post } from './senders.ts'

test.use({ shares: true })

const retry = { maxAttempts: 3, baseMs: 20, capMs: 50 }

/** What a step says of a target that fails it, and how often it tries. */
const failing: readonly (readonly [mode: TargetMode, code: string, tries: number])[] = [
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

test('a target that misbehaves fails its run with a code that says how, beside all others, and a replay reaches it when it is well again', async ({
  host,
}) => {
  const { client, close } = await connectTo(host.dataDir)
  const cases = await Promise.all(
    failing.map(async ([mode, code, tries]) => {
      const target = await startFaultTarget()
      target.behave(mode)
      return { mode, target, codes: Array.from({ length: tries }, () => code) }
    }),
  )
  const files = cases.map(({ mode, target }) => {
    // Only one that hangs is to be given up; 64 MB take a moment on a busy machine.
    const timeoutMs = mode === 'hang' ? 500 : 60_000
    return { file: mode, content: relayZap(mode, `http://127.0.0.1:${target.port}/`, { timeoutMs, retry }) }
  })
  await client.zaps.import({ files, enable: true })
  const sent = await Promise.all(
    cases.map(async (one) => {
      const { id } = await post(host, one.mode, { n: 1 })
      return { ...one, runId: (id ?? '').replace('evt_', 'run_') }
    }),
  )
  for (const { mode, runId, codes, target } of sent) {
    await expect(async () => {
      const { run, steps } = await client.runs.get({ id: runId })
      expect(run.status, mode).toBe('failed')
      const errors = steps.find(({ step }) => step === 'post')?.attempts.map(({ error }) => error?.code)
      expect(errors, mode).toEqual(codes)
    }).toPass({ timeout: 60_000 })
    // Whatever it did, it did once: every attempt had the same key.
    expect(target.effects.size, mode).toBeLessThanOrEqual(1)
    expect(target.complaints, mode).toEqual([])
    target.behave('good')
    await client.runs.replay({ id: runId, fromFailed: true })
  }
  await expect(async () => {
    expect(await client.outbox.stats()).toMatchObject({ pending: 0, leased: 0 })
  }).toPass()
  for (const { mode, target } of sent) {
    expect([...target.effects.values()].at(-1)?.body, mode).toBe('{"n":1}')
    await target.close()
  }
  close()
})

test('an answer that is no UTF-8 is an answer', async ({ host }) => {
  const { client, close } = await connectTo(host.dataDir)
  const target = await startFaultTarget()
  target.behave('not-utf8')
  const content = relayZap('odd', `http://127.0.0.1:${target.port}/`)
  await client.zaps.import({ files: [{ file: 'odd', content }], enable: true })
  const { id } = await post(host, 'odd', { n: 1 })
  await expect(async () => {
    const { run } = await client.runs.get({ id: (id ?? '').replace('evt_', 'run_') })
    expect(run.status).toBe('succeeded')
  }).toPass()
  await target.close()
  close()
})
