import { connect, type Socket } from 'node:net'
import { z } from 'zod'
import type { TunnelWay } from '../domain/settings/tunnel-settings.ts'
import { withoutTrailing } from '../domain/templates/trailing.ts'
import { nextDelayMs } from '../domain/time/backoff.ts'
import { type OpenTunnelBy, TunnelError } from './open-tunnel.ts'

/** What the server answers to the request for a tunnel. */
const grantSchema = z.object({
  url: z.url().max(2_000),
  port: z.int(),
  /** Where `port` is; the server's own address when absent. */
  ip: z.string().max(300).nullish(),
  max_conn_count: z.int().min(1).max(100).nullish(),
  message: z.string().max(500).optional(),
})

/** Connections that are kept open for requests to come. */
const CONNECTIONS = 10
/** Pauses in milliseconds before a connection that carried nothing is made again: up to half a second at first, up to half a minute later. */
const REDIAL = { baseMs: 500, capMs: 30_000 } as const
/** A server that ends so many connections in a row soon and before anything came by them has forgotten us. */
const MAX_FUTILE = 40
/** Milliseconds after which a connection that carried nothing was merely idle. */
const IDLE_MS = 30_000
/** Connections that are made in a second at most, whatever the server does with them. */
const DIALS_A_SECOND = 20

/**
 * A tunnel of localtunnel.me or of a server of one's own. The server is asked for a name and a port; then it sends each request that
 * comes for the name down one of the connections that are held open to the port.
 *
 * The protocol is that of the npm package localtunnel 2.0.2 (`lib/Tunnel.js`, `lib/TunnelCluster.js`), which is not used itself as it has
 * had no release since 2021 and brings an HTTP client with known holes.
 */
export const openLocaltunnel: OpenTunnelBy<Extract<TunnelWay, { provider: 'localtunnel' }>> = async (way, site) => {
  const grant = await askFor(way, site.signal)
  const host = grant.ip ?? new URL(way.server).hostname
  const sockets = new Set<Socket>()
  const timers = new Set<ReturnType<typeof setTimeout>>()
  const gone = Promise.withResolvers<string>()
  let isClosed = false
  /** Connections in a row that ended before anything came by them. */
  let futile = 0
  /** Before this moment no connection is made, in milliseconds of a clock that nobody sets. */
  let freeAt = 0

  function dialLater(attempt: number, ms: number): void {
    const now = performance.now()
    const at = Math.max(now + ms, freeAt)
    freeAt = Math.max(freeAt, now) + 1_000 / DIALS_A_SECOND
    const timer = setTimeout(() => {
      timers.delete(timer)
      dial(attempt)
    }, at - now)
    timers.add(timer)
  }

  /** `attempt`: how many came to nothing in this place, one after the other, with this one. */
  function dial(attempt: number): void {
    const startedAt = performance.now()
    const remote = connect({ host, port: grant.port })
    sockets.add(remote)
    remote.setKeepAlive(true, 30_000)
    let local: Socket | undefined
    // The listener is called when a request begins: it does not wait for connections that say nothing.
    remote.once('data', (first) => {
      const own = connect({ host: '127.0.0.1', port: site.port })
      local = own
      sockets.add(own)
      own.on('error', () => remote.destroy())
      own.on('close', () => {
        sockets.delete(own)
        remote.end()
      })
      own.write(first)
      remote.pipe(own).pipe(remote)
    })
    remote.on('error', () => undefined)
    remote.on('close', () => {
      sockets.delete(remote)
      local?.end()
      if (isClosed) return
      // One that carried a request has done its work, and the next is wanted at once.
      const isDone = local !== undefined
      const wasIdle = performance.now() - startedAt > IDLE_MS
      futile = isDone || wasIdle ? 0 : futile + 1
      if (futile >= MAX_FUTILE) {
        gone.resolve(`${new URL(way.server).host} does not know this tunnel any more.`)
        return
      }
      const next = isDone || wasIdle ? 1 : attempt + 1
      dialLater(next, isDone ? 0 : nextDelayMs({ attempt, ...REDIAL, random: Math.random }))
    })
  }

  for (let n = 0; n < Math.min(grant.max_conn_count ?? 1, CONNECTIONS); n++) dial(1)
  return {
    url: withoutTrailing(grant.url, '/'),
    isFresh: true,
    onlyPath: null,
    addressHeader: null,
    closed: gone.promise,
    close() {
      isClosed = true
      for (const timer of timers) clearTimeout(timer)
      for (const socket of sockets) socket.destroy()
      return Promise.resolve()
    },
  }
}

async function askFor(
  { server, subdomain }: Extract<TunnelWay, { provider: 'localtunnel' }>,
  signal: AbortSignal,
): Promise<z.infer<typeof grantSchema>> {
  const { host } = new URL(server)
  let answer: unknown
  try {
    const response = await fetch(`${server}/${subdomain ?? '?new'}`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(15_000)]),
    })
    answer = await response.json()
    if (!response.ok) {
      const { data } = grantSchema.pick({ message: true }).safeParse(answer)
      throw new TunnelError(`${host} gives no tunnel: ${data?.message ?? `it answered ${response.status}`}`)
    }
  } catch (cause) {
    if (cause instanceof TunnelError) throw cause
    throw new TunnelError(`${host} could not be asked for a tunnel: it may be down, or this computer offline.`, {
      cause,
    })
  }
  const grant = grantSchema.safeParse(answer)
  if (!grant.success)
    throw new TunnelError(`${host} is no localtunnel server: look at its address.`, { isLasting: true })
  return grant.data
}
