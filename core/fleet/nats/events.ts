import { createHash } from 'node:crypto'
import { AckPolicy, type Consumer, type ConsumerMessages, type JsMsg } from '@nats-io/jetstream'
import { headers, nanos } from '@nats-io/transport-node'
import type { Consumption, Delivery, EventLog, EventRecord, Watch } from '../log.ts'
import type { NatsLink } from './connection.ts'
import { watchKeyed } from './keyed.ts'
import { createLeftovers } from './leftovers.ts'
import { apiCode } from './nats-errors.ts'
import type { Streams } from './streams.ts'

const WORKERS = 'workers'
/** What a pull waits for at most; after it, the room is looked at again. */
const PULL_MS = 5_000
/** A server of a cluster that leads the consumer can die while the connection, to another, lives: two of these missing tell. */
const HEARTBEAT_MS = 2_000
const PAUSE_MS = 500
/** What comes without room is another host's after so long, or comes again. */
const PASS_MS = 200
const MESSAGE_NOT_FOUND = 10037
const CONSUMER_NOT_FOUND = 10014
const CONSUMER_EXISTS = new Set([10013, 10148])
/** Deliveries of records without an order that may be unacknowledged over all hosts. */
const MAX_HELD = 50_000

const KEY_HEADER = 'Hookline-Key'
const ID_HEADER = 'Nats-Msg-Id'
const ORDER_HEADER = 'Hookline-Order'

/**
 * Events on JetStream: one work queue. Records without an order have one consumer, from which every host pulls. Each order has a consumer of its own
 * that hands out one record at a time, so the server itself keeps the order, whichever host pulls. Which orders there are stands in the keyed stream.
 */
export function createEvents(link: NatsLink, streams: Streams, deliveryMs: number): EventLog {
  const { client, manager } = link
  const announced = new Set<string>()
  const { subject } = streams

  async function announce(order: string): Promise<void> {
    if (announced.has(order)) return
    await client.publish(subject('orders', nameOf(order)), order)
    announced.add(order)
  }

  /** The consumer that hands out what is at a subject. */
  function consumerAt(at: string): string {
    const prefix = subject('order', '')
    return at.startsWith(prefix) ? consumerOf(at.slice(prefix.length)) : WORKERS
  }

  const leftovers = createLeftovers({ link, streams, deliveryMs, consumerAt, isOrdered: (name) => name !== WORKERS })

  return {
    publish: (record) =>
      link.use('publish an event', async () => {
        const { id, key, order, bytes } = record
        if (order !== null) await announce(order)
        const head = headers()
        head.set(KEY_HEADER, key)
        if (order !== null) head.set(ORDER_HEADER, order)
        const to = order === null ? subject('event', 'any') : subject('order', nameOf(order))
        const { seq } = await client.publish(to, bytes, { msgID: id, headers: head })
        return positionOf(seq, id)
      }),
    isWaiting: (position) =>
      link.use('look for an event', async () => {
        const [seq, id] = readPosition(position)
        try {
          const message = await manager.streams.getMessage(streams.events, { seq })
          // Servers that were killed can lose what they had acknowledged, and then have another in its place.
          if (message === null || (id !== null && message.header.get(ID_HEADER) !== id)) return false
          return !(await leftovers.takeAway(seq, message.subject))
        } catch (error) {
          if (apiCode(error) === MESSAGE_NOT_FOUND) return false
          // No host has asked for these yet.
          if (apiCode(error) === CONSUMER_NOT_FOUND) return true
          throw error
        }
      }),
    lag: () =>
      link.use('count its events', async () => {
        const [{ state }, workers] = await Promise.all([
          manager.streams.info(streams.events),
          manager.consumers.info(streams.events, WORKERS).catch(() => undefined),
        ])
        const held = workers?.num_ack_pending ?? 0
        const waiting = Math.max(0, state.messages - held)
        if (waiting > (workers?.num_pending ?? waiting)) await leftovers.tidy()
        return { waiting, held }
      }),
    async consume({ room, take }): Promise<Consumption> {
      const held = createHeld(link, deliveryMs)
      const pulls: Pull[] = []
      const hand = (message: JsMsg): void => take(held.add(message))
      pulls.push(
        pull(
          link,
          await makeConsumer(link, streams, { name: WORKERS, filter: subject('event', '>'), deliveryMs }),
          room,
          hand,
        ),
      )
      const orders = new Set<string>()
      let watch: Watch | undefined
      let isStopped = false
      async function follow(name: string): Promise<void> {
        if (orders.has(name)) return
        orders.add(name)
        try {
          const filter = subject('order', name)
          const consumer = await makeConsumer(link, streams, { name: consumerOf(name), filter, deliveryMs, maxHeld: 1 })
          if (!isStopped) pulls.push(pull(link, consumer, () => Math.min(1, room()), hand))
        } catch {
          // Seen again with the next record of this order, or at the next start.
          orders.delete(name)
        }
      }
      watch = await watchKeyed(link, streams, 'orders', ({ key }) => void follow(key))
      return {
        wake() {
          for (const one of pulls) one.wake()
        },
        async stop() {
          isStopped = true
          await watch?.stop()
          await Promise.all(pulls.map((one) => one.stop()))
        },
      }
    },
  }
}

const positionOf = (seq: number, id: string): string => `${seq} ${id}`

/** The number in the stream, and the record's id; hosts that are older left that away. */
function readPosition(position: string): readonly [seq: number, id: string | null] {
  const space = position.indexOf(' ')
  return space < 0 ? [Number(position), null] : [Number(position.slice(0, space)), position.slice(space + 1)]
}

/** A subject and consumer for an order, whatever characters are in it. */
function nameOf(order: string): string {
  return createHash('sha256').update(order).digest('base64url').slice(0, 22)
}

const consumerOf = (order: string): string => `order-${order}`

async function makeConsumer(
  link: NatsLink,
  streams: Streams,
  consumer: { name: string; filter: string; deliveryMs: number; maxHeld?: number },
): Promise<Consumer> {
  const { name, filter, deliveryMs, maxHeld = MAX_HELD } = consumer
  return link.use('make a consumer', async () => {
    const config = {
      durable_name: name,
      filter_subject: filter,
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(deliveryMs),
      max_ack_pending: maxHeld,
      max_deliver: -1,
    }
    try {
      await link.manager.consumers.add(streams.events, config)
    } catch (error) {
      // It is there with other times, of a host that was started otherwise: they are as good.
      if (!CONSUMER_EXISTS.has(apiCode(error) ?? 0)) throw error
    }
    return link.client.consumers.get(streams.events, name)
  })
}

type Pull = { wake(): void; stop(): Promise<void> }

/** Pulls as much as there is room for, again and again, until it is stopped. */
function pull(link: NatsLink, consumer: Consumer, room: () => number, take: (message: JsMsg) => void): Pull {
  let isStopped = false
  let batch: ConsumerMessages | undefined
  let wake = (): void => undefined
  const woken = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  async function run(): Promise<void> {
    while (!isStopped && !link.isClosed()) {
      const free = room()
      if (free <= 0) {
        await woken(PULL_MS)
        continue
      }
      try {
        batch = await consumer.fetch({ max_messages: free, expires: PULL_MS, idle_heartbeat: HEARTBEAT_MS })
        for await (const message of batch) {
          // What was asked for may come when there is no room for it any more. A pull that is ended would lose it until its time is over.
          if (isStopped || room() <= 0) message.nak(PASS_MS)
          else take(message)
        }
      } catch {
        // The connection is lost, or the server is choosing a leader: what was not acknowledged comes again.
        await woken(PAUSE_MS)
      }
    }
  }
  const running = run()
  // A pull that was asked of a server that is gone would be waited for until its time is over.
  let isDown = false
  const unwatch = link.watch((problem) => {
    if (problem === null && isDown) void batch?.close()
    isDown = problem !== null
  })
  return {
    wake() {
      wake()
    },
    async stop() {
      isStopped = true
      unwatch()
      wake()
      await batch?.close()
      await running
    },
  }
}

/** The deliveries that are not acknowledged yet: tells the server of each that it is still worked on. */
function createHeld(link: NatsLink, deliveryMs: number) {
  const held = new Map<number, { message: JsMsg; signedAt: number; lost: AbortController }>()
  let timer: NodeJS.Timeout | undefined

  function sign(): void {
    const now = performance.now()
    const isUp = link.problem() === null && !link.isClosed()
    for (const [seq, one] of held) {
      if (isUp) {
        one.message.working()
        one.signedAt = now
      } else if (now - one.signedAt > deliveryMs) {
        held.delete(seq)
        one.lost.abort()
      }
    }
    if (held.size > 0 && !link.isClosed()) arm()
    else timer = undefined
  }

  function arm(): void {
    timer = setTimeout(sign, deliveryMs / 3)
    timer.unref()
  }

  return {
    add(message: JsMsg): Delivery {
      const lost = new AbortController()
      const { seq } = message
      held.set(seq, { message, signedAt: performance.now(), lost })
      if (timer === undefined) arm()
      const record = recordOf(message)
      return {
        ...record,
        position: positionOf(seq, record.id),
        delivery: message.info.deliveryCount,
        lost: lost.signal,
        async ack() {
          if (!held.delete(seq)) return
          await link.use('acknowledge an event', () => message.ackAck())
        },
        async pass(afterMs) {
          if (!held.delete(seq)) return
          await link.use('pass an event on', async () => message.nak(Math.max(1, afterMs)))
        },
      }
    },
  }
}

function recordOf(message: JsMsg): EventRecord {
  const { headers: head } = message
  const order = head?.get(ORDER_HEADER) ?? ''
  return {
    id: head?.get(ID_HEADER) ?? '',
    key: head?.get(KEY_HEADER) ?? '',
    order: order === '' ? null : order,
    bytes: message.data,
  }
}
