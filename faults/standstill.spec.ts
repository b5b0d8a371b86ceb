import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { startTarget } from '../e2e/fixtures/counting-target.ts'
import { startHost } from '../e2e/fixtures/headless-host.ts'
import { enableZap } from '../e2e/fixtures/seeded-runs.ts'
import { expect, test } from '../e2e/fixtures/test.ts'
import { relayZap } from '../e2e/fixtures/zap-files.ts'
import { outboxSchema, post, runsSchema } from './senders.ts'

test('a run that keeps the host from everything else is set aside at the next start, and the others go on', async ({
  folder,
}) => {
  const dataDir = join(folder, 'data')
  const target = await startTarget()
  const first = await startHost({ dataDir, env: { HOOKLINE_FAILPOINT: 'during-step:1:hang' } })
  await enableZap(`${folder}/data`, 'relay', relayZap('in', target.url))
  const [hung] = [(await post(first, 'in', { n: 0 })).id ?? '']
  // Two times five seconds, which a person waits who sees that nothing goes on.
  await expect.poll(() => existsSync(join(dataDir, 'standstill.json')), { timeout: 60_000 }).toBe(true)
  await first.kill()

  const host = await startHost({ dataDir })
  const runId = hung.replace('evt_', 'run_')
  const { runs } = await host.ask(runsSchema, 'run', 'list')
  expect(runs.find(({ id }) => id === runId)).toMatchObject({
    status: 'needs-review',
    reason: expect.stringContaining('stood still'),
  })
  await post(host, 'in', { n: 1 })
  await target.until((requests) => requests.length === 1)
  await expect(async () => {
    expect(await host.ask(outboxSchema, 'outbox')).toMatchObject({ pending: 0, leased: 0 })
  }).toPass()
  expect(existsSync(join(dataDir, 'standstill.json'))).toBe(false)
  expect(await host.stop()).toBe(0)
  await target.close()
})
