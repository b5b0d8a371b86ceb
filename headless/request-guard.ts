import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Compares two secrets in a time that tells nothing about them. */
export function isSameSecret(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

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

/** The name of the session cookie: cookies do not know ports, so each host's has its own. */
export const cookieName = (port: number): string => `hookline_${port}`

/** Whether a request proves that it may control this host: by the cookie of a browser, or the token of the command line. */
export function isAuthorized(request: Pick<IncomingMessage, 'headers'>, port: number, token: string): boolean {
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
  if (bearer !== undefined) return isSameSecret(bearer, token)
  const prefix = `${cookieName(port)}=`
  const cookie = (request.headers.cookie ?? '')
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(prefix))
  return cookie !== undefined && isSameSecret(cookie.slice(prefix.length), token)
}
