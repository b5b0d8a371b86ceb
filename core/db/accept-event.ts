import { firstRunId, newEventId } from '../domain/host/ids.ts'
import type { AcceptedEvent, IncomingEvent } from '../domain/runs/incoming-event.ts'
import { toStored } from '../domain/values/stored-json.ts'
import type { Tx } from './executor.ts'
import type { ReservedMessage } from './message-leases.ts'
import { insertMessage, insertReserved } from './outbox-messages.ts'
import { insertRun } from './runs.ts'
import { storeEvent } from './trigger-events.ts'

/**
 * Stores an event together with the outbox message that will start its run, in the caller's transaction. An event whose dedupe key is
 * known stores nothing and returns the ids of the first one. With `reserved` the run begins in this transaction too, under that lease; an
 * `outgoing` message is for another host, through the fleet's log.
 *
 * Its caller has to wake the queue after the commit, so only `core/outbox` and `core/engine` may call it (`npm run layers`): everything
 * else uses `outbox.accept`.
 */
export function acceptEvent(
  tx: Tx,
  event: IncomingEvent,
  reserved?: ReservedMessage,
  state: 'pending' | 'outgoing' = 'pending',
): AcceptedEvent {
  const { zapId, version, receivedAt, id = newEventId() } = event
  const stored = storeEvent(tx, { ...event, id, json: event.json ?? toStored(event.data) })
  const runId = firstRunId(stored.id)
  if (!stored.duplicate) {
    const message = { zapId, version, eventId: stored.id, runId, now: receivedAt }
    if (reserved === undefined)
      insertMessage(tx, { ...message, kind: 'start-run', availableAt: event.availableAt ?? receivedAt, state })
    else {
      insertReserved(tx, reserved, receivedAt)
      insertRun(tx, { ...message, id: runId, now: reserved.reservedAt })
    }
  }
  return { eventId: stored.id, runId, isDuplicate: stored.duplicate }
}
