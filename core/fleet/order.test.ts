import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { enableZap, testApp } from '../test-app.ts'
import { hasServer, startNats } from '../test-servers.ts'
import { countingTarget, fleetHost, QUICK, sendOrder, telling, untilFleet } from './test-fleet.ts'

describe.skipIf(!hasServer.nats)('the order of a queued zap', () => {
  let server: Awaited<ReturnType<typeof startNats>>
  let fleets = 0
  beforeAll(async () => {
    server = await startNats()
  })
  afterAll(() => server.stop())
  const nextUrl = (): string => `nats://127.0.0.1:${server.port}?fleet=o${++fleets}`

  test('is kept when the log loses an event that it said it has', { timeout: 120_000 }, async () => {
    const url = nextUrl()
    const target = await countingTarget()
    const office = await fleetHost({ url, name: 'office', roles: ['intake'] })
    const worker = await fleetHost({ url, name: 'worker', roles: ['worker'] })
    await enableZap(office.client, telling(target.url, { concurrency: 'queued' }))
    await untilFleet(worker.client, ({ zaps }) => zaps.length === 1)
    await worker.client.fleet.drain({ host: 'worker' })
    for (let n = 0; n < 5; n++) await sendOrder(office.app.hooksUrl, { n })
    await untilFleet(
      office.client,
      ({ members: [self] }) => self !== undefined && self.relayed >= 1 && self.relayed + self.outgoing === 5,
    )
    await loseFirst(server.port, `o${fleets}-events`)
    await worker.client.fleet.drain({ host: 'worker', on: false })
    await target.until(() => target.keys.size === 5)
    expect(bodiesOf(target)).toEqual([0, 1, 2, 3, 4])
    await untilFleet(office.client, ({ members: [self] }) => self?.relayed === 0 && self.outgoing === 0)
  })

  test('is of one zap: others do not wait for it', { timeout: 120_000 }, async () => {
    const url = nextUrl()
    const target = await countingTarget()
    const office = await fleetHost({ url, name: 'office', roles: ['intake'] })
    const worker = await fleetHost({ url, name: 'worker', roles: ['worker'] })
    await enableZap(office.client, telling(target.url, { concurrency: 'queued' }))
    await enableZap(office.client, telling(target.url, { concurrency: 'queued' }, 'queue'))
    await enableZap(office.client, telling(target.url, {}, 'other'))
    await untilFleet(worker.client, ({ zaps }) => zaps.length === 3)
    const answerNow = target.hold()
    for (const [n, path] of ['orders', 'orders', 'queue', 'queue', 'other', 'other'].entries())
      await sendOrder(office.app.hooksUrl, { n }, path)
    await target.until(() => target.keys.size === 4)
    expect(bodiesOf(target).toSorted()).toEqual([0, 2, 4, 5])
    answerNow()
    await target.until(() => target.keys.size === 6)
  })

  test('begins behind what the host had at work when it was joined', { timeout: 120_000 }, async () => {
    const target = await countingTarget()
    const alone = await testApp()
    const id = await enableZap(alone.client, telling(target.url, { concurrency: 'queued' }))
    const answerNow = target.hold()
    for (let n = 0; n < 3; n++) await sendOrder(alone.app.hooksUrl, { n })
    await target.until(() => target.keys.size === 1)
    // It begins no more, and two are left.
    const stopped = alone.app.stop()
    answerNow()
    await stopped
    const goOn = target.hold()
    const url = nextUrl()
    const office = await testApp({
      dataDir: alone.folder,
      fleet: { url, name: 'office', roles: ['intake', 'worker'], times: QUICK },
    })
    await untilFleet(office.client, ({ state }) => state === 'connected')
    const worker = await fleetHost({ url, name: 'worker', roles: ['worker'] })
    await untilFleet(worker.client, ({ zaps }) => zaps.some((zap) => zap.id === id))
    for (let n = 3; n < 6; n++) await sendOrder(office.app.hooksUrl, { n })
    goOn()
    await target.until(() => target.keys.size === 6)
    expect(bodiesOf(target)).toEqual([0, 1, 2, 3, 4, 5])
  })
})

/** The number in each event that a target was told of, in the order of the first requests. */
function bodiesOf({ keys }: Awaited<ReturnType<typeof countingTarget>>): number[] {
  return [...keys.values()].map(([first]) => {
    const { n }: { n: number } = JSON.parse(first?.body ?? '')
    return n
  })
}

/** As a server does that was killed before it had on its disk what it had acknowledged. */
async function loseFirst(port: number, stream: string): Promise<void> {
  const connection = await connect({ servers: `127.0.0.1:${port}` })
  const manager = await jetstreamManager(connection)
  const { state } = await manager.streams.info(stream)
  await manager.streams.deleteMessage(stream, state.first_seq)
  await connection.close()
}
