import { rmSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { hasServer, selfSigned, serverFolder, startKafka } from '../../test-servers.ts'
import { logPromises } from '../test-log-promises.ts'
import { openKafka } from './open-kafka.ts'
import { startStrictBroker } from './test-strict-broker.ts'

const options = { fleet: 'hookline', host: 'office', deliveryMs: 2_000, log: { warn: () => undefined } }

/** A broker of the reader's own, such as `kafka://localhost:9092`: what only a real one shows is tried there, too. */
const real = process.env.HOOKLINE_TEST_KAFKA

describe.skipIf(!hasServer.kafka)('Kafka’s protocol, as librdkafka’s brokers for tests speak it', () => {
  logPromises(openKafka, async () => {
    const server = await startKafka()
    // Its groups forget a member that waits for others for longer than that.
    return { url: `kafka://${server.servers}?session=4000`, stop: server.stop }
  })
})

describe.skipIf(real === undefined)('a real Kafka (skipped where HOOKLINE_TEST_KAFKA names none)', () => {
  logPromises(openKafka, async () => ({ url: real ?? '', stop: async () => undefined }))
})

/** The code and sentence with which opening fails. */
async function failing(url: string): Promise<{ code: unknown; message: string }> {
  const error: unknown = await openKafka({ ...options, url }).catch((error: unknown) => error)
  return { code: Reflect.get(Object(error), 'code'), message: String(Reflect.get(Object(error), 'message')) }
}

test('an address at which no broker is, and one that cannot be read', async () => {
  expect(await failing('kafka://127.0.0.1:1')).toMatchObject({
    code: 'unreachable',
    message: expect.stringMatching(/127\.0\.0\.1:1.*ECONNREFUSED.*advertised\.listeners/),
  })
  expect(await failing('kafka//nowhere')).toMatchObject({ code: 'address' })
  expect(await failing('kafka://ada:x@127.0.0.1:1?sasl=gssapi')).toMatchObject({
    code: 'address',
    message: expect.stringContaining('scram-sha-512'),
  })
})

test('a sign-in that is refused, missing or of another kind is said without the password', async () => {
  const broker = await startStrictBroker('correct horse')
  const at = `127.0.0.1:${broker.port}`
  const wrong = await failing(`kafka://ada:wrong@${at}`)
  expect(wrong).toMatchObject({ code: 'sign-in', message: expect.stringContaining('user and password') })
  expect(wrong.message).not.toContain('wrong')
  expect(await failing(`kafka://ada:correct%20horse@${at}?sasl=scram-sha-512`)).toMatchObject({
    code: 'sign-in',
    message: expect.stringContaining('"?sasl="'),
  })
  // A broker hangs up on those that do not sign in, without a word.
  expect(await failing(`kafka://${at}`)).toMatchObject({
    code: 'unreachable',
    message: expect.stringMatching(/sign-in.*kafkas:\/\//),
  })
  expect(await failing(`kafka://ada:correct%20horse@${at}`)).toMatchObject({
    code: 'missing',
    message: expect.stringMatching(
      /"hookline\.events".*kafka-topics\.sh --create --topic hookline\.events --partitions 12/,
    ),
  })
  await broker.stop()
})

test('TLS that is missing, not wanted or not trusted', async () => {
  const folder = serverFolder('kafka')
  const certificate = selfSigned(folder)
  const [tls, plain] = [await startStrictBroker('correct horse', certificate), await startStrictBroker('correct horse')]
  const trusted = `ada:correct%20horse@localhost:${tls.port}`
  expect(await failing(`kafkas://${trusted}`)).toMatchObject({ code: 'tls', message: expect.stringContaining('?ca=') })
  expect(await failing(`kafkas://localhost:${plain.port}`)).toMatchObject({
    code: 'tls',
    message: expect.stringContaining(`Write kafka://localhost:${plain.port} in`),
  })
  expect(await failing(`kafkas://${trusted}?ca=${certificate.cert}`)).toMatchObject({ code: 'missing' })
  expect(await failing(`kafkas://${trusted}?ca=/no/such/file`)).toMatchObject({ code: 'address' })
  await Promise.all([tls.stop(), plain.stop()])
  rmSync(folder, { recursive: true })
})

test.skipIf(!hasServer.kafka)('a topic with too few partitions', async () => {
  const server = await startKafka()
  expect(await failing(`kafka://${server.servers}?partitions=50`)).toMatchObject({
    code: 'partitions',
    message: expect.stringContaining('--alter --topic hookline.events --partitions 50'),
  })
  expect(await failing(`kafka://${server.servers}?partitions=-1`)).toMatchObject({ code: 'address' })
  await server.stop()
})

test.skipIf(!hasServer.kafka)('brokers that hang up on a sign-in, or on TLS, as they want none', async () => {
  const server = await startKafka()
  for (const url of [`kafka://ada:secret@${server.servers}`, `kafkas://${server.servers}`])
    expect(await failing(url)).toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/hung up .* a sign-in .* or none, TLS .* or none/),
    })
  await server.stop()
})
