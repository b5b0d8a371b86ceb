import type { SignatureReport } from '../contract/values.ts'
import { findEvent } from '../db/trigger-events.ts'
import { findRequest } from '../db/webhook-requests.ts'
import { signatureReportSchema } from '../domain/trust/signature-report.ts'
import type { Json } from '../domain/values/json.ts'
import { isLargeValue } from '../domain/values/large-value.ts'
import { memberText, toStored } from '../domain/values/stored-json.ts'
import type { LiveWebhook } from '../ingress/live-triggers.ts'
import { parseForm } from '../ingress/parse-form.ts'
import { KEPT_BYTES } from '../ingress/refused-requests.ts'
import { requestEvent } from '../ingress/webhook-request.ts'
import type { InboxServices } from './services.ts'

type Row = NonNullable<Awaited<ReturnType<typeof findRequest>>>

/** A request with all that the inbox, or its event, has of it. */
export type KeptRequest = {
  readonly row: Row
  readonly query: string
  readonly headers: Record<string, string>
  readonly body: Uint8Array | null
  /** Whether `body` is only the beginning of what was sent. */
  readonly isCut: boolean
  readonly report: SignatureReport | null
  /** Whether what was sent is gone: its event had it, and that was deleted with its run. */
  readonly isForgotten: boolean
}

/** Verdicts of requests whose body may not have been read to its end; then nothing of it is kept. */
const UNREAD: ReadonlySet<string> = new Set(['too-large', 'unreadable'])

type Sent = Pick<KeptRequest, 'query' | 'headers' | 'body'>

const NOTHING: Sent = { query: '', headers: {}, body: null }

/** Puts together what is kept of a request; undefined when the inbox does not have it (any more). */
export async function readKeptRequest(services: InboxServices, id: number): Promise<KeptRequest | undefined> {
  const row = await findRequest(services.database.reader, id)
  if (row === undefined) return undefined
  const sent = row.headers !== null || row.eventId === null ? NOTHING : await sentOf(services, row.eventId)
  const event = sent ?? NOTHING
  const headers = row.headers === null ? event.headers : textsOf(JSON.parse(row.headers))
  const body = row.body ?? event.body
  return {
    row,
    query: row.query ?? event.query,
    headers,
    body,
    isCut:
      (UNREAD.has(row.verdict) && (body === null || body.length === 0)) ||
      (row.eventId === null && row.verdict !== 'captured' && body?.length === KEPT_BYTES),
    report: row.report === null ? null : signatureReportSchema.parse(JSON.parse(row.report)),
    isForgotten: sent === undefined,
  }
}

/** What the trigger of a service that is known makes of a call: its events. */
export type ReadCall = NonNullable<LiveWebhook['service']>['events']

/** The output that a webhook trigger returns, or would have returned, for a request; of several events that of the first. */
export async function triggerOutputOf(
  services: InboxServices,
  kept: KeptRequest,
  read?: ReadCall,
): Promise<{ data: Json; json: string }> {
  const { row, query, headers, body } = kept
  const { values } = services
  const event = row.eventId === null ? undefined : await findEvent(services.database.reader, row.eventId)
  if (event !== undefined) return { data: await values.unpack(event.data), json: event.data }
  const raw = body ?? new Uint8Array()
  const parsed = await services.bodies.parse(raw, headers['content-type'])
  const { method, path, receivedAt, remoteAddress } = row
  const [told] = read?.({ method, query: parseForm(query), headers, body: parsed.body }) ?? []
  if (told !== undefined) return { data: told.data, json: await values.packText(toStored(told.data)) }
  const { data, json } = requestEvent({ method, path, query, headers, raw, parsed, receivedAt, remoteAddress })
  return { data, json: await values.packText(json) }
}

/** What was sent, where the event has it and the inbox does not keep it a second time; undefined when the event is deleted. */
async function sentOf({ database, values }: InboxServices, eventId: string): Promise<Sent | undefined> {
  const event = await findEvent(database.reader, eventId)
  if (event === undefined) return undefined
  const data = await values.unpack(event.data)
  if (isLargeValue(data)) return NOTHING
  const { query = {}, headers = {}, body = null } = fieldsOf(data)
  return {
    query: new URLSearchParams(pairsOf(query)).toString(),
    headers: textsOf(headers),
    // What only looks like a reference to a file is what its sender wrote.
    body: isLargeValue(body)
      ? await values.readBytes(body).catch(() => bytesOf(body))
      : bytesOf(body, memberText(event.data, 'body')),
  }
}

/** The bytes that an event's body was read from, where it has them exactly: in its own text, unless that is in a file. */
function bytesOf(body: Json, text = JSON.stringify(body)): Uint8Array {
  return Buffer.from(body === null ? '' : typeof body === 'string' ? body : text, 'utf8')
}

function fieldsOf(value: Json): Readonly<Record<string, Json>> {
  return value === null || typeof value !== 'object' || Array.isArray(value) ? {} : (value as Record<string, Json>) // `isArray` does not narrow a readonly list
}

function pairsOf(value: Json): [string, string][] {
  return Object.entries(fieldsOf(value)).flatMap(([name, field]) =>
    [field].flat().map((one): [string, string] => [name, String(one)]),
  )
}

/** The values of an object as texts: headers. */
export function textsOf(headers: Json): Record<string, string> {
  return Object.fromEntries(pairsOf(headers))
}
