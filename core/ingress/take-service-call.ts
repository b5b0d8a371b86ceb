import type { IncomingMessage } from 'node:http'
import { insertWebhookRequest } from '../db/webhook-requests.ts'
import type { IncomingEvent } from '../domain/runs/incoming-event.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { toStored } from '../domain/values/stored-json.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Signals } from '../signals.ts'
import type { Captures } from './captures.ts'
import { checkSender, type SenderSecrets } from './check-sender.ts'
import type { LiveWebhook } from './live-triggers.ts'
import type { BodyReader } from './parse-body.ts'
import { parseForm } from './parse-form.ts'
import type { KeepRefusal } from './refused-requests.ts'
import { withoutBodyProof, withoutProof } from './secret-headers.ts'
import { type Answer, comeBack, errorBody, ownAnswer } from './webhook-answer.ts'
import { plainHeaders } from './webhook-request.ts'

/** A call at the address of a subscription. */
export type ServiceCall = {
  readonly request: IncomingMessage
  readonly hook: LiveWebhook
  readonly service: NonNullable<LiveWebhook['service']>
  readonly query: string
  readonly raw: Buffer
  readonly receivedAt: number
  readonly address: string | null
  /** The address as the service called it: some sign that, too. */
  readonly url: string
}

/** Makes the function that takes what a service calls, and resolves with the answer once its events are on the disk. */
export function createServiceTaker(config: {
  readonly bodies: BodyReader
  readonly keep: KeepRefusal
  readonly captures: Pick<Captures, 'came'>
  /** Of calls whose trigger has none of its own. */
  readonly secrets: SenderSecrets
  readonly outbox: Pick<Outbox, 'accept' | 'acceptAll'>
  readonly signals: Signals
  packText(json: string): string | Promise<string>
}): (call: ServiceCall) => Promise<Answer> {
  const { bodies, keep, outbox, signals, captures } = config

  return async (call) => {
    const answer = await take(call)
    captures.came(call.hook.path)
    return answer
  }

  async function take({ request, hook, service, query, raw, receivedAt, address, url }: ServiceCall): Promise<Answer> {
    const { method = 'POST' } = request
    const sent = plainHeaders(request)
    const parsed = await bodies.parse(raw, sent['content-type'])
    const call = { method, query: parseForm(query), headers: sent, body: parsed.body }
    const handshake = service.handshake(call)
    if (handshake !== null) {
      await keep(request, raw, {
        verdict: 'handshake',
        status: handshake.status,
        hook,
        address,
        note: 'The service looked whether the address is ours.',
      })
      return ownAnswer(handshake)
    }
    const { verify } = hook.endpoint
    if (verify !== null) {
      const verdict = await checkSender(
        verify,
        { headers: sent, rawBody: raw, url, method },
        service.secrets ?? config.secrets,
        receivedAt,
      )
      if (!verdict.ok) {
        await keep(request, raw, {
          verdict: 'bad-signature',
          status: 401,
          hook,
          note: verdict.reason,
          report: verdict.report,
          address,
        })
        return { status: 401, body: errorBody('bad-signature', 'The request is not signed as it should be.') }
      }
    }
    if (service.proves !== undefined) {
      const isOwn = await service.proves(call).catch((error: unknown) => StepError.from(error).message)
      if (isOwn !== true) {
        const note = isOwn === false ? 'The service says that it did not send this.' : `It could not be asked: ${isOwn}`
        const status = isOwn === false ? 401 : 503
        await keep(request, raw, { verdict: 'bad-signature', status, hook, note, address })
        if (isOwn === false) return { status, body: errorBody('bad-signature', note) }
        return comeBack('not-proved', 'It could not be proved for now; send it again later.')
      }
    }
    const events = eventsOf()
    if (events === null || events.length === 0) {
      const note = events === null ? 'It is not what this service sends.' : 'It says nothing that starts a run.'
      await keep(request, raw, {
        verdict: events === null ? 'unreadable' : 'handshake',
        status: events === null ? 400 : 200,
        hook,
        note,
        address,
      })
      return events === null ? { status: 400, body: errorBody('bad-request', note) } : DONE
    }
    const incoming: IncomingEvent[] = []
    for (const { key, data } of events) {
      const json = await config.packText(toStored(data))
      const { zapId, version, stepId: triggerStepId } = hook
      // As a poll of the same trigger calls it: what both find starts one run.
      incoming.push({
        zapId,
        version,
        triggerStepId,
        dedupeKey: key === null ? null : `poll:${key}`,
        data,
        json,
        receivedAt,
      })
    }
    const last = incoming.pop()
    if (incoming.length > 0) await outbox.acceptAll(() => incoming)
    if (last !== undefined) {
      await outbox.accept(last, (tx, { eventId, isDuplicate }) =>
        insertWebhookRequest(tx, {
          receivedAt,
          method,
          path: hook.path,
          query,
          headers: JSON.stringify(withoutProof(sent, verify)),
          body: withoutBodyProof(raw, verify),
          remoteAddress: address,
          verdict: isDuplicate ? 'duplicate' : 'accepted',
          status: 200,
          note: parsed.note,
          zapId: hook.zapId,
          eventId,
        }),
      )
    }
    signals.emit('inbox:received')
    return DONE

    /** Null for what the connector cannot make anything of. */
    function eventsOf() {
      // Something looked what is there, such as a preview of a link: a service that tells has something to say.
      if (raw.length === 0 && (method === 'GET' || method === 'HEAD')) return []
      try {
        return service.events(call)
      } catch (error) {
        if (error instanceof StepError || error instanceof Error) return null
        throw error
      }
    }
  }
}

const DONE: Answer = { status: 200, body: { status: 'accepted' } }
