import type { Knex } from 'knex'
import type { Verdict } from '../domain/verdict.ts'
import type { Tx } from './executor.ts'

/** A line of the inbox. Where `query`, `headers` or `body` are null, the event (`eventId`) has them. */
export type WebhookRequestRow = {
  readonly receivedAt: number
  readonly method: string
  readonly path: string
  /** JSON object. */
  readonly query: string | null
  /** JSON object, lower-case names. */
  readonly headers: string | null
  readonly body: Uint8Array | null
  readonly remoteAddress: string | null
  readonly verdict: Verdict
  readonly status: number
  readonly note: string | null
  readonly zapId: string | null
  readonly eventId: string | null
}

export function insertWebhookRequest(tx: Tx, row: WebhookRequestRow): void {
  tx.run(
    `INSERT INTO webhook_request
      (received_at, method, path, query, headers, body, remote_address, verdict, status, note, zap_id, event_id)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.receivedAt,
      row.method,
      row.path,
      row.query,
      row.headers,
      row.body,
      row.remoteAddress,
      row.verdict,
      row.status,
      row.note,
      row.zapId,
      row.eventId,
    ],
  )
}

/** Of the requests that were neither accepted nor repeats, keeps the newest `kept`, and gives how many went. 1,000 go at once at most. */
export function forgetRefused(tx: Tx, kept: number): number {
  return tx.run(
    `DELETE FROM webhook_request WHERE id IN (
      SELECT id FROM webhook_request WHERE verdict NOT IN ('accepted', 'duplicate') ORDER BY id DESC LIMIT 1000 OFFSET ?
    )`,
    [kept],
  )
}

/** A request as lists show it, without what was sent. */
export type ListedRequest = Pick<
  WebhookRequestRow,
  'receivedAt' | 'method' | 'path' | 'remoteAddress' | 'verdict' | 'status' | 'note' | 'zapId' | 'eventId'
> & {
  /** In the order of arrival. */
  readonly id: number
  readonly zapName: string | null
}

export type RequestFilter = {
  /** `refused`: everything that is neither accepted nor a duplicate. */
  readonly verdict?: Verdict | 'refused' | undefined
  /** Only those before this one. */
  readonly before?: number | undefined
  readonly limit: number
}

const LISTED = {
  id: 'webhook_request.id',
  receivedAt: 'received_at',
  method: 'method',
  path: 'path',
  remoteAddress: 'remote_address',
  verdict: 'verdict',
  status: 'webhook_request.status',
  note: 'note',
  zapId: 'zap_id',
  eventId: 'event_id',
  zapName: 'zap.name',
} as const

/** The newest requests first. */
export async function listRequests(reader: Knex, { verdict, before, limit }: RequestFilter): Promise<ListedRequest[]> {
  const query = reader('webhook_request')
    .leftJoin('zap', 'zap.id', 'webhook_request.zap_id')
    .orderBy('webhook_request.id', 'desc')
    .limit(limit)
    .select(LISTED)
  if (verdict === 'refused') void query.whereRaw(`verdict NOT IN ('accepted', 'duplicate')`)
  // The second condition follows from the first; said aloud, it lets SQLite use the index without accepted requests.
  else if (verdict !== undefined && verdict !== 'accepted')
    void query.where({ verdict }).whereRaw(`verdict <> 'accepted'`)
  else if (verdict !== undefined) void query.where({ verdict })
  if (before !== undefined) void query.where('webhook_request.id', '<', before)
  return query
}

export async function findRequest(
  reader: Knex,
  id: number,
): Promise<(ListedRequest & Pick<WebhookRequestRow, 'query' | 'headers' | 'body'>) | undefined> {
  return reader('webhook_request')
    .leftJoin('zap', 'zap.id', 'webhook_request.zap_id')
    .where('webhook_request.id', id)
    .first({ ...LISTED, query: 'query', headers: 'headers', body: 'body' })
}
