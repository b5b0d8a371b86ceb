import type { ReservedMessage } from '../db/message-leases.ts'
import { firstRunId } from '../domain/host/ids.ts'
import { type AcceptedEvent, depthOf, type IncomingEvent } from '../domain/runs/incoming-event.ts'
import type { CompiledZap } from '../domain/zap/graph.ts'
import type { BegunRun } from '../engine/run/begin-run.ts'
import { LeaseLostError } from '../engine/run/run-journal.ts'
import type { ZapPolicy } from './lease-round.ts'

/** An event that is about to be stored, and whose run could begin at once. */
export type NewEvent = IncomingEvent & {
  readonly id: string
  readonly json: string
  readonly zap: CompiledZap
  readonly policy: ZapPolicy
}

/** The message of an event that is about to be stored, as the worker of its run holds it from now on. */
export function reserveMessage(
  { id, zapId, version }: NewEvent,
  lease: { readonly token: string; readonly now: number; readonly until: number },
): ReservedMessage {
  return {
    kind: 'start-run',
    zapId,
    version,
    eventId: id,
    runId: firstRunId(id),
    deliveries: 1,
    crashes: 0,
    failures: 0,
    leaseToken: lease.token,
    leasedUntil: lease.until,
    reservedAt: lease.now,
    row: { id: null },
  }
}

/**
 * The run of an event that is being stored: it begins with what needs no disk, and what it writes first shares the event's commit. It goes
 * no further when the event turns out to be a repeat or is not stored. `confirmed` is called when it is stored.
 */
export function runWithEvent(
  message: ReservedMessage,
  event: NewEvent,
  storing: Promise<AcceptedEvent>,
  confirmed: () => void,
): BegunRun {
  const { id, zapId, zap, triggerStepId, data, json, receivedAt, caller } = event
  const stored = storing.then(({ isDuplicate }) => {
    if (isDuplicate) throw new LeaseLostError(message)
    confirmed()
  })
  // Consumers await `stored`; this only silences a rejection that has no consumer.
  stored.catch(() => undefined)
  const parentRunId = caller?.runId ?? null
  return {
    message,
    zap,
    event: { id, zapId, triggerStepId, data: json, receivedAt, parentRunId, depth: depthOf(caller) },
    journal: [],
    open: new Map(),
    startedAt: message.reservedAt,
    stored,
    data,
  }
}
