import { setTimeout as pause } from 'node:timers/promises'
import autocannon, { type Result } from 'autocannon'
import type { CountingTarget } from '../e2e/fixtures/counting-target.ts'

/** About 1 KB of JSON, as a shop would send it. */
export const ORDER = JSON.stringify({
  id: 'ord_8f3a1c',
  event: 'order.paid',
  createdAt: '2026-11-24T09:30:00.000Z',
  amount: 129.5,
  currency: 'EUR',
  customer: { id: 'cus_42', name: 'Ada Lovelace', email: 'ada@example.com', phone: '+44 20 7946 0958' },
  address: { street: '12 St James’s Square', city: 'London', zip: 'SW1Y 4JH', country: 'GB' },
  items: Array.from({ length: 5 }, (_, n) => ({
    sku: `SKU-${1000 + n}`,
    name: `A thing that somebody ordered, number ${n}`,
    quantity: n + 1,
    price: 9.99 + n,
  })),
  note: 'Please leave it with the neighbour if nobody opens the door.',
})

const HEADERS = { 'content-type': 'application/json' }
/** Seconds: a slow program may keep fifty requests waiting for longer than the ten that autocannon would wait. */
const TIMEOUT = 60
const QUIET_MS = 500

/** Requests a second that were answered 2xx, in `seconds` seconds with `connections` connections. */
export async function throughput(
  url: string,
  connections: number,
  seconds: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<number> {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    timeout: TIMEOUT,
    method: 'POST',
    headers: { ...HEADERS, ...headers },
    body: ORDER,
  })
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${url}: ${result.non2xx} answers were not 2xx, ${result.errors} requests failed`)
  }
  return result['2xx'] / result.duration
}

/** Sends `amount` requests to the addresses in turn, and throws unless all were answered 2xx. Gives when the last was. */
async function send(urls: readonly string[], connections: number, amount: number): Promise<number> {
  let lastAnswerAt = performance.now()
  const done = Promise.withResolvers<Result>()
  const load = autocannon(
    {
      url: urls[0] ?? '',
      connections: Math.min(connections, amount),
      amount,
      timeout: TIMEOUT,
      requests: urls.map((url) => ({ method: 'POST', path: new URL(url).pathname, headers: HEADERS, body: ORDER })),
    },
    (error: unknown, result) => (error ? done.reject(error) : done.resolve(result)),
  )
  load.on('response', () => {
    lastAnswerAt = performance.now()
  })
  const result = await done.promise
  if (result['2xx'] !== amount) throw new Error(`${urls[0]}: only ${result['2xx']} of ${amount} were answered 2xx`)
  return lastAnswerAt
}

/**
 * Milliseconds from the first of `amount` requests until the last request that they cause (`each` of them causes so many) has
 * reached `target`, and how many of these passed after the last answer. The load generator itself says that it is done only
 * once a second, so that is not waited for before the clock stops.
 */
export async function timeRuns(
  urls: readonly string[],
  connections: number,
  amount: number,
  target: Pick<CountingTarget, 'requests' | 'until'>,
  each = 1,
): Promise<{ readonly ms: number; readonly drainMs: number }> {
  const all = target.requests.length + amount * each
  const startedAt = performance.now()
  const sent = send(urls, connections, amount)
  const arrived = target.until((requests) => requests.length >= all).then(() => performance.now())
  // First what can fail: a request that was refused would never arrive.
  const lastAnswerAt = await sent
  const lastArrivalAt = await arrived
  return { ms: lastArrivalAt - startedAt, drainMs: Math.max(0, lastArrivalAt - lastAnswerAt) }
}

/** Resolves when nothing has reached `target` for a while: what was answered before has been done too. */
export async function untilQuiet(target: Pick<CountingTarget, 'requests'>): Promise<void> {
  let seen = -1
  while (seen !== target.requests.length) {
    seen = target.requests.length
    await pause(QUIET_MS)
  }
}

/** Sends one request, and throws unless it is answered 200 in JSON: a page that says “starting up” is no answer. */
export async function sendOne(url: string, body = ORDER): Promise<void> {
  const response = await fetch(url, { method: 'POST', headers: HEADERS, body })
  await response.arrayBuffer()
  const type = response.headers.get('content-type') ?? 'nothing'
  if (response.status !== 200 || !type.includes('json')) throw new Error(`${url}: answered ${response.status}, ${type}`)
}
