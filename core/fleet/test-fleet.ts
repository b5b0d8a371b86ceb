import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import type { Fleet } from '../contract/fleet-values.ts'
import { temporaryFolder } from '../db/test-database.ts'
import type { ZapFile } from '../domain/zap/zap-file.ts'
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

/** A host in a process of its own, which `kill` ends as a power cut would. */
export async function fleetProcess(
  options: Pick<FleetOptions, 'url' | 'name'> & Partial<FleetOptions>,
  allowedFolders: readonly string[] = [],
): Promise<{ readonly hooksUrl: string; kill(): Promise<void> }> {
  const fleet: FleetOptions = { roles: ['intake', 'worker'], times: QUICK, ...options }
  const file = fileURLToPath(new URL('./test-host.ts', import.meta.url))
  const child = spawn(process.execPath, [file, temporaryFolder(), JSON.stringify(fleet), ...allowedFolders], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stderr.pipe(process.stderr, { end: false })
  const ended = once(child, 'close')
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  onTestFinished(kill)
  const [said] = await once(child.stdout, 'data')
  return { hooksUrl: String(said).trim(), kill }
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

/** A target that counts what it gets by key. */
export type CountingTarget = {
  readonly url: string
  /** Requests by their keys, in the order of the first of each. */
  readonly keys: ReadonlyMap<string, readonly Received[]>
  until(isSo: () => boolean): Promise<void>
  /** Answers nothing until what it returns is called. */
  hold(): () => void
  /** The most requests that it had at the same time. */
  mostAtOnce(): number
}

export async function countingTarget(): Promise<CountingTarget> {
  const keys = new Map<string, Received[]>()
  const waiting = new Set<() => void>()
  let gate: Promise<void> = Promise.resolve()
  let now = 0
  let most = 0
  const url = await testServer((request, response) => {
    const key = String(request.headers['idempotency-key'])
    keys.set(key, [...(keys.get(key) ?? []), request])
    most = Math.max(most, ++now)
    void gate.then(() => {
      now--
      response.end('{}')
    })
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
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>()
      gate = promise
      return resolve
    },
    mostAtOnce: () => most,
  }
}

/** A zap that tells a target of each event that comes in at `/hooks/orders`. */
export const telling = (target: string, settings: ZapFile['settings'] = {}, path = 'orders') => ({
  steps: [
    { id: 'hook', uses: 'webhook.catch', input: { path } },
    { id: 'tell', uses: 'http.request', input: { method: 'POST', url: target, body: '{{ hook.body }}' } },
  ],
  edges: [{ from: 'hook', to: 'tell' }],
  settings,
})

/** Sends an order; resolves with the event's id. */
export async function sendOrder(hooksUrl: string, body: object, path = 'orders'): Promise<string> {
  const response = await fetch(`${hooksUrl}/hooks/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const { id } = z.object({ id: z.string() }).parse(await response.json())
  return id
}
