import type { LogFacts, OpenLog } from '../log.ts'
import { readLogAddress } from '../log-address.ts'
import { limitSize } from '../size-limit.ts'
import { openLink } from './connection.ts'
import { createEvents } from './events.ts'
import { createRegisters, createState } from './keyed.ts'
import { createMail } from './mail.ts'
import { makeStreams, streamsOf } from './streams.ts'

const MAX_BYTES = 1_000_000
/** Headers and subject of a record take room, too. */
const HEAD_BYTES = 2_000

/** NATS JetStream, from nats-server 2.9 on, as the log of a fleet. */
export const openNats: OpenLog = async ({ url, fleet, host, deliveryMs }) => {
  const address = readLogAddress(url)
  const link = await openLink(address, host)
  const streams = streamsOf(fleet)
  try {
    await makeStreams(link, streams, address)
  } catch (error) {
    await link.close()
    throw error
  }
  const { connection, manager } = link
  const maxBytes = Math.min(MAX_BYTES, (connection.info?.max_payload ?? MAX_BYTES) - HEAD_BYTES)
  const events = createEvents(link, streams, deliveryMs)
  const state = createState(link, streams)
  const registers = createRegisters(link, streams)
  const mail = createMail(link, streams, host)
  const tooLarge = `NATS at ${link.address} takes records of ${maxBytes} bytes at most ("max_payload" in its file)`
  return {
    kind: 'nats',
    address: link.address,
    maxBytes,
    ...limitSize({ events, state, registers, mail }, maxBytes, tooLarge),
    facts: () =>
      link.use('ask how it is', async (): Promise<LogFacts> => {
        const [roundTripMs, { cluster }] = await Promise.all([connection.rtt(), manager.streams.info(streams.events)])
        const replicas = cluster?.replicas ?? []
        return {
          brokersUp: 1 + replicas.filter(({ current, offline }) => current && offline !== true).length,
          brokers: 1 + replicas.length,
          version: `nats-server ${connection.info?.version ?? ''}`,
          partitions: null,
          roundTripMs,
        }
      }),
    watchHealth: link.watch,
    close: link.close,
  }
}
