import type { IncomingHttpHeaders } from 'node:http'
import type { Turned } from './hook-gates.ts'
import { splitHost } from './host-check.ts'
import type { LiveWebhook } from './live-triggers.ts'
import { type Answer, errorBody } from './webhook-answer.ts'

/** A request that a web page of another site makes a browser send. */
export type PageCall = {
  /** Where the page is from, as far as the browser tells; null when it does not. */
  readonly origin: string | null
  /** Of a preflight, the method of the request that is to follow. */
  readonly asksFor: string | null
}

/** Characters of a header that are looked at. */
const MAX_CHARS = 2_000

/**
 * Whether a request was sent by a browser for a page of another site; null when not. Programs send neither of the headers that tell, nor does a browser
 * for an address that was typed into it (`Sec-Fetch-Site: none`).
 */
export function pageCallOf(method: string, headers: IncomingHttpHeaders): PageCall | null {
  const { origin } = headers
  const site = headers['sec-fetch-site']
  if (origin === undefined && site === undefined) return null
  // A page of the webhooks' own address; that `host` is ours was seen before.
  if (origin !== undefined ? isSame(origin, headers.host) : site !== 'cross-site' && site !== 'same-site') return null
  const wanted = method === 'OPTIONS' ? headers['access-control-request-method'] : undefined
  return {
    origin: (origin ?? originOf(headers.referer))?.slice(0, MAX_CHARS) ?? null,
    asksFor: typeof wanted === 'string' ? wanted : null,
  }
}

function isSame(origin: string, host: string | undefined): boolean {
  const url = URL.parse(origin.slice(0, MAX_CHARS))
  if (url === null || host === undefined || !/^https?:$/.test(url.protocol)) return false
  const here = splitHost(host)
  const there = splitHost(url.host)
  const theirPort = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : there.port
  // What forwards requests may have ended TLS: then the port that goes without saying is another.
  return here.name === there.name && (here.port === theirPort || (here.port === 80 && theirPort === 443))
}

/** Of a request without a body a browser tells the page's origin here alone. */
function originOf(referer: string | undefined): string | undefined {
  const url = URL.parse((referer ?? '').slice(0, MAX_CHARS))
  return url === null || url.origin === 'null' ? undefined : url.origin
}

/** The webhook, of those at a path, that lets the page call; undefined when none does. */
export function openTo(page: PageCall, hooks: readonly LiveWebhook[], method: string): LiveWebhook | undefined {
  const wanted = page.asksFor ?? method
  return hooks.find(({ endpoint: { browsers, methods } }) => {
    if (browsers === undefined || !methods.includes(wanted)) return false
    return browsers.includes('*') || (page.origin !== null && browsers.includes(page.origin.toLowerCase()))
  })
}

/** The headers by which a page may read the answer. */
export function readableBy({ origin }: PageCall, { endpoint }: LiveWebhook): Readonly<Record<string, string>> {
  const isAny = endpoint.browsers?.includes('*') === true
  return {
    'access-control-allow-origin': isAny || origin === null ? '*' : origin,
    'access-control-expose-headers': '*',
    ...(isAny ? {} : { vary: 'Origin' }),
  }
}

/** Headers that a request of a page may have, as a browser lists them. */
const HEADER_NAMES = /^[a-z0-9!#$%&'*+.^_`|~-]{1,100}(?: {0,3}, {0,3}[a-z0-9!#$%&'*+.^_`|~-]{1,100}){0,100}$/i
/** Seconds for which a browser need not ask again. */
const MAX_AGE = '600'

/** The answer to a browser that asks whether a page may send what it wants to send. */
export function preflightAnswer(headers: IncomingHttpHeaders, { endpoint }: LiveWebhook): Answer {
  const asked = headers['access-control-request-headers']?.slice(0, MAX_CHARS) ?? ''
  return {
    status: 204,
    headers: {
      'access-control-allow-methods': endpoint.methods.join(', '),
      ...(HEADER_NAMES.test(asked) ? { 'access-control-allow-headers': asked } : {}),
      ...(headers['access-control-request-private-network'] === 'true'
        ? { 'access-control-allow-private-network': 'true' }
        : {}),
      'access-control-max-age': MAX_AGE,
    },
    body: null,
  }
}

/** Why a page is turned away, and how it could be let in. */
export function turnedPage(page: PageCall, hooks: readonly LiveWebhook[]): Turned {
  const from =
    page.origin === null || page.origin === 'null' ? 'A web page' : `A web page of ${page.origin.slice(0, 200)}`
  const remedy =
    hooks.length === 0
      ? 'No zap that is switched on lets pages call here.'
      : 'To let it, open the webhook’s step and name the page under "Browsers may call".'
  return {
    verdict: 'not-allowed',
    note: `${from} sent this with a browser. ${remedy}`,
    answer: { status: 403, body: errorBody('browser-not-allowed', 'Web pages may not call this webhook.') },
  }
}
