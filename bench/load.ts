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

/** Requests a second that were answered 2xx, in `seconds` seconds with `connections` connections. */
export async function throughput(url: string, connections: number, seconds: number): Promise<number> {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    method: 'POST',
    headers: HEADERS,
    body: ORDER,
  })
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${url}: ${result.non2xx} answers were not 2xx, ${result.errors} requests failed`)
  }
  return result['2xx'] / result.duration
}

/** Sends `amount` requests with `connections` connections, and throws unless all were answered 2xx. Gives when the last was. */
async function send(url: string, connections: number, amount: number): Promise<number> {
  let lastAnswerAt = performance.now()
  const done = Promise.withResolvers<Result>()
  const options = { url, connections, amount, method: 'POST', headers: HEADERS, body: ORDER } as const
  const load = autocannon(options, (error: unknown, result) => (error ? done.reject(error) : done.resolve(result)))
  load.on('response', () => {
    lastAnswerAt = performance.now()
  })
  const result = await done.promise
  if (result['2xx'] !== amount) throw new Error(`${url}: only ${result['2xx']} of ${amount} were answered 2xx`)
  return lastAnswerAt
}

/**
 * Milliseconds from the first of `amount` requests until the last of the runs that they start has called `target`, and how many
 * of these came after the last answer. The load generator itself says that it is done only once a second, so that is not waited
 * for before the clock stops.
 */
export async function timeRuns(
  url: string,
  connections: number,
  amount: number,
  target: Pick<CountingTarget, 'requests' | 'until'>,
): Promise<{ readonly ms: number; readonly drainMs: number }> {
  const all = target.requests.length + amount
  const startedAt = performance.now()
  const sent = send(url, connections, amount)
  const arrived = target.until((requests) => requests.length >= all).then(() => performance.now())
  // First what can fail: a request that was refused would never arrive.
  const lastAnswerAt = await sent
  const lastArrivalAt = await arrived
  return { ms: lastArrivalAt - startedAt, drainMs: Math.max(0, lastArrivalAt - lastAnswerAt) }
}

/** Sends one request. */
export async function sendOne(url: string, body = ORDER): Promise<void> {
  const response = await fetch(url, { method: 'POST', headers: HEADERS, body })
  await response.arrayBuffer()
  if (response.status !== 200) throw new Error(`${url}: answered ${response.status}`)
}
