import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocketServer } from 'ws'
import { z } from 'zod'
import { type AppRouter, readRendererFile, SECURITY_HEADERS } from '../core/app.ts'
import { cookieName, isAuthorized, isSameSecret, refusalOf } from './request-guard.ts'

export type ControlServer = { readonly origin: string; close(): Promise<void> }

const MAX_MESSAGE_BYTES = 64 * 1_048_576
const sessionRequestSchema = z.object({ token: z.string() })

/**
 * Serves the screens and, over WebSocket, the contract: on loopback only, and only to who has the token. The tunnel never reaches it.
 * Rejects with the system's error, such as `EADDRINUSE`.
 */
export async function startControlServer(config: {
  port: number
  rendererDir: string
  token: string
  router: AppRouter
}): Promise<ControlServer> {
  const { token } = config
  const handler = new RPCHandler(config.router)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES })
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000 }, (request, response) => {
    answer(request, response).catch(() => reply(response, 500, 'Something went wrong.'))
  })

  let port = config.port

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = refusalOf(request, port)
    if (refusal !== null) return reply(response, 403, `Refused: ${refusal}.`)
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    if (path === '/session' && request.method === 'POST') return openSession(request, response)
    if (request.method !== 'GET' && request.method !== 'HEAD') return reply(response, 405, 'Not allowed.')
    const file = await readRendererFile(config.rendererDir, path)
    if (file === undefined) return reply(response, 404, 'Not found.')
    response.writeHead(200, {
      ...SECURITY_HEADERS,
      'content-type': file.type,
      'content-length': file.body.length,
      'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-store',
    })
    response.end(request.method === 'HEAD' ? undefined : file.body)
  }

  async function openSession(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A header of our own makes a foreign page's request a preflighted one, and no preflight is ever answered.
    if (request.headers['x-hookline'] !== '1') return reply(response, 403, 'Refused: not from Hookline.')
    const body = sessionRequestSchema.safeParse(await readJson(request))
    if (!body.success || !isSameSecret(body.data.token, token)) return reply(response, 401, 'Wrong token.')
    response.writeHead(204, {
      ...SECURITY_HEADERS,
      'set-cookie': `${cookieName(port)}=${token}; HttpOnly; SameSite=Strict; Path=/`,
    })
    response.end()
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node has taken its own listener off: without one, a peer that breaks off would end the process.
    socket.on('error', () => socket.destroy())
    const isAllowed = refusalOf(request, port) === null && isAuthorized(request, port, token)
    if (request.url !== '/rpc' || !isAllowed) {
      socket.end(`HTTP/1.1 ${isAllowed ? '404 Not Found' : '401 Unauthorized'}\r\nConnection: close\r\n\r\n`)
      return
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      // What is no WebSocket frame, or is too large, closes the connection; there is nobody to tell.
      client.on('error', () => client.terminate())
      // The handler answers every message itself and reports failures to its peer.
      void handler.upgrade(client, { context: {} })
    })
  })

  const listening = Promise.withResolvers<void>()
  server.once('error', listening.reject)
  server.listen(config.port, '127.0.0.1', listening.resolve)
  await listening.promise
  server.off('error', listening.reject)
  // Such as too many open files: whoever wanted to connect tries again, and everybody else goes on.
  server.on('error', () => undefined)
  // A server that listens on a port has an AddressInfo; only pipes have a text.
  port = (server.address() as AddressInfo).port
  return {
    origin: `http://127.0.0.1:${port}`,
    async close() {
      const closed = Promise.withResolvers<void>()
      server.close(() => closed.resolve())
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      await closed.promise
    },
  }
}

function reply(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...SECURITY_HEADERS, 'content-type': 'text/plain; charset=utf-8' })
  response.end(text)
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk
    if (text.length > 4_096) return undefined
  }
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
