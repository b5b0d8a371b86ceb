import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { z } from 'zod'
import { type AppRouter, type RunningApp, readRendererFile, SECURITY_HEADERS, SIGN_IN_RETURN } from '../../core/app.ts'
import { offeredAnswer, refusalOf } from './request-guard.ts'
import { createRpcSockets, refuseUpgrade } from './rpc-sockets.ts'
import type { PageSessions } from './sessions.ts'

export type ControlServer = { readonly origin: string; close(): Promise<void> }

const MOST_BODY_CHARS = 4_096
const sessionRequestSchema = z.object({ code: z.string(), key: z.string() })
const challengeRequestSchema = z.object({ session: z.string(), nonce: z.string().min(22).max(100) })

/**
 * Serves the screens and, over WebSocket, the contract: on loopback only, and only to browsers with a session. The tunnel never reaches
 * it. Rejects with the system's error, such as `EADDRINUSE`.
 */
export async function startControlServer(config: {
  port: number
  rendererDir: string
  sessions: PageSessions
  router: AppRouter
  /** See `RunningApp`. */
  signInReturned: RunningApp['signInReturned']
}): Promise<ControlServer> {
  const { sessions } = config
  const sockets = createRpcSockets(config.router)
  const server = process
    .getBuiltinModule('node:http')
    .createServer({ headersTimeout: 10_000, requestTimeout: 30_000 }, (request, response) => {
      answer(request, response).catch(() => reply(response, 500, 'Something went wrong.'))
    })

  let port = config.port

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2)
    const isReturn = path === SIGN_IN_RETURN && request.method === 'GET'
    // A service sends the browser here from its own page. What it brings is checked by the sign-in that waits for it.
    const refusal = refusalOf(isReturn ? asIfTyped(request) : request, port)
    if (refusal !== null) return reply(response, 403, `Refused: ${refusal}.`)
    if (isReturn) return showReturn(response, query)
    if (request.method === 'POST' && path === '/session') return answerPage(request, response, openSession)
    if (request.method === 'POST' && path === '/session/challenge') return answerPage(request, response, challenge)
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

  async function showReturn(response: ServerResponse, query: string): Promise<void> {
    const { status, headers, body } = await config.signInReturned(new URLSearchParams(query))
    response.writeHead(status, headers).end(body)
  }

  /** Answers with the JSON that `work` makes of the body, or with 401 where it makes nothing of it. */
  async function answerPage(
    request: IncomingMessage,
    response: ServerResponse,
    work: (body: unknown, request: IncomingMessage) => object | null,
  ): Promise<void> {
    // A header of our own makes a foreign page's request a preflighted one, and no preflight is ever answered.
    if (request.headers['x-hookline'] !== '1') return reply(response, 403, 'Refused: not from Hookline.')
    const answered = work(await readJson(request), request)
    if (answered === null) return reply(response, 401, 'This browser has no session here: run "hookline open".')
    response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': 'application/json', 'cache-control': 'no-store' })
    response.end(JSON.stringify(answered))
  }

  function openSession(body: unknown, request: IncomingMessage): object | null {
    const asked = sessionRequestSchema.safeParse(body)
    if (!asked.success) return null
    return sessions.open(asked.data.code, asked.data.key, request.headers['user-agent'] ?? '')
  }

  function challenge(body: unknown, request: IncomingMessage): object | null {
    const asked = challengeRequestSchema.safeParse(body)
    return asked.success ? sessions.challenge(asked.data.session, asked.data.nonce, originOf(request)) : null
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node has taken its own listener off: without one, a peer that breaks off would end the process.
    socket.on('error', () => socket.destroy())
    const proof = refusalOf(request, port) === null ? offeredAnswer(request) : null
    const session = proof === null ? null : sessions.answered(proof, originOf(request))
    if (session === null) return refuseUpgrade(socket, '401 Unauthorized')
    if (request.url !== '/rpc') return refuseUpgrade(socket, '404 Not Found')
    sockets.accept(request, socket, head, { session, opened: (close) => sessions.connected(session, close) })
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
      sockets.close()
      server.closeAllConnections()
      await closed.promise
    },
  }
}

/** A request without the word of its browser that another site led to it. */
function asIfTyped({ rawHeaders, headers }: IncomingMessage): Pick<IncomingMessage, 'rawHeaders' | 'headers'> {
  return { rawHeaders, headers: { ...headers, 'sec-fetch-site': 'none' } }
}

/** The address in the browser's bar, which page and host sign: its Host was found to be ours. */
const originOf = (request: IncomingMessage): string => `http://${request.headers.host}`

function reply(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...SECURITY_HEADERS, 'content-type': 'text/plain; charset=utf-8' })
  response.end(text)
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk
    if (text.length > MOST_BODY_CHARS) return undefined
  }
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
