import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { ORDER } from '../load.ts'

/** One in so many is answered 503 at first, and one in so many is large. */
const FAILS = 20
const LARGE = 500
const LARGE_TEXT = 'y'.repeat(300_000)
const AT_ONCE = 8
const PAUSE_MS = 50

const orderSchema = z.object({ n: z.int() })

/** Takes what the runs of a soak send, refuses some of it once, and knows what has not come yet. */
export type OrderTarget = {
  readonly url: string
  /** Runs of the schedule that came. */
  scheduled(): number
  /** Orders that were acknowledged, and have not come. */
  missing(): number
  /** Sends orders, each until it is acknowledged, also while no host is there. `hook` says where, at the moment. */
  send(amount: number, hook: () => string): Promise<void>
  close(): Promise<void>
}

export async function startOrderTarget(): Promise<OrderTarget> {
  const outstanding = new Set<number>()
  const refused = new Set<number>()
  let sent = 0
  let scheduled = 0

  function answer(path: string, body: string): number {
    if (path === '/scheduled') {
      scheduled++
      return 200
    }
    const { n } = orderSchema.parse(JSON.parse(body))
    if (n % FAILS === 0 && !refused.delete(n)) {
      refused.add(n)
      return 503
    }
    outstanding.delete(n)
    return 200
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      response.writeHead(answer(request.url ?? '', Buffer.concat(chunks).toString()))
      response.end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0

  async function sendOne(n: number, hook: () => string): Promise<void> {
    const order = { n, ...JSON.parse(ORDER), ...(n % LARGE === 0 && { text: LARGE_TEXT }) }
    const headers = { 'content-type': 'application/json', 'idempotency-key': `order-${n}` }
    for (;;) {
      try {
        const response = await fetch(hook(), { method: 'POST', headers, body: JSON.stringify(order) })
        await response.arrayBuffer()
        if (response.ok) return
      } catch {
        // The host was ended, and its next one is not there yet.
      }
      await pause(PAUSE_MS)
    }
  }

  return {
    url: `http://127.0.0.1:${port}`,
    scheduled: () => scheduled,
    missing: () => outstanding.size,
    async send(amount, hook) {
      const last = sent + amount
      const sender = async (): Promise<void> => {
        while (sent < last) {
          const n = ++sent
          // It may be there before its sender has the answer.
          outstanding.add(n)
          await sendOne(n, hook)
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, sender))
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
