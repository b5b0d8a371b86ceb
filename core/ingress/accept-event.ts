import type { Tx } from '../db/executor.ts'
import { insertLeasedMessage, insertMessage } from '../db/outbox-messages.ts'
import { insertRun } from '../db/runs.ts'
import { insertEvent } from '../db/trigger-events.ts'
import { firstRunId, newEventId } from '../domain/ids.ts'
import type { Json } from '../domain/json.ts'
import { toStored } from '../domain/stored-json.ts'

/** Something that happened to a trigger: the seed of a run. */
export type IncomingEvent = {
  readonly zapId: string
  readonly version: number
  readonly triggerStepId: string
  /** The sender's own word for this event, by which a repeat is known; null when it has none. */
  readonly dedupeKey: string | null
  /** The trigger's output. */
  readonly data: Json
  /** What is stored of `data`: its stored text or, when it is large, that of a reference. Absent: its stored text. */
  readonly json?: string
  readonly receivedAt: number
  /** The run that caused it by calling the zap; nothing when it came from outside. */
  readonly caller?: { readonly runId: string; readonly depth: number }
}

export type AcceptedEvent = { readonly eventId: string; readonly runId: string; readonly isDuplicate: boolean }

/**
 * A place that the dispatcher keeps for the run of an event that is about to be stored, so that the run need not be looked for after
 * that.
 */
export type Admission = {
  /** The id that the event gets if it is no repeat. */
  readonly eventId: string
  readonly leaseToken: string
  readonly leasedUntil: number
  /** To be called in the transaction that stores the message, with its id. */
  stored(messageId: number): void
  /**
   * To be called at once, with the promise of the stored event: the run begins with what needs no disk, and what it writes first
   * shares the event's commit. It goes no further when the event turns out to be a repeat or is not stored.
   */
  begin(stored: Promise<AcceptedEvent>): void
}

/**
 * The one door into Hookline: stores an event together with the outbox message that will start its run, in the caller's
 * transaction. An event whose dedupe key is known stores nothing and gives the first one's id. Nobody may tell a sender
 * "accepted" before the transaction is committed.
 */
export function acceptEvent(tx: Tx, event: IncomingEvent, admission?: Admission): AcceptedEvent {
  const { zapId, version, receivedAt } = event
  const id = admission?.eventId ?? newEventId()
  const stored = storeEvent(tx, { ...event, id, json: event.json ?? toStored(event.data) })
  const runId = firstRunId(stored.id)
  if (!stored.duplicate) {
    const message = { zapId, version, eventId: stored.id, runId, now: receivedAt }
    if (admission === undefined) insertMessage(tx, { ...message, kind: 'start-run', availableAt: receivedAt })
    else {
      admission.stored(insertLeasedMessage(tx, { ...message, ...admission }))
      insertRun(tx, { ...message, id: runId })
    }
  }
  return { eventId: stored.id, runId, isDuplicate: stored.duplicate }
}

/** Stores an event alone, for a run whose message is made otherwise: a replay with edited data. */
export function storeEvent(
  tx: Tx,
  event: Omit<IncomingEvent, 'data' | 'version'> & { readonly id: string; readonly json: string },
): { id: string; duplicate: boolean } {
  const { id, zapId, triggerStepId, dedupeKey, json, receivedAt, caller } = event
  return insertEvent(tx, {
    id,
    zapId,
    triggerStepId,
    dedupeKey,
    data: json,
    receivedAt,
    parentRunId: caller?.runId ?? null,
    depth: caller === undefined ? 0 : caller.depth + 1,
  })
}
