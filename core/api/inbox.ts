import type { InboxRequest, InboxRequestDetail } from '../contract/values.ts'
import { findEvent } from '../db/trigger-events.ts'
import { findRequest, type ListedRequest, listRequests } from '../db/webhook-requests.ts'
import { firstRunId } from '../domain/ids.ts'
import type { Json } from '../domain/json.ts'
import { guessSender } from '../domain/known-sender.ts'
import { isLargeValue } from '../domain/large-value.ts'
import { toIso } from './run-view.ts'
import { type ApiServices, procedures } from './services.ts'

/** Bytes of a body that a screen is sent. */
const SHOWN_BYTES = 262_144

export function inboxProcedures({ database, values }: ApiServices) {
  const { reader } = database

  /** What was sent, where the event has it and the inbox does not keep it a second time. */
  async function sentOf(eventId: string): Promise<Sent> {
    const event = await findEvent(reader, eventId)
    const data = event === undefined ? null : await values.unpack(event.data)
    if (isLargeValue(data)) return NOTHING
    const { query = {}, headers = {}, body = null } = fieldsOf(data)
    return {
      query: new URLSearchParams(pairsOf(query)).toString(),
      headers: textsOf(headers),
      // What only looks like a reference to a file is what its sender wrote.
      body: isLargeValue(body) ? await values.readBytes(body).catch(() => bytesOf(body)) : bytesOf(body),
    }
  }

  return {
    list: procedures.inbox.list.handler(async ({ input }) => {
      const { verdict, limit, cursor } = input
      const rows = await listRequests(reader, { verdict, before: cursor, limit: limit + 1 })
      const page = rows.slice(0, limit)
      return { requests: page.map(requestView), next: rows.length > page.length ? (page.at(-1)?.id ?? null) : null }
    }),

    get: procedures.inbox.get.handler(async ({ input, errors }): Promise<InboxRequestDetail> => {
      const row = await findRequest(reader, input.id)
      if (row === undefined) throw errors.NOT_FOUND({ message: `There is no request ${input.id} in the inbox.` })
      const event = row.headers !== null || row.eventId === null ? NOTHING : await sentOf(row.eventId)
      const headers = row.headers === null ? event.headers : textsOf(JSON.parse(row.headers))
      const body = row.body ?? event.body
      return {
        ...requestView(row),
        query: row.query ?? event.query,
        headers,
        sender: guessSender(headers),
        body: body === null ? null : Buffer.from(body.subarray(0, SHOWN_BYTES)).toString('base64'),
        bytes: body?.length ?? 0,
      }
    }),
  }
}

type Sent = {
  readonly query: string
  readonly headers: Record<string, string>
  readonly body: Uint8Array | null
}

const NOTHING: Sent = { query: '', headers: {}, body: null }

function requestView(row: ListedRequest): InboxRequest {
  const { id, receivedAt, method, path, remoteAddress, verdict, status, note, zapId, zapName, eventId } = row
  const runId = eventId === null ? null : firstRunId(eventId)
  return {
    id,
    receivedAt: toIso(receivedAt),
    method,
    path,
    remoteAddress,
    verdict,
    status,
    note,
    zapId,
    zapName,
    runId,
  }
}

/** The bytes that an event's body was read from; it keeps only those that it gives back exactly. */
function bytesOf(body: Json): Uint8Array {
  return Buffer.from(body === null ? '' : typeof body === 'string' ? body : JSON.stringify(body), 'utf8')
}

function fieldsOf(value: Json): Readonly<Record<string, Json>> {
  return value === null || typeof value !== 'object' || Array.isArray(value) ? {} : (value as Record<string, Json>) // `isArray` does not narrow a readonly list
}

function pairsOf(value: Json): [string, string][] {
  return Object.entries(fieldsOf(value)).flatMap(([name, field]) =>
    [field].flat().map((one): [string, string] => [name, String(one)]),
  )
}

function textsOf(headers: Json): Record<string, string> {
  return Object.fromEntries(pairsOf(headers))
}
