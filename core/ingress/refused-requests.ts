import type { IncomingMessage } from 'node:http'
import type { Database } from '../db/open.ts'
import { forgetRefused, insertWebhookRequest } from '../db/webhook-requests.ts'
import type { Clock } from '../domain/clock.ts'
import type { Verdict } from '../domain/verdict.ts'
import type { LiveWebhook } from './live-triggers.ts'
import { withoutSecrets } from './secret-headers.ts'
import { plainHeaders, splitUrl } from './webhook-request.ts'

/** Bytes of a body that the inbox keeps of a request that was not accepted. */
const KEPT_BYTES = 65_536
/** Refused requests that the inbox keeps, so that whoever sends nonsense cannot fill the disk: 128 MB at most. */
const KEPT_REFUSED = 2_000
/** Refused requests after which older ones are looked for. */
const REFUSED_PER_LOOK = 100

/** Makes the function that writes a line into the inbox for a request that makes no run. */
export function createRefusalKeeper({
  database,
  clock,
  received,
}: {
  readonly database: Database
  readonly clock: Clock
  /** Called when the inbox has it. */
  received(): void
}) {
  let refused = 0
  return async function keep(
    request: IncomingMessage,
    raw: Uint8Array,
    verdict: Verdict,
    status: number,
    hook: LiveWebhook | null,
    note: string | null = null,
  ): Promise<void> {
    const { method = 'GET', url = '/' } = request
    const [path, query] = splitUrl(url)
    const isCut = raw.length > KEPT_BYTES
    const isLook = refused++ % REFUSED_PER_LOOK === 0
    await database.write((tx) => {
      if (isLook) forgetRefused(tx, KEPT_REFUSED)
      insertWebhookRequest(tx, {
        receivedAt: clock.now(),
        method,
        path,
        query,
        headers: JSON.stringify(withoutSecrets(plainHeaders(request), hook?.endpoint.verify ?? null)),
        body: isCut ? raw.subarray(0, KEPT_BYTES) : raw,
        remoteAddress: request.socket.remoteAddress ?? null,
        verdict,
        status,
        note: note ?? (isCut ? `Only the first ${KEPT_BYTES} of ${raw.length} bytes are kept.` : null),
        zapId: hook?.zapId ?? null,
        eventId: null,
      })
    })
    received()
  }
}
