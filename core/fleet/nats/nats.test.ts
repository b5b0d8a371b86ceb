import { describe, expect, test } from 'vitest'
import { hasServer, startNats } from '../../test-servers.ts'
import { logPromises } from '../test-log-promises.ts'
import { openNats } from './open-nats.ts'

const options = { fleet: 'hookline', host: 'office', deliveryMs: 2_000, log: { warn: () => undefined } }

describe.skipIf(!hasServer.nats)('NATS JetStream', () => {
  logPromises(openNats, async () => {
    const server = await startNats()
    return { url: `nats://127.0.0.1:${server.port}`, stop: server.stop }
  })

  test('a server that is killed and comes back has what was published, and its hosts go on', {
    timeout: 120_000,
  }, async () => {
    const server = await startNats()
    const log = await openNats({ ...options, url: `nats://127.0.0.1:${server.port}` })
    const problems: (string | null)[] = []
    const changed = { tell: (): void => undefined }
    log.watchHealth((problem) => {
      problems.push(problem?.code ?? null)
      changed.tell()
    })
    const next = (): Promise<void> =>
      new Promise((resolve) => {
        changed.tell = resolve
      })
    await log.state.put('zap/one', new TextEncoder().encode('kept'))
    const position = await log.events.publish({ id: 'e1', key: 'k', order: null, bytes: new Uint8Array(3) })
    const down = next()
    await server.stopAlone()
    await down
    await expect(
      log.events.publish({ id: 'e2', key: 'k', order: null, bytes: new Uint8Array(3) }),
    ).rejects.toMatchObject({
      code: 'unreachable',
    })
    const up = next()
    await server.restart()
    await up
    expect(problems).toEqual([null, 'unreachable', null])
    expect(await log.events.isWaiting(position)).toBe(true)
    // Servers that were killed may have another in the place of one that they have lost.
    expect(await log.events.isWaiting(position.replace('e1', 'e9'))).toBe(false)
    const taken = Promise.withResolvers<string>()
    await log.events.consume({ room: () => 1, take: (delivery) => taken.resolve(delivery.id) })
    expect(await taken.promise).toBe('e1')
    await log.close()
    await server.stop()
  })

  test('an account that may do as the sentence says can do all, and one that lacks a subject is told', {
    timeout: 120_000,
  }, async () => {
    const all = ['hookline.>', '$JS.API.>', '$JS.ACK.>', '_INBOX.>']
    for (const missing of [null, ...all]) {
      const server = await startNats({ allows: all.filter((subject) => subject !== missing) })
      const opened = openNats({ ...options, url: `nats://127.0.0.1:${server.port}` })
      if (missing === null) {
        const log = await opened
        const acknowledged = Promise.withResolvers<void>()
        await log.events.consume({
          room: () => 1,
          take: (delivery) => void delivery.ack().then(acknowledged.resolve, acknowledged.reject),
        })
        const position = await log.events.publish({ id: 'e1', key: 'k', order: null, bytes: new Uint8Array(3) })
        await acknowledged.promise
        expect(await log.events.isWaiting(position)).toBe(false)
        await log.close()
      } else if (missing !== 'hookline.>') {
        const message = expect.stringContaining('"$JS.ACK.>"')
        await expect(opened).rejects.toMatchObject({ code: 'not-allowed', message })
      } else {
        const log = await opened
        await expect(log.state.put('zap/one', new Uint8Array(1))).rejects.toMatchObject({ code: 'not-allowed' })
        await log.close()
      }
      await server.stop()
    }
  })

  test('each way of failing to reach it is said in a sentence with its remedy', { timeout: 120_000 }, async () => {
    const server = await startNats({ password: 'correct horse', isTls: true, hasJetStream: false })
    const at = `127.0.0.1:${server.port}`
    const failing = async (url: string): Promise<{ code: string; message: string }> => {
      const log = await openNats({ ...options, url }).catch((error: unknown) => error)
      return { code: Reflect.get(Object(log), 'code'), message: Reflect.get(Object(log), 'message') }
    }
    expect(await failing('nats//nowhere')).toMatchObject({
      code: 'address',
      message: expect.stringContaining('nats://'),
    })
    expect(await failing('nats://127.0.0.1:1')).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('127.0.0.1:1'),
    })
    expect(await failing(`tls://ada:wrong@${at}`)).toMatchObject({
      code: 'tls',
      message: expect.stringMatching(/not trusted here.*ca=/),
    })
    expect(await failing(`nats://ada:wrong@${at}`)).toMatchObject({
      code: 'tls',
      message: expect.stringContaining(`Write tls://${at} in the --fleet URL`),
    })
    const plain = await startNats({ hasJetStream: false })
    expect(await failing(`tls://127.0.0.1:${plain.port}`)).toMatchObject({
      code: 'tls',
      message: expect.stringContaining(`Write nats://127.0.0.1:${plain.port} in`),
    })
    await plain.stop()
    expect(await failing(`tls://ada:wrong@${at}?ca=${server.ca}`)).toMatchObject({
      code: 'sign-in',
      message: expect.not.stringContaining('wrong'),
    })
    expect(await failing(`tls://ada:correct%20horse@${at}?ca=/no/such/file`)).toMatchObject({ code: 'address' })
    expect(await failing(`tls://ada:correct%20horse@${at}?ca=${server.ca}`)).toMatchObject({
      code: 'missing',
      message: expect.stringContaining('--jetstream'),
    })
    await server.stop()
  })
})
