import { onTestFinished } from 'vitest'
import type { Fleet } from '../contract/fleet-values.ts'
import { type Received, type TestClient, testApp, testServer } from '../test-app.ts'
import type { FleetOptions, FleetTimes } from './options.ts'

/** Times that are long beside what a test does, and short beside its patience. */
export const QUICK: FleetTimes = {
  leaseMs: 1_500,
  marginMs: 500,
  aloneMs: 500,
  deliveryMs: 1_500,
  relayedMs: 1_500,
  letterMs: 5,
  retryMs: 200,
}

/** A host of a fleet on a folder of its own. */
export async function fleetHost(
  options: Pick<FleetOptions, 'url' | 'name'> & Partial<FleetOptions>,
  adapters: Parameters<typeof testApp>[0] = {},
) {
  const fleet: FleetOptions = { roles: ['intake', 'worker'], times: QUICK, ...options }
  const host = await testApp({ ...adapters, fleet })
  await untilFleet(host.client, ({ state }) => state === 'connected')
  return host
}

/** Resolves with the fleet as a host sees it when that is as wanted. */
export async function untilFleet(client: TestClient, isSo: (fleet: Fleet) => boolean): Promise<Fleet> {
  const events = await client.events.watch()
  await events.next()
  try {
    for (;;) {
      const fleet = await client.fleet.get()
      if (fleet !== null && isSo(fleet)) return fleet
      const { done } = await events.next()
      if (done) throw new Error('the app stopped')
    }
  } finally {
    await events.return?.()
  }
}

/** A target that counts what it gets by key, and tells when each of so many keys has come. */
export async function countingTarget(): Promise<{
  readonly url: string
  readonly keys: ReadonlyMap<string, readonly Received[]>
  until(isSo: () => boolean): Promise<void>
}> {
  const keys = new Map<string, Received[]>()
  const waiting = new Set<() => void>()
  const url = await testServer((request, response) => {
    const key = String(request.headers['idempotency-key'])
    keys.set(key, [...(keys.get(key) ?? []), request])
    response.end('{}')
    for (const look of waiting) look()
  })
  onTestFinished(() => waiting.clear())
  return {
    url,
    keys,
    until: (isSo) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!isSo()) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
  }
}
