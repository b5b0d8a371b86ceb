import type { ConsumerMessages } from '@nats-io/jetstream'
import type { Watch } from '../log.ts'
import type { NatsLink } from './connection.ts'

/** How messages are pulled that come one after the other for as long as the host runs. A server that says nothing for twice the heartbeat is gone. */
export const PULL = { expires: 10_000, idle_heartbeat: 2_500 }

const AGAIN_MS = 500

/**
 * Reads messages for as long as the link is open. The client goes on by itself after a lost connection, but not where the server that it pulled from is gone
 * and another leads its stream: so all is begun anew then. Resolves when the first round has caught up; rejects when it could not be begun.
 */
export async function follow<Begun extends { readonly messages: ConsumerMessages }>(
  link: NatsLink,
  begin: () => Promise<Begun>,
  read: (begun: Begun, caughtUp: () => void) => Promise<void>,
): Promise<Watch> {
  const caughtUp = Promise.withResolvers<void>()
  let current: Begun | undefined = await begin()
  let isStopped = false
  let isDown = false

  const unwatch = link.watch((problem) => {
    if (problem === null && isDown) void current?.messages.close()
    isDown = problem !== null
  })

  async function watchHeartbeats({ messages }: Begun): Promise<void> {
    for await (const status of messages.status()) {
      if (status.type === 'heartbeats_missed' && status.count > 1) await messages.close()
    }
  }

  async function run(): Promise<void> {
    while (!isStopped && !link.isClosed()) {
      try {
        current ??= await begin()
        void watchHeartbeats(current).catch(() => undefined)
        await read(current, caughtUp.resolve)
      } catch {
        // The server is away, or chooses a leader: again in a moment.
      }
      await current?.messages.close().catch(() => undefined)
      current = undefined
      if (!isStopped && !link.isClosed()) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS).unref())
    }
    caughtUp.resolve()
  }
  const running = run()
  await caughtUp.promise
  return {
    async stop() {
      isStopped = true
      unwatch()
      await current?.messages.close()
      await running
    },
  }
}
