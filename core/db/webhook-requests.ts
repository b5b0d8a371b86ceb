import type { Knex } from 'knex'
import { REFUSALS, VERDICTS, type Verdict } from '../domain/trust/verdict.ts'
import type { Tx } from './executor.ts'
import { integer, oneOf, rowOf } from './row.ts'

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
  readonly verdict: 'accepted' | 'duplicate'
  readonly status: number
  readonly note: string | null
  readonly zapId: string | null
  readonly eventId: string | null
}

const idRow = rowOf({ id: integer })

/** Inserts the line of a request that was taken in. */
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

/** The id of the line that this transaction inserted last. */
export function newestRequestId(tx: Tx): number {
  return tx.get(idRow, 'SELECT last_insert_rowid() AS id')?.id ?? 0
}

/** Corrects what the sender was answered, when a step of the run gave the answer. */
export function setAnsweredStatus(tx: Tx, id: number, status: number): void {
  tx.run('UPDATE webhook_request SET status = ? WHERE id = ?', [status, id])
}

export type KeptRefusal = Omit<WebhookRequestRow, 'verdict' | 'eventId'> & {
  readonly verdict: Exclude<Verdict, WebhookRequestRow['verdict']>
  /** JSON: why it was not believed; null where there is nothing to explain. */
  readonly report: string | null
}

/** Inserts the line of a request that makes no run. Returns its id. */
export function insertRefusal(tx: Tx, row: KeptRefusal): number {
  const stored = tx.get(
    idRow,
    `INSERT INTO webhook_request (received_at, method, path, query, headers, body, remote_address, verdict, status, note,
      zap_id, report) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
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
      row.report,
    ],
  )
  if (stored === undefined) throw new Error('the inbox did not take a request')
  return stored.id
}

/** Notes the event that a person made of a request which had made none. */
export function linkEvent(tx: Tx, id: number, eventId: string): void {
  tx.run('UPDATE webhook_request SET event_id = ? WHERE id = ? AND event_id IS NULL', [eventId, id])
}

/** Counts more requests like one that is kept. */
export function addRepeats(tx: Tx, id: number, count: number): void {
  tx.run('UPDATE webhook_request SET repeats = repeats + ? WHERE id = ?', [count, id])
}

/** Deletes what came before a time, among the oldest 1,000, and returns how many went. */
export function forgetRequestsBefore(tx: Tx, time: number): number {
  return tx.run(
    `DELETE FROM webhook_request WHERE received_at < ? AND id IN (SELECT id FROM webhook_request ORDER BY id LIMIT 1000)`,
    [time],
  )
}

/** Of the requests that were neither accepted nor repeats, keeps the newest `kept`, and returns how many went. 1,000 go at once at most. */
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
  'receivedAt' | 'method' | 'path' | 'remoteAddress' | 'status' | 'note' | 'zapId' | 'eventId' | 'headers'
> & {
  /** In the order of arrival. */
  readonly id: number
  readonly zapName: string | null
  readonly verdict: Verdict
  /** How many more like it came and were only counted. */
  readonly repeats: number
  /** JSON text of the headers in the event, where the line borrows them; null else, and of events kept as files. */
  readonly eventHeaders: string | null
}

export type RequestFilter = {
  /** `refused`: everything that is neither accepted nor a duplicate. */
  readonly verdict?: Verdict | 'refused' | undefined
  /** Only those before this one. */
  readonly before?: number | undefined
  /** Only this one and those after it. */
  readonly from?: number | undefined
  /** Only those that have this text in them, in any case: address, headers, body or note. */
  readonly text?: string | undefined
  readonly limit: number
}

/** The newest requests first. */
export async function listRequests(reader: Knex, filter: RequestFilter): Promise<ListedRequest[]> {
  const { verdict, before, limit, text } = filter
  const query = listed(reader).orderBy('webhook_request.id', 'desc').limit(limit)
  if (verdict === 'refused') {
    // The first condition follows from the others; said aloud, it lets SQLite use the index without accepted requests.
    void query
      .whereRaw(`verdict NOT IN ('accepted', 'duplicate')`)
      .whereRaw(`verdict IN (${REFUSALS.map(() => '?').join(', ')})`, [...REFUSALS])
  } else if (verdict === 'accepted') void query.where({ verdict })
  else if (verdict !== undefined) void query.where({ verdict }).whereRaw(`verdict <> 'accepted'`)
  if (before !== undefined) void query.where('webhook_request.id', '<', before)
  if (filter.from !== undefined) void query.where('webhook_request.id', '>=', filter.from)
  if (text !== undefined) {
    const like = `%${text.replace(/[\\%_]/g, '\\$&')}%`
    const places = ['method', 'path', 'webhook_request.query', 'remote_address', 'note', 'headers', 'zap.name']
    void query.where((any) => {
      for (const place of places) void any.orWhereRaw(`${place} LIKE ? ESCAPE '\\'`, [like])
      void any.orWhereRaw(`CAST(body AS TEXT) LIKE ? ESCAPE '\\'`, [like])
      void any.orWhereRaw(`(headers IS NULL AND trigger_event.data LIKE ? ESCAPE '\\')`, [like])
    })
  }
  return (await query).map(withVerdict)
}

/** Its verdict is a word that this Hookline knows: the table takes any. */
function withVerdict<Listed extends object>(row: Listed): Listed {
  verdictRow(row)
  return row
}

const verdictRow = rowOf({ verdict: oneOf(VERDICTS) })

export async function findRequest(
  reader: Knex,
  id: number,
): Promise<(ListedRequest & Pick<WebhookRequestRow, 'query' | 'body'> & { report: string | null }) | undefined> {
  const row = await listed(reader)
    .where('webhook_request.id', id)
    .first({ query: 'webhook_request.query', body: 'body', report: 'report' })
  return row === undefined ? undefined : withVerdict(row)
}

/** The first request at a path after another, whatever became of it. */
export async function findRequestAfter(reader: Knex, path: string, after: number): Promise<{ id: number } | undefined> {
  return reader('webhook_request').where({ path }).where('id', '>', after).orderBy('id').first('id')
}

/** The id of the newest request; 0 when there is none. */
export async function findNewestRequestId(reader: Knex): Promise<number> {
  const row: { id: number } | undefined = await reader('webhook_request').orderBy('id', 'desc').first('id')
  return row?.id ?? 0
}

function listed(reader: Knex) {
  return reader('webhook_request')
    .leftJoin('zap', 'zap.id', 'webhook_request.zap_id')
    .leftJoin('trigger_event', (on) => {
      on.on('trigger_event.id', 'webhook_request.event_id').andOnNull('webhook_request.headers')
    })
    .select({
      id: 'webhook_request.id',
      receivedAt: 'webhook_request.received_at',
      method: 'method',
      path: 'path',
      remoteAddress: 'remote_address',
      verdict: 'verdict',
      status: 'webhook_request.status',
      note: 'note',
      zapId: 'webhook_request.zap_id',
      eventId: 'event_id',
      zapName: 'zap.name',
      headers: 'headers',
      repeats: 'repeats',
      eventHeaders: reader.raw(
        `CASE WHEN json_valid(trigger_event.data) THEN json_extract(trigger_event.data, '$.headers') END`,
      ),
    })
}
