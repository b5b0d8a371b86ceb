import { expect, test } from 'vitest'
import type { Network } from '../../domain/host/adapters.ts'
import { manualClock } from '../../domain/time/clock.ts'
import { enableZap, runToEnd, testApp, testServer } from '../../test-app.ts'

const manual = { id: 'go', uses: 'manual.run', input: {} }

/** A network that the test pulls the plug of. */
function pluggedNetwork(): Network & { set(isOnline: boolean): void } {
  const listeners = new Set<() => void>()
  let isOnline = true
  return {
    isOnline: () => isOnline,
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    set(online) {
      isOnline = online
      for (const listener of listeners) listener()
    },
  }
}

const zapTo = (url: string) => ({
  steps: [
    manual,
    {
      id: 'post',
      uses: 'http.request',
      input: { method: 'POST', url, body: 1 },
      settings: { retry: { maxAttempts: 1 } },
    },
  ],
  edges: [{ from: 'go', to: 'post' }],
})

test('a step that needs the network waits for it without an attempt, and goes on when it returns', async () => {
  const network = pluggedNetwork()
  const { client } = await testApp({ network })
  // Not loopback by its name, and nothing listens there: with a network the one attempt that the step has fails.
  const id = await enableZap(client, zapTo('http://0.0.0.0:9/'))
  network.set(false)
  const { runId } = await client.zaps.run({ id, source: 'live', input: {} })
  const seen = async () => client.runs.get({ id: runId })
  await expect.poll(async () => (await seen()).run.waitsFor).toBe('network')
  expect((await seen()).steps[1]).toMatchObject({ status: 'waiting', waitsFor: 'network', attempts: [] })
  expect((await client.system.status()).network).toBe('down')

  network.set(true)
  await expect.poll(async () => (await seen()).run.status).toBe('failed')
  expect((await seen()).steps[1]?.attempts).toMatchObject([{ n: 1, error: { code: 'network' } }])
})

test('a step that waits for the network looks for itself, should no signal come', async () => {
  const clock = manualClock(Date.now())
  let isOnline = false
  const { client } = await testApp({ clock, network: { isOnline: () => isOnline, watch: () => () => undefined } })
  const id = await enableZap(client, zapTo('http://0.0.0.0:9/'))
  const { runId } = await client.zaps.run({ id, source: 'live', input: {} })
  const seen = async () => client.runs.get({ id: runId })
  await expect.poll(async () => (await seen()).run.waitsFor).toBe('network')
  isOnline = true
  clock.advance(30_000)
  await expect.poll(async () => (await seen()).run.status).toBe('failed')
})

test('what is on this computer is reached without any network', async () => {
  const { client } = await testApp({ network: { isOnline: () => false, watch: () => () => undefined } })
  const url = await testServer((_request, response) => response.end('{}'))
  const { run } = await runToEnd(client, await enableZap(client, zapTo(url)), {})
  expect(run.status).toBe('succeeded')
})
