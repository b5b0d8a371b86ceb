import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocketServer } from 'ws'
import type { AppRouter } from '../../core/app.ts'

/** The one subprotocol that we speak; what else a page offers is its answer to a challenge. */
export const PROTOCOL = 'hookline'
const MAX_MESSAGE_BYTES = 64 * 1_048_576

/** Speaks the contract over WebSocket with callers that have been let in already. */
export type RpcSockets = {
  /** With `session`, the calls know that they come through it. `opened` is told how to close the connection; what it returns is called at its end. */
  accept(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    caller?: { readonly session: string; opened(close: () => void): () => void },
  ): void
  /** Ends all connections. */
  close(): void
}

export function createRpcSockets(router: AppRouter): RpcSockets {
  const handler = new RPCHandler(router)
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
  })
  return {
    accept(request, socket, head, caller) {
      sockets.handleUpgrade(request, socket, head, (client) => {
        // What is no WebSocket frame, or is too large, closes the connection; there is nobody to tell.
        client.on('error', () => client.terminate())
        const closed = caller?.opened(() => client.terminate())
        client.once('close', () => closed?.())
        // The handler answers every message itself and reports failures to its peer.
        void handler.upgrade(client, { context: caller === undefined ? {} : { session: caller.session } })
      })
    },
    close() {
      for (const client of sockets.clients) client.terminate()
    },
  }
}

/** Answers an upgrade that is not let in, in plain HTTP. */
export function refuseUpgrade(socket: Duplex, status: '401 Unauthorized' | '404 Not Found'): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`)
}
