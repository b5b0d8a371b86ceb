import type { RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Log } from '../domain/host/log.ts'
import type { Clock } from '../domain/time/clock.ts'

/** The server of the webhooks, on loopback. */
export type HookServer = {
  /** Starts to listen; resolves with the base address. Rejects with the system's error, such as `EADDRINUSE`. */
  start(): Promise<string>
  /** Resolves when the last request is answered, or after two seconds. */
  stop(): Promise<void>
  /** The port that it listens on; 0 before that. */
  port(): number
}

/** Milliseconds that a stop waits for requests that are still coming in; Node's own time limits end with `close`. */
const STOP_MS = 2_000

export function createHookServer(config: {
  /** 0 picks a free one. */
  readonly port: number
  readonly clock: Clock
  readonly log: Log
  readonly handle: RequestListener
  /** Called with the server before it listens. */
  watch(server: Server): void
}): HookServer {
  const { clock, log } = config
  // Node's own defaults let a slow sender hold a connection for minutes.
  const server = process.getBuiltinModule('node:http').createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      connectionsCheckingInterval: 5_000,
      keepAliveTimeout: 15_000,
    },
    config.handle,
  )
  let port = 0
  return {
    start() {
      const listening = Promise.withResolvers<string>()
      config.watch(server)
      server.once('error', listening.reject)
      server.listen(config.port, '127.0.0.1', () => {
        server.off('error', listening.reject)
        server.on('error', (error) => log.error('The webhook listener had an error.', { error: String(error) }))
        // A server that listens on a port has an AddressInfo; only pipes have a text.
        port = (server.address() as AddressInfo).port
        listening.resolve(`http://127.0.0.1:${port}`)
      })
      return listening.promise
    },
    stop() {
      const closed = Promise.withResolvers<void>()
      if (!server.listening) return Promise.resolve()
      const cancelDeadline = clock.after(STOP_MS, () => server.closeAllConnections())
      server.close(() => {
        cancelDeadline()
        closed.resolve()
      })
      server.closeIdleConnections()
      return closed.promise
    },
    port: () => port,
  }
}
