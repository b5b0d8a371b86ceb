import { setTimeout as wait } from 'node:timers/promises'
import { AckPolicy, type ConsumerMessages } from '@nats-io/jetstream'
import { errors, headers, nanos, type Subscription } from '@nats-io/transport-node'
import { LogError, type Mail } from '../log.ts'
import type { NatsLink } from './connection.ts'
import { follow, PULL } from './follow.ts'
import type { Streams } from './streams.ts'

/** A letter that was not read in this time comes again. */
const READ_MS = 30_000
const AGAIN_MS = 1_000
/** A host that has just joined is seen by others a moment before it listens; so long it is asked again, with pauses. */
const JOINING_MS = 3_000
const LOOK_MS = 100
const FAILED_HEADER = 'Hookline-Failed'

export function createMail(link: NatsLink, streams: Streams, host: string): Mail {
  const { client, connection, manager } = link
  const { subject } = streams
  return {
    async send(to, bytes) {
      await link.use(`write to ${to}`, () => client.publish(subject('mail', to), bytes))
    },
    async receive(read) {
      const begin = (): Promise<{ messages: ConsumerMessages }> =>
        link.use('receive letters', async () => {
          await manager.consumers.add(streams.mail, {
            durable_name: `host-${host}`,
            filter_subject: subject('mail', host),
            ack_policy: AckPolicy.Explicit,
            ack_wait: nanos(READ_MS),
            max_ack_pending: 1,
            max_deliver: -1,
          })
          const consumer = await client.consumers.get(streams.mail, `host-${host}`)
          return { messages: await consumer.consume({ ...PULL, max_messages: 1 }) }
        })
      return follow(link, begin, async ({ messages }, caughtUp) => {
        caughtUp()
        for await (const message of messages) {
          try {
            await read(message.data)
            message.ack()
          } catch {
            message.nak(AGAIN_MS)
          }
        }
      })
    },
    async discard(to) {
      await link.use(`throw away the letters to ${to}`, () =>
        manager.streams.purge(streams.mail, { filter: subject('mail', to) }),
      )
      await manager.consumers.delete(streams.mail, `host-${to}`).catch(() => undefined)
    },
    async ask(to, question, timeoutMs) {
      try {
        const until = performance.now() + Math.min(timeoutMs, JOINING_MS)
        const request = () => connection.request(subject('ask', to), question, { timeout: timeoutMs })
        const answer = await link.use(`ask ${to}`, async () => {
          for (;;) {
            try {
              return await request()
            } catch (error) {
              if (!isSilence(error)) throw error
              if (!hasNoListener(error) || performance.now() > until) throw noAnswer(to, error)
            }
            await wait(LOOK_MS, undefined, { ref: false })
          }
        })
        if (answer.headers?.has(FAILED_HEADER) === true) throw noAnswer(to, new Error(answer.string()))
        return answer.data
      } catch (error) {
        throw error instanceof LogError ? error : noAnswer(to, error)
      }
    },
    async answer(answer) {
      const subscription: Subscription = await link.use('answer other hosts', async () =>
        connection.subscribe(subject('ask', host), {
          callback(_error, message) {
            if (message.reply === undefined) return
            answer(message.data).then(
              (bytes) => message.respond(bytes),
              (error: unknown) => {
                const failed = headers()
                failed.set(FAILED_HEADER, 'yes')
                message.respond(error instanceof Error ? error.message : String(error), { headers: failed })
              },
            )
          },
        }),
      )
      // The server has it when it has answered what was sent behind it.
      await link.use('answer other hosts', () => connection.flush())
      return { stop: async () => subscription.unsubscribe() }
    },
  }
}

const isSilence = (error: unknown): boolean => error instanceof errors.TimeoutError || hasNoListener(error)

function hasNoListener(error: unknown): boolean {
  return error instanceof errors.NoRespondersError || (error instanceof errors.RequestError && error.isNoResponders())
}

function noAnswer(to: string, cause: unknown): LogError {
  return new LogError(
    'no-answer',
    `The host ${to} does not answer. Check that it runs and is connected to the fleet’s log.`,
    { cause },
  )
}
