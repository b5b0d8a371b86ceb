import { setImmediate as turn } from 'node:timers/promises'
import { errors, type NatsConnection } from '@nats-io/transport-node'
import { LogError, type LogFacts, type OpenLog } from '../log.ts'
import { readLogAddress } from '../log-address.ts'
import { limitSize } from '../size-limit.ts'
import { openLink } from './connection.ts'
import { createEvents } from './events.ts'
import { createRegisters, createState } from './keyed.ts'
import { createMail } from './mail.ts'
import { findStreams, makeStreams, type Streams, streamsOf } from './streams.ts'

const MAX_BYTES = 1_000_000
/** Headers and subject of a record take room, too. */
const HEAD_BYTES = 2_000

/** NATS JetStream, from nats-server 2.9 on, as the log of a fleet. */
export const openNats: OpenLog = async ({ url, fleet, host, deliveryMs }) => {
  const address = readLogAddress(url)
  const link = await openLink(address, host)
  const streams = streamsOf(fleet)
  let born: string
  try {
    await makeStreams(link, streams, address)
    await link.use('acknowledge what it has worked on', () => mayAcknowledge(link.connection, streams))
    born = (await link.use('look for its streams', () => findStreams(link, streams))).birth
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

  async function lookForStreams(): Promise<void> {
    const { birth, isShort } = await link.use('look for its streams', () => findStreams(link, streams))
    if (birth === born) {
      // There may be more servers by now.
      if (isShort) await makeStreams(link, streams, address)
      return
    }
    link.fail(
      new LogError(
        'missing',
        `The streams of the fleet at ${link.address} are gone or new, as after a start with an empty folder. They are made again, and each host puts into them what it has.`,
      ),
    )
  }
  const tooLarge = `NATS at ${link.address} takes records of ${maxBytes} bytes at most ("max_payload" in its file)`
  return {
    kind: 'nats',
    address: link.address,
    maxBytes,
    ...limitSize({ events, state, registers, mail }, maxBytes, tooLarge),
    facts: () =>
      link.use('ask how it is', async (): Promise<LogFacts> => {
        await lookForStreams()
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
    watchHealth(listener) {
      let isFirst = true
      return link.watch((problem) => {
        if (problem !== null || isFirst) listener(problem)
        else {
          // Before anything is put into it: it may be another. What cannot be asked now is asked with the next facts.
          void lookForStreams()
            .catch(() => undefined)
            .then(() => link.problem() === null && listener(null))
        }
        isFirst = false
      })
    },
    close: link.close,
  }
}

/** An account may be allowed all but that: then each event would come again for ever, and only the log of the server would say why. Rejects if so. */
async function mayAcknowledge(connection: NatsConnection, streams: Streams): Promise<void> {
  let refusal: unknown
  // Of no consumer that there is, so that no one answers.
  connection.request(`$JS.ACK.${streams.events}.none`, '', { timeout: 1_000 }).catch((error: unknown) => {
    if (error instanceof Error && error.cause instanceof errors.PermissionViolationError) refusal = error
  })
  // What is not allowed is said before what was sent behind it is answered.
  await connection.flush()
  await turn()
  if (refusal !== undefined) throw refusal
}
