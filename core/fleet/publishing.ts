import type { OutgoingMessage } from '../db/relayed-messages.ts'
import { firstRunId } from '../domain/host/ids.ts'
import type { Log } from '../domain/host/log.ts'
import type { LargeValue } from '../domain/values/large-value.ts'
import { largeValuesOf } from './large-values.ts'
import { type FleetLog, LogError } from './log.ts'
import { encode, type SentEvent } from './records.ts'

const SAY_AGAIN_MS = 60_000

/** A message that is in the log. */
export type Sent = {
  readonly id: number
  readonly eventId: string
  readonly position: string
  /** What of its event is not in the record; null when all is. */
  readonly apart: {
    readonly values: readonly LargeValue[]
    /** Bytes of the event's data, where it is too large itself. */
    readonly dataBytes: number | null
  } | null
}

/**
 * Makes the function that puts messages into the log, side by side; at most one of each order. It resolves with those that are there, and says of none
 * why it is not, unless only a person can change that.
 */
export function createPublishing(config: {
  readonly name: string
  readonly log: Log
  /** The hash of a zap's version, and whether its events have an order. */
  versionOf(zapId: string, version: number): Promise<{ readonly hash: string; readonly isOrdered: boolean } | undefined>
  isHeld(runId: string): boolean
  /** Whether there is a store for what is not in a record. */
  readonly isStored: boolean
  /** An event is about to be sent; `attempt` counts how often it was before. */
  sending(eventId: string, attempt: number): void
}): (log: FleetLog, messages: readonly OutgoingMessage[]) => Promise<Sent[]> {
  const { name, log } = config
  let said: { readonly message: string; readonly at: number } | undefined

  async function publishOne(
    opened: FleetLog,
    message: OutgoingMessage,
    hash: string,
    order: string | null,
  ): Promise<Sent> {
    const { id, eventId, zapId: zap, version, triggerStepId: trigger, receivedAt, attempt, data } = message
    const isHeld = config.isHeld(firstRunId(eventId))
    const facts = { event: eventId, zap, version, hash, trigger, receivedAt, origin: name, isHeld }
    const values = largeValuesOf(data)
    const stored = config.isStored ? { isStored: true } : {}
    let bytes = await encode({ ...facts, data, ...(values.length > 0 && stored) } satisfies SentEvent)
    let dataBytes: number | null = null
    // What is too large for the log is asked for by the host that works on it.
    if (bytes.length > opened.maxBytes) {
      dataBytes = Buffer.byteLength(data, 'utf8')
      bytes = await encode({ ...facts, data: null, ...stored } satisfies SentEvent)
    }
    config.sending(eventId, attempt)
    // A repeat for another reason is not the same for the log, which would drop it.
    const position = await opened.events.publish({ id: `${eventId}.${attempt}`, key: zap, order, bytes })
    return { id, eventId, position, apart: values.length > 0 || dataBytes !== null ? { values, dataBytes } : null }
  }

  /** A log that is full refuses each event at each attempt: the same is said once a minute. */
  function complain(message: string): void {
    const now = performance.now()
    if (said !== undefined && said.message === message && now - said.at < SAY_AGAIN_MS) return
    said = { message, at: now }
    log.warn(message)
  }

  return async (opened, messages) => {
    const sent: Sent[] = []
    await Promise.all(
      messages.map(async (message) => {
        const version = await config.versionOf(message.zapId, message.version)
        const order = version?.isOrdered === true ? message.zapId : null
        try {
          sent.push(await publishOne(opened, message, version?.hash ?? '', order))
        } catch (error) {
          if (error instanceof LogError && error.isLasting) complain(error.message)
        }
      }),
    )
    return sent
  }
}
