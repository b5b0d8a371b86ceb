import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

/** How a target misbehaves. Those of the second line have done what was asked before they do. */
export const TARGET_MODES = [
  ...(['hang', 'reset', 'error', 'busy', 'redirect-loop'] as const),
  ...(['act-then-reset', 'act-then-error', 'huge-body', 'not-utf8', 'cut-off', 'gzip-bomb'] as const),
] as const
export type TargetMode = 'good' | (typeof TARGET_MODES)[number]

/** Something that the target did once, for an idempotency key that it did not know. */
export type Effect = { readonly key: string; readonly path: string; readonly body: string }

/** A target that honours idempotency keys, in whichever way it answers. */
export type FaultTarget = {
  readonly port: number
  /** By key, in order of their first arrival. */
  readonly effects: ReadonlyMap<string, Effect>
  /** Sentences about requests that no well-behaved client sends: without a key, or one key with two contents. */
  readonly complaints: readonly string[]
  /** Requests in all, repeats included. */
  requests(): number
  behave(mode: TargetMode): void
  close(): Promise<void>
}

/** Bytes of an answer that never ends by itself. */
const ENDLESS = Buffer.alloc(65_536, 'x')
/** 80 MB of zeros, compressed: more than a step takes. */
const BOMB = gzipSync(Buffer.alloc(80 * 1_048_576))

export async function startFaultTarget(): Promise<FaultTarget> {
  const effects = new Map<string, Effect>()
  const complaints: string[] = []
  let requests = 0
  let mode: TargetMode = 'good'
  const held = new Set<ServerResponse>()

  /** Does what was asked, once for each key. */
  function act(request: IncomingMessage, body: string): void {
    if (request.method === 'GET') return
    const key = String(request.headers['idempotency-key'] ?? '')
    const path = request.url ?? ''
    const known = effects.get(key)
    if (key === '') complaints.push(`${request.method} ${path} came without an idempotency key`)
    else if (known === undefined) effects.set(key, { key, path, body })
    else if (known.body !== body || known.path !== path) {
      complaints.push(`the key ${key} came with ${known.path} ${known.body} and then with ${path} ${body}`)
    }
  }

  function answer(request: IncomingMessage, response: ServerResponse, body: string): void {
    const json = { 'content-type': 'application/json' }
    switch (mode) {
      case 'hang':
        held.add(response)
        return
      case 'reset':
        request.socket.resetAndDestroy()
        return
      case 'error':
        response.writeHead(500, json).end('{"error":"broken"}')
        return
      case 'busy':
        response.writeHead(429, { ...json, 'retry-after': '1' }).end('{"error":"busy"}')
        return
      case 'redirect-loop':
        response.writeHead(307, { location: request.url ?? '/' }).end()
        return
    }
    act(request, body)
    switch (mode) {
      case 'act-then-reset':
        request.socket.resetAndDestroy()
        return
      case 'act-then-error':
        response.writeHead(503, json).end('{"error":"done, but you will not hear of it"}')
        return
      case 'huge-body': {
        response.writeHead(200, json)
        const more = (): void => {
          while (!response.destroyed && response.write(ENDLESS));
        }
        response.on('drain', more).on('error', () => undefined)
        more()
        return
      }
      case 'not-utf8':
        response.writeHead(200, json).end(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]))
        return
      case 'cut-off':
        response.writeHead(200, { ...json, 'content-length': '1000' }).write('{"received":')
        setImmediate(() => request.socket.destroy())
        return
      case 'gzip-bomb':
        response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(BOMB)
        return
      default:
        response.writeHead(200, json).end(JSON.stringify({ received: requests }))
    }
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('error', () => undefined)
    request.on('end', () => {
      requests++
      answer(request, response, Buffer.concat(chunks).toString('utf8'))
    })
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    // A server that listens on a port has an AddressInfo.
    port: (server.address() as AddressInfo).port,
    effects,
    complaints,
    requests: () => requests,
    behave(next) {
      mode = next
      // Whoever was kept waiting hears nothing any more.
      for (const response of held) response.destroy()
      held.clear()
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
