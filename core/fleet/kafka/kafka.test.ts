import { describe } from 'vitest'
import { hasServer, startKafka } from '../../test-servers.ts'
import { logPromises } from '../test-log-promises.ts'
import { openKafka } from './open-kafka.ts'

describe.skipIf(!hasServer.kafka)('Kafka’s protocol, of librdkafka’s brokers for tests', () => {
  logPromises(openKafka, async () => {
    const server = await startKafka()
    return { url: `kafka://${server.servers}?session=4000`, stop: server.stop }
  })
})
