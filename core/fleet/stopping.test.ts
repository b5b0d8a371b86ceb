import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { enableZap, testApp } from '../test-app.ts'
import { hasServer, startNats } from '../test-servers.ts'
import { OPERATION_MS } from './log.ts'
import { countingTarget, fleetHost, QUICK, sendOrder, telling, untilFleet } from './test-fleet.ts'

/** A way to a port on which nothing comes through any more once it is stopped, in neither direction, and which stays open. */
async function wayTo(port: number): Promise<{ readonly port: number; stop(): void }> {
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    for (const socket of [near, far]) sockets.add(socket.on('error', () => undefined))
    near.pipe(far)
    far.pipe(near)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    stop() {
      for (const socket of sockets) socket.unpipe().pause()
    },
  }
}

describe.skipIf(!hasServer.nats)('a host of a fleet that is told to stop', () => {
  test('does not wait for a log that stands still', { timeout: 120_000 }, async () => {
    const server = await startNats()
    onTestFinished(server.stop)
    const way = await wayTo(server.port)
    const target = await countingTarget()
    const host = await fleetHost({ url: `nats://127.0.0.1:${way.port}`, name: 'office' })
    await enableZap(host.client, telling(target.url))
    // What it owns it has to let go of, in the log.
    await enableZap(host.client, {
      steps: [
        { id: 'every', uses: 'schedule.cron', input: { every: '1h' } },
        { id: 'tell', uses: 'http.request', input: { method: 'POST', url: target.url } },
      ],
      edges: [{ from: 'every', to: 'tell' }],
    })
    await untilFleet(host.client, ({ members: [self] }) => self?.owns === 1)
    await sendOrder(host.app.hooksUrl, {})
    await target.until(() => target.keys.size === 1)
    way.stop()
    await sendOrder(host.app.hooksUrl, {})
    const asked = performance.now()
    await host.app.stop()
    // Without it each part waits for its own answer, one after the other.
    expect(performance.now() - asked).toBeLessThan(OPERATION_MS)
  })

  test('does not wait for a log that takes connections and says nothing', { timeout: 120_000 }, async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const taken = once(silent, 'connection')
    onTestFinished(() => void silent.close())
    const address = silent.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const fleet = {
      url: `nats://127.0.0.1:${port}`,
      name: 'office',
      roles: ['intake', 'worker'],
      times: QUICK,
    } as const
    const host = await testApp({ fleet })
    const [socket] = await taken
    const asked = performance.now()
    await host.app.stop()
    expect(performance.now() - asked).toBeLessThan(OPERATION_MS * 0.9)
    socket.destroy()
  })
})
