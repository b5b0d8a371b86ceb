import type { IncomingMessage } from 'node:http'

/**
 * Why a request to the control server is refused before anything looks at it, or null. The server listens on loopback, but any web
 * page can make a browser send requests there, and DNS rebinding can even make them look like ours: so the Host must be exactly
 * ours (and there once), the Origin too where there is one, and the browser must call the request same-origin or its user's own.
 */
export function refusalOf(request: Pick<IncomingMessage, 'rawHeaders' | 'headers'>, port: number): string | null {
  const allowedHosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  const hosts = request.rawHeaders.filter((_, index) => index % 2 === 0).filter((name) => name.toLowerCase() === 'host')
  const { host, origin } = request.headers
  if (hosts.length !== 1 || host === undefined || !allowedHosts.includes(host)) return 'wrong Host'
  if (origin !== undefined && origin !== `http://${host}`) return 'wrong Origin'
  const site = request.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return 'cross-site request'
  return null
}

/** How a page offers its answer to a challenge: as one more subprotocol, the only header that a browser's WebSocket lets it choose. */
const ANSWER_PREFIX = 'session.'

/** A page's answer to a challenge: no secret, and good for this one connection. Null when there is none. */
export function offeredAnswer(request: Pick<IncomingMessage, 'headers'>): string | null {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((part) => part.trim())
  return offered.find((part) => part.startsWith(ANSWER_PREFIX))?.slice(ANSWER_PREFIX.length) ?? null
}
