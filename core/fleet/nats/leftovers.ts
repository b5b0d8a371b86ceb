import type { ConsumerInfo } from '@nats-io/jetstream'
import type { NatsLink } from './connection.ts'
import type { Streams } from './streams.ts'

/** What servers that were killed have kept in the stream of events beside their consumers, and what they have forgotten. */
export type Leftovers = {
  /** Takes away what no consumer will hand out any more. */
  tidy(): Promise<void>
  /** Takes a record away when its consumer is done with it, or has forgotten it. False when it still waits, or is held. */
  takeAway(seq: number, at: string): Promise<boolean>
}

/** Subjects at a time whose leftovers are looked for. */
const TIDIED = 20
/** Times that a delivery may be without a sign, after which it was forgotten. */
const FORGOTTEN = 10
const MAX_KNOWN = 50_000

export function createLeftovers(config: {
  readonly link: NatsLink
  readonly streams: Streams
  readonly deliveryMs: number
  /** The consumer that hands out what is at a subject. */
  consumerAt(at: string): string
  isOrdered(consumer: string): boolean
}): Leftovers {
  const { streams, deliveryMs, consumerAt, isOrdered } = config
  const { manager } = config.link
  /** Up to where a subject had records that its consumer had lost, at the last look. */
  const lost = new Map<string, number>()
  /** Since when records are known to have been handed out, of which nothing was heard. */
  const handedOut = new Map<number, number>()

  /**
   * Takes away what no consumer will hand out any more. Servers that were killed can have kept records that were acknowledged, and can have forgotten others that
   * they had handed out: their hosts send them again when they are gone. What is left would count as waiting for ever.
   */
  async function tidy(): Promise<void> {
    const { state } = await manager.streams.info(streams.events, { subjects_filter: '>' })
    for (const at of Object.keys(state.subjects ?? {}).slice(0, TIDIED)) {
      const found = await lostAt(at).catch(() => null)
      const before = lost.get(at)
      if (found === null) lost.delete(at)
      else lost.set(at, found)
      // Seen twice, so that it is no matter of a moment.
      if (found === null || before === undefined) continue
      await manager.streams.purge(streams.events, { filter: at, seq: before + 1 })
    }
    for (const at of lost.keys()) if (state.subjects?.[at] === undefined) lost.delete(at)
  }

  /** Up to where there are records that the consumer neither has handed out nor will, or null where there are none. */
  async function lostAt(at: string): Promise<number | null> {
    const before = await manager.consumers.info(streams.events, consumerAt(at))
    const { state } = await manager.streams.info(streams.events, { subjects_filter: at })
    const after = await manager.consumers.info(streams.events, consumerAt(at))
    const isQuiet = markOf(before) === markOf(after)
    if (!isQuiet || (state.subjects?.[at] ?? 0) <= after.num_pending + after.num_ack_pending) return null
    // Of an order one is held until its run has ended, and those behind it must not come before.
    return isOrdered(consumerAt(at)) ? doneWith(after) : after.delivered.stream_seq
  }

  /** Whether a record was handed out so long ago that the host that got it would have said so. */
  function isForgotten(seq: number, { delivered }: ConsumerInfo): boolean {
    if (seq > delivered.stream_seq) return false
    if (handedOut.size > MAX_KNOWN) handedOut.clear()
    const since = handedOut.get(seq) ?? performance.now()
    handedOut.set(seq, since)
    return performance.now() - since > FORGOTTEN * deliveryMs
  }

  return {
    tidy,
    async takeAway(seq, at) {
      const name = consumerAt(at)
      const consumer = await manager.consumers.info(streams.events, name)
      if (seq > doneWith(consumer) && (isOrdered(name) || !isForgotten(seq, consumer))) return false
      handedOut.delete(seq)
      // It would lie there for ever.
      await manager.streams.deleteMessage(streams.events, seq, false).catch(() => undefined)
      return true
    },
  }
}

/** Up to where a consumer hands out nothing any more: what it handed out is acknowledged. */
function doneWith({ ack_floor, delivered, num_ack_pending }: ConsumerInfo): number {
  return num_ack_pending === 0 ? Math.max(ack_floor.stream_seq, delivered.stream_seq) : ack_floor.stream_seq
}

/** Where a consumer stands: the same as long as it hands out nothing and hears of nothing. */
function markOf({ ack_floor, delivered, num_ack_pending, num_pending }: ConsumerInfo): string {
  return [ack_floor.consumer_seq, delivered.consumer_seq, num_ack_pending, num_pending].join()
}
