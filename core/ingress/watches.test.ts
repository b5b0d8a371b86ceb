import { expect, test } from 'vitest'
import { manualClock } from '../domain/time/clock.ts'
import { type clientOf, enableZap, testApp } from '../test-app.ts'

type Client = ReturnType<typeof clientOf>

const zap = (events: string[]) => ({
  name: 'Watch',
  steps: [
    { id: 'seen', uses: 'system.event', input: { events } },
    { id: 'set', uses: 'data.set', input: { fields: { what: '{{ seen.event }}' } } },
  ],
  edges: [{ from: 'seen', to: 'set' }],
})

/** What the runs of a zap were started by, the oldest first. */
async function seenBy(client: Client, zapId: string): Promise<unknown[]> {
  const { runs } = await client.runs.list({ zapId })
  const details = await Promise.all(runs.toReversed().map(({ id }) => client.runs.get({ id })))
  return details.map(({ steps }) => steps.find(({ step }) => step === 'set')?.output)
}

function networkOf() {
  const listeners = new Set<() => void>()
  let online = true
  return {
    isOnline: () => online,
    watch(listener: () => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    set(wanted: boolean) {
      online = wanted
      for (const listener of listeners) listener()
    },
    listening: () => listeners.size,
  }
}

test('a zap starts with Hookline, wakes with the computer, and hears of its network', async () => {
  const network = networkOf()
  const first = await testApp({ network })
  const id = await enableZap(first.client, zap(['started', 'woke', 'network-up']))
  network.set(false)
  network.set(true)
  await first.app.resumed()
  await expect.poll(() => seenBy(first.client, id)).toEqual([{ what: 'network-up' }, { what: 'woke' }])
  await first.app.stop()
  expect(network.listening()).toBe(0)

  const again = await testApp({ dataDir: first.folder, network })
  await expect
    .poll(() => seenBy(again.client, id))
    .toEqual([{ what: 'network-up' }, { what: 'woke' }, { what: 'started' }])
})

test('a zap that is switched off, published anew or paused hears what it should, and once', async () => {
  const network = networkOf()
  const { client, app } = await testApp({ network, clock: manualClock(Date.parse('2026-11-30T09:00:00Z')) })
  const id = await enableZap(client, zap(['network-down']))
  await client.zaps.publish({ id })
  network.set(false)
  await expect.poll(() => seenBy(client, id)).toHaveLength(1)
  await app.setPaused(true)
  network.set(false)
  await app.setPaused(false)
  await client.zaps.setEnabled({ id, enabled: false })
  network.set(false)
  await client.zaps.setEnabled({ id, enabled: true })
  network.set(false)
  await expect.poll(() => seenBy(client, id)).toHaveLength(2)
  expect((await client.zaps.list()).find((one) => one.id === id)?.triggerSummary).toBe('on network-down')
})
