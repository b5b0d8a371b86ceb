import { channel } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import type { Database } from '../db/open.ts'
import { insertWebhookRequest, newestRequestId } from '../db/webhook-requests.ts'
import { firstRunId, newEventId } from '../domain/host/ids.ts'
import { SMALL_JSON } from '../domain/values/json-text.ts'
import type { Accepted, Outbox } from '../outbox/outbox.ts'
import type { Signals } from '../signals.ts'
import type { Captures } from './captures.ts'
import { dedupeKeyOf } from './dedupe-key.ts'
import type { DiskRoom } from './disk-room.ts'
import type { HeldRequests } from './held-requests.ts'
import { eventScope, type LiveWebhook } from './live-triggers.ts'
import type { ParsedBody } from './parse-body.ts'
import { createWaitingSender } from './waiting-sender.ts'
import { type Answer, configuredAnswer, ownAnswer } from './webhook-answer.ts'
import { requestEvent } from './webhook-request.ts'

/** Where a benchmark that is loaded into the process hears what an event comes to; see `bench/trace`. */
const moments = channel('hookline:moment')

/** A request that its webhook takes: it may, and what it says is read. */
export type TakenRequest = {
  readonly hook: LiveWebhook
  readonly socket: Socket
  readonly method: string
  readonly path: string
  readonly query: string
  /** Without what proved the sender. */
  readonly headers: Readonly<Record<string, string>>
  readonly raw: Buffer
  readonly parsed: ParsedBody
  readonly receivedAt: number
  readonly address: string | null
}

export type WebhookTakerConfig = {
  readonly database: Database
  readonly signals: Signals
  readonly captures: Captures
  readonly held: HeldRequests
  /** What is stored of an event's JSON text: that text or, when it is large, that of a reference to a file with it. */
  packText(json: string): string | Promise<string>
  readonly room: Pick<DiskRoom, 'took'>
  readonly outbox: Pick<Outbox, 'accept'>
}

/**
 * Makes the function that turns a request into an event, with its line in the inbox, and resolves with the answer once both are on the disk. It
 * rejects when they could not be stored.
 */
export function createWebhookTaker(config: WebhookTakerConfig): (request: TakenRequest) => Promise<Answer> {
  const { database, signals, captures, held, packText, room, outbox } = config

  return async function take(request) {
    const { hook, socket, method, path, query, headers, raw, parsed, receivedAt, address } = request
    if (moments.hasSubscribers) moments.publish('parsed')
    const received = requestEvent({ method, path, query, headers, raw, parsed, receivedAt, remoteAddress: address })
    const { data } = received
    // What is large is done in several turns, so that others have theirs.
    if (raw.length > SMALL_JSON) await turn()
    const dedupe = dedupeKeyOf(hook.endpoint.dedupeKey, eventScope(hook, data), headers)
    const { answer: configured, problem } = configuredAnswer(hook, data)
    const packed = packText(received.json)
    const json = typeof packed === 'string' ? packed : await packed
    const id = newEventId()
    const { zapId, version, stepId: triggerStepId } = hook
    const incoming = { id, zapId, version, triggerStepId, dedupeKey: dedupe.key, data, json, receivedAt }
    const { holdMs } = hook
    const sender =
      holdMs === null ? null : createWaitingSender(database, held, { runId: firstRunId(id), socket, ms: holdMs })
    let requestId = 0
    let accepted: Accepted
    try {
      accepted = await outbox.accept(incoming, (tx, { eventId, isDuplicate }) => {
        insertWebhookRequest(tx, {
          receivedAt,
          method,
          path,
          query: isDuplicate ? query : null,
          headers: isDuplicate ? JSON.stringify(headers) : null,
          body: isDuplicate || !received.isReproducible ? raw : null,
          remoteAddress: isDuplicate ? address : null,
          verdict: isDuplicate ? 'duplicate' : 'accepted',
          status: configured?.status ?? 200,
          note: problem ?? dedupe.note ?? parsed.note,
          zapId,
          eventId,
        })
        if (sender !== null) requestId = newestRequestId(tx)
      })
    } catch (error) {
      sender?.giveUp()
      throw error
    }
    signals.emit('inbox:received')
    captures.came(path)
    room.took(raw.length)
    const answered = sender === null ? null : await sender.answerFor(accepted, requestId)
    if (answered !== null) return ownAnswer(answered)
    if (accepted.isBegun && sender === null) await letRunGoFirst()
    return (
      configured ?? {
        status: 200,
        body: { id: accepted.eventId, status: accepted.isDuplicate ? 'duplicate' : 'accepted' },
      }
    )
  }
}

/**
 * Lets the run of the event go first: to answer keeps the thread for longer than to send what a step asks for. Two turns, as undici
 * lets one pass before it uses an idle connection again.
 */
function letRunGoFirst(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
}
