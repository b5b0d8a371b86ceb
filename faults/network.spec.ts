import { z } from 'zod'
import { enableZap } from '../e2e/fixtures/seeded-runs.ts'
import { expect, test } from '../e2e/fixtures/test.ts'
import { relayZap } from '../e2e/fixtures/zap-files.ts'
import { injectedHosts } from './injected-host.ts'
import { outboxSchema, post, runSchema } from './senders.ts'

test('without a network runs wait without using an attempt, also over a kill, and go on when it is back', async ({
  folder,
  target,
}) => {
  const hosts = injectedHosts(folder)
  hosts.pretend({ offline: true })
  const doomed = await hosts.start()
  // The system takes 0.0.0.0 for this computer, and Hookline does not.
  const away = target.url.replace('127.0.0.1', '0.0.0.0')
  await enableZap(`${folder}/data`, 'away', relayZap('away', away, { retry: { maxAttempts: 1 } }))
  await enableZap(`${folder}/data`, 'here', relayZap('here', target.url))
  const ids: string[] = []
  for (let n = 0; n < 20; n++) ids.push((await post(doomed, 'away', { n })).id?.replace('evt_', 'run_') ?? '')
  await post(doomed, 'here', { n: 'here' })
  await target.until((requests) => requests.length === 1)
  await expect(async () => {
    const { run, steps } = await doomed.ask(runSchema, 'run', 'show', ids.at(-1) ?? '')
    expect(run).toMatchObject({ status: 'waiting', waitsFor: 'network' })
    expect(steps.find(({ step }) => step === 'post')?.attempts).toEqual([])
  }).toPass()
  expect(await doomed.ask(z.looseObject({ network: z.string() }), 'status')).toMatchObject({ network: 'down' })
  await doomed.kill()

  const host = await hosts.start()
  hosts.pretend({})
  await target.until((requests) => requests.length === 21)
  await expect(async () => {
    expect(await host.ask(outboxSchema, 'outbox')).toMatchObject({ pending: 0, leased: 0, dead: 0 })
  }).toPass()
  expect(new Set(target.requests.map(({ body }) => body)).size).toBe(21)
  expect(await host.stop()).toBe(0)
})
