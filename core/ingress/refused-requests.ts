import type { IncomingMessage } from 'node:http'
import type { Database } from '../db/open.ts'
import { addRepeats, forgetRefused, insertRefusal, type KeptRefusal } from '../db/webhook-requests.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { SignatureReport } from '../domain/trust/signature-report.ts'
import type { Signals } from '../signals.ts'
import type { LiveWebhook } from './live-triggers.ts'
import { createRateLimiter } from './rate-limit.ts'
import { withoutBodyProof, withoutSecrets, withoutToken } from './secret-headers.ts'
import { plainHeaders, splitUrl } from './webhook-request.ts'

/** Bytes of a body that the inbox keeps of a request that was not accepted. */
export const KEPT_BYTES = 65_536
/** Refused requests that the inbox keeps, so that senders of nonsense cannot fill the disk: 128 MB at most. */
const KEPT_REFUSED = 2_000
/** Refused requests after which older ones are looked for. */
const REFUSED_PER_LOOK = 100
/** Requests of one kind that are kept one by one; of a flood only one a second is, and the others are counted with it. */
const SAMPLES = { max: 60, perMs: 60_000 }
/** Kinds of requests, by verdict and path, of which the newest line is remembered. */
const MAX_KINDS = 1_000
/** Milliseconds after which what was only counted is written down. */
const COUNT_MS = 1_000

/** What became of a request that makes no run. */
export type Refusal = {
  readonly verdict: KeptRefusal['verdict']
  readonly status: number
  /** The webhook that it was meant for, where there is one. */
  readonly hook?: LiveWebhook | undefined
  readonly note?: string | null
  readonly report?: SignatureReport | undefined
  /** Where it came from, as far as a tunnel tells. */
  readonly address: string | null
  /** The path that it meant, where that is written otherwise than it was sent. */
  readonly path?: string
}

type Counted = { id: number | null; count: number }

/** Makes the function that writes a line into the inbox for a request that makes no run, or counts it when very many like it come. */
export function createRefusalKeeper({
  database,
  clock,
  signals,
}: {
  readonly database: Database
  readonly clock: Clock
  readonly signals: Signals
}) {
  const samples = createRateLimiter()
  /** The newest line of each kind, and how many like it came since the last count. */
  const newest = new Map<string, Counted>()
  let isCounting = false
  let kept = 0

  function count(kind: Counted): void {
    kind.count++
    if (isCounting) return
    isCounting = true
    clock.after(COUNT_MS, () => {
      isCounting = false
      writeCounts().catch(() => undefined) // The database is being closed, or full; the requests were answered all the same.
    })
  }

  async function writeCounts(): Promise<void> {
    const counts: { id: number; count: number }[] = []
    for (const kind of newest.values()) {
      if (kind.id === null || kind.count === 0) continue
      counts.push({ id: kind.id, count: kind.count })
      kind.count = 0
    }
    await database.write((tx) => {
      for (const { id, count } of counts) addRepeats(tx, id, count)
    })
    signals.emit('inbox:received')
  }

  return async function keep(request: IncomingMessage, sent: Uint8Array, refusal: Refusal): Promise<void> {
    const { method = 'GET', url = '/' } = request
    const [sentPath, query] = splitUrl(url)
    const { verdict, status, hook, note = null, report, address, path = hook?.path ?? sentPath } = refusal
    const key = `${verdict} ${path}`
    const known = newest.get(key)
    // What a person waits for is never only counted.
    if (verdict !== 'captured' && samples.take(key, SAMPLES, clock.now()) > 0 && known !== undefined) {
      count(known)
      return
    }
    const kind: Counted = { id: null, count: 0 }
    newest.delete(key)
    newest.set(key, kind)
    const [oldest] = newest.size > MAX_KINDS ? newest.keys() : []
    if (oldest !== undefined) newest.delete(oldest)
    const raw = withoutBodyProof(sent, hook?.endpoint.verify)
    const isCut = raw.length > KEPT_BYTES && verdict !== 'captured'
    const isLook = kept++ % REFUSED_PER_LOOK === 0
    const left = known?.count ?? 0
    kind.id = await database.write((tx) => {
      if (isLook) forgetRefused(tx, KEPT_REFUSED)
      if (known?.id != null && left > 0) addRepeats(tx, known.id, left)
      return insertRefusal(tx, {
        receivedAt: clock.now(),
        method,
        path,
        query: withoutToken(query),
        headers: JSON.stringify(withoutSecrets(plainHeaders(request), hook?.endpoint.verify ?? null)),
        body: isCut ? raw.subarray(0, KEPT_BYTES) : raw,
        remoteAddress: address,
        verdict,
        status,
        note: note ?? (isCut ? `Only the first ${KEPT_BYTES} of ${raw.length} bytes are kept.` : null),
        zapId: hook?.zapId ?? null,
        report: report === undefined ? null : JSON.stringify(report),
      })
    })
    signals.emit('inbox:received')
  }
}

export type KeepRefusal = ReturnType<typeof createRefusalKeeper>
