import { type ConsumerMessages, DeliverPolicy, type JsMsg } from '@nats-io/jetstream'
import { LogError, type RegisterEntry, type Registers, type SharedState, type StateEntry, type Watch } from '../log.ts'
import type { NatsLink } from './connection.ts'
import { follow, PULL } from './follow.ts'
import { apiCode } from './nats-errors.ts'
import type { Streams } from './streams.ts'

/** JetStream's answer where another message of the subject came first. */
const OTHER_REVISION = new Set([10071, 10164])

const NOTHING = new Uint8Array()

export function createState(link: NatsLink, streams: Streams): SharedState {
  return {
    async put(key, bytes) {
      await link.use(`store "${key}"`, () => link.client.publish(subjectOf(streams, 'state', key), bytes ?? NOTHING))
    },
    watch: (listener) => watchKeyed(link, streams, 'state', listener),
  }
}

export function createRegisters(link: NatsLink, streams: Streams): Registers {
  return {
    async swap(key, expected, bytes) {
      try {
        const stored = await link.use(`swap "${key}"`, () =>
          link.client.publish(subjectOf(streams, 'register', key), bytes ?? NOTHING, {
            expect: { lastSubjectSequence: expected },
          }),
        )
        return stored.seq
      } catch (error) {
        if (error instanceof LogError && OTHER_REVISION.has(apiCode(error.cause) ?? 0)) return null
        throw error
      }
    },
    watch: (listener) => watchKeyed(link, streams, 'register', listener),
  }
}

/** Follows the newest value of every key of one kind, from the start, and again from the start after the connection was lost. */
export async function watchKeyed(
  link: NatsLink,
  streams: Streams,
  kind: 'state' | 'register' | 'orders',
  listener: (entry: RegisterEntry & StateEntry) => void,
): Promise<Watch> {
  const filter = streams.subject(kind, '>')
  const prefix = streams.subject(kind, '').length

  const begin = (): Promise<{ messages: ConsumerMessages; count: number }> =>
    link.use(`watch its ${kind}`, async () => {
      // As of before the consumer is made: what comes later is a change.
      const info = await link.manager.streams.info(streams.keyed, { subjects_filter: filter })
      const consumer = await link.client.consumers.get(streams.keyed, {
        filter_subjects: filter,
        deliver_policy: DeliverPolicy.LastPerSubject,
      })
      return { messages: await consumer.consume(PULL), count: Object.keys(info.state.subjects ?? {}).length }
    })

  return follow(link, begin, async ({ messages, count }, caughtUp) => {
    let seen = 0
    if (count === 0) caughtUp()
    for await (const message of messages) {
      listener(entryOf(message, prefix))
      if (++seen >= count || message.info.pending === 0) caughtUp()
    }
  })
}

function entryOf(message: JsMsg, prefix: number): RegisterEntry {
  return {
    key: message.subject.slice(prefix).replaceAll('.', '/'),
    bytes: message.data.length === 0 ? null : message.data,
    storedAt: Math.floor(message.info.timestampNanos / 1e6),
    revision: message.seq,
  }
}

function subjectOf(streams: Streams, kind: 'state' | 'register', key: string): string {
  return streams.subject(kind, ...key.split('/'))
}
