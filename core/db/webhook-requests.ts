import type { Tx } from './executor.ts'

/** What became of a request that reached the listener. */
export type Verdict =
  | 'accepted'
  | 'duplicate'
  | 'bad-signature'
  | 'unknown-path'
  | 'too-large'
  | 'too-deep'
  | 'unreadable'
  | 'paused'

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
