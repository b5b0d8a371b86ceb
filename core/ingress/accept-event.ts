import type { Tx } from '../db/executor.ts'
import { insertMessage } from '../db/outbox-messages.ts'
import { insertEvent } from '../db/trigger-events.ts'
import { firstRunId, newEventId } from '../domain/ids.ts'
import type { Json } from '../domain/json.ts'

/** Something that happened to a trigger: the seed of a run. */
export type IncomingEvent = {
  readonly zapId: string
  readonly version: number
  readonly triggerStepId: string
  /** The sender's own word for this event, by which a repeat is known; null when it has none. */
  readonly dedupeKey: string | null
  /** The trigger's output. */
  readonly data: Json
  /** What is stored of `data`: its JSON text or, when it is large, that of a reference. Absent: its JSON text. */
  readonly json?: string
  readonly receivedAt: number
  /** The run that caused it by calling the zap; nothing when it came from outside. */
  readonly caller?: { readonly runId: string; readonly depth: number }
}

export type AcceptedEvent = { readonly eventId: string; readonly runId: string; readonly isDuplicate: boolean }

/**
 * The one door into Hookline: stores an event together with the outbox message that will start its run, in the caller's
 * transaction. An event whose dedupe key is known stores nothing and gives the first one's id. Nobody may tell a sender
 * "accepted" before the transaction is committed.
 */
export function acceptEvent(tx: Tx, event: IncomingEvent): AcceptedEvent {
  const stored = storeEvent(tx, { ...event, json: event.json ?? JSON.stringify(event.data) })
  const runId = firstRunId(stored.id)
  if (!stored.duplicate) {
    insertMessage(tx, {
      kind: 'start-run',
      zapId: event.zapId,
      version: event.version,
      eventId: stored.id,
      runId,
      availableAt: event.receivedAt,
      now: event.receivedAt,
    })
  }
  return { eventId: stored.id, runId, isDuplicate: stored.duplicate }
}

/** Stores an event alone, for a run whose message is made otherwise: a replay with edited data. */
export function storeEvent(
  tx: Tx,
  event: Omit<IncomingEvent, 'data' | 'version'> & { readonly json: string },
): { id: string; duplicate: boolean } {
  const { zapId, triggerStepId, dedupeKey, json, receivedAt, caller } = event
  return insertEvent(tx, {
    id: newEventId(),
    zapId,
    triggerStepId,
    dedupeKey,
    data: json,
    receivedAt,
    parentRunId: caller?.runId ?? null,
    depth: caller === undefined ? 0 : caller.depth + 1,
  })
}
