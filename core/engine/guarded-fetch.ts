import { lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { type ConnectionOptions, rootCertificates } from 'node:tls'
import { Agent, type Dispatcher, ProxyAgent, request } from 'undici'
import type { FetchRequest, FetchResponse, TlsTerms } from '../connectors/action-context.ts'
import { assumedNetwork, type Network } from '../domain/host/adapters.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { holdsSecret, maskText, maskValue } from '../domain/trust/secret-mask.ts'
import { isSecretName } from '../domain/trust/secret-names.ts'
import { shownAddress, takeSignIn } from '../domain/values/address-text.ts'
import { type FetchGuard, NO_GUARD } from './fetch-guard.ts'
import { isLocalHost, reachOf, reachOfHost } from './network-address.ts'
import { isThisComputer, networkError, offline, refused, withoutSecrets } from './network-errors.ts'
import { headerText, readResponse } from './read-response.ts'
import { maskBytes, type StepSecrets } from './step-secrets.ts'

const MAX_REDIRECTS = 10
/** Answers that say where to ask instead (RFC 9110, section 15.4). */
const REDIRECTS = new Set([301, 302, 303, 307, 308])

/** Sends a request of a step as `guard` allows. What comes back holds none of its secrets, unless the guard says so. */
export type OutgoingFetch = (request: FetchRequest, guard?: FetchGuard) => Promise<FetchResponse>

/**
 * Makes the one way out to the network. While `network` says that there is none, all that is not on this computer fails at once, with
 * the word that the step should wait for it. `close` ends its idle connections.
 */
export function createGuardedFetch(
  network: Network = assumedNetwork,
  lookup: typeof systemLookup = systemLookup,
): {
  fetch: OutgoingFetch
  close(): Promise<void>
} {
  const everywhere = createAgent(lookup, () => false)
  const outside = createAgent(lookup, (address) => reachOf(address) !== 'internet')
  async function fetch(wanted: FetchRequest, guard = NO_GUARD): Promise<FetchResponse> {
    const { text, bytes, known } = guard.secrets
    const own = ownWays(wanted, lookup, guard)
    const response = await followRedirects({ everywhere, outside, ...own, network, guard }, wanted).finally(own?.close)
    if (known.length === 0 || guard.keepsAnswer === true) return response
    return {
      ...response,
      headers: maskValue(text, response.headers),
      cookies: maskValue(text, response.cookies),
      body: await maskBytes(bytes, response.body),
      url: maskText(text, response.url),
    }
  }
  return {
    fetch,
    async close() {
      await Promise.all([everywhere.close(), outside.close()])
    },
  }
}

/** What a request is sent with. Connections that may be local ones are never used again for a request that may not. */
type Ways = {
  readonly everywhere: Dispatcher
  readonly outside: Dispatcher
  readonly network: Network
  readonly guard: FetchGuard
}

/** A name turned out to lead to this computer, or into its network. */
class LocalAddressError extends Error {}

/** Looks up a name, and judges the addresses that it leads to. */
function judgedLookup(resolve: typeof systemLookup, isLocal: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) =>
    resolve(hostname, options, (error, address, family) => {
      const addresses = Array.isArray(address) ? address.map((entry) => entry.address) : [address]
      if (error !== null) callback(error, address, family)
      else if (addresses.some((one) => reachOf(one) === 'refused')) callback(refused(hostname), address, family)
      else if (addresses.some(isLocal)) callback(new LocalAddressError(), address, family)
      else callback(null, address, family)
    })
}

const CONNECT_TIMEOUT_MS = 10_000

/** Connections whose addresses are judged when they are made, so that a name cannot lead elsewhere afterwards. */
function createAgent(resolve: typeof systemLookup, isLocal: (address: string) => boolean, tls: Trust = {}): Agent {
  return new Agent({ connect: { ...tls, timeout: CONNECT_TIMEOUT_MS, lookup: judgedLookup(resolve, isLocal) } })
}

/** Connections of one request that trusts or goes through what others do not, and their end; undefined where it is like all. */
function ownWays(
  { tls, proxy }: FetchRequest,
  resolve: typeof systemLookup,
  guard: FetchGuard,
): (Pick<Ways, 'everywhere' | 'outside'> & { close(): Promise<void> }) | undefined {
  if (tls === undefined && proxy === undefined) return undefined
  const terms = tls === undefined ? {} : trusting(tls)
  const isLocal = (address: string): boolean => reachOf(address) !== 'internet'
  if (proxy === undefined) {
    const [everywhere, outside] = [createAgent(resolve, () => false, terms), createAgent(resolve, isLocal, terms)]
    return {
      everywhere,
      outside,
      close: async () => void (await Promise.all([everywhere.destroy(), outside.destroy()])),
    }
  }
  const through = proxyAddress(proxy)
  guard.checkStart(through)
  const mayBeLocal = guard.mayBeLocal(through)
  if (!mayBeLocal && isLocalHost(through.host)) throw guard.refuseLocal(through, through)
  const agent = new ProxyAgent({
    uri: through.href,
    requestTls: terms,
    proxyTls: {
      timeout: CONNECT_TIMEOUT_MS,
      lookup: judgedLookup(resolve, mayBeLocal ? () => false : isLocal),
    },
  })
  // Names behind a proxy are looked up by it.
  return { everywhere: agent, outside: agent, close: () => agent.destroy() }
}

type Trust = Pick<ConnectionOptions, 'ca' | 'rejectUnauthorized'>

function trusting({ trust, insecure }: TlsTerms): Trust {
  return {
    ...(trust !== undefined && { ca: [...rootCertificates, trust] }),
    ...(insecure === true && { rejectUnauthorized: false }),
  }
}

async function followRedirects(ways: Ways, wanted: FetchRequest): Promise<FetchResponse> {
  const { network, guard } = ways
  const start = parseUrl(wanted.url)
  guard.checkStart(start)
  let hop: Hop = {
    url: start,
    method: wanted.method,
    headers: { 'accept-encoding': 'gzip, deflate, br', ...wanted.headers },
    body: wanted.body,
    isWithoutSecrets: false,
  }
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    hop = signedIn(hop)
    const { url } = hop
    const response = await send(ways, { ...wanted, ...hop, url: url.href }, url, start)
    const isLed = REDIRECTS.has(response.statusCode) && wanted.keepsRedirects !== true
    const location = isLed ? locationOf(response) : ''
    // An empty one leads nowhere but here again.
    if (location === '') {
      const from = withoutSecrets(url)
      const lost = (error: unknown): unknown => networkError(error, wanted.signal, url, network)
      const read = await readResponse(response, { maxBytes: wanted.maxBytes, from, lost })
      return { ...read, url: url.href, isWithoutSecrets: hop.isWithoutSecrets }
    }
    await response.body.dump()
    hop = redirected(hop, parseUrl(location, url), response.statusCode)
    if (hop.url.origin !== url.origin) hop = withoutItsSecrets(hop, url, wanted, guard.secrets)
  }
  throw new StepError({
    code: 'too-many-redirects',
    message: `${withoutSecrets(start)} redirected more than ${MAX_REDIRECTS} times.`,
    retryable: false,
  })
}

/** One request on the way through redirects. */
type Hop = Pick<FetchRequest, 'method' | 'headers' | 'body'> & {
  readonly url: URL
  /** Secrets were left behind, as a redirect led to another origin. */
  readonly isWithoutSecrets: boolean
}

/** Sends the user and password of an address as browsers do, unless the request signs in by itself; the address is rid of them. */
function signedIn(hop: Hop): Hop {
  const { url, header } = takeSignIn(hop.url)
  if (header === null) return hop
  const isSignedIn = Object.keys(hop.headers).some((name) => name.toLowerCase() === 'authorization')
  return { ...hop, url, headers: isSignedIn ? hop.headers : { ...hop.headers, authorization: header } }
}

/** As browsers do: 303 always becomes a GET, 301 and 302 when a POST was sent. */
function redirected(hop: Hop, url: URL, status: number): Hop {
  if (status !== 303 && !(status < 303 && hop.method === 'POST')) return { ...hop, url }
  const method = hop.method === 'HEAD' ? 'HEAD' : 'GET'
  return { ...hop, url, method, body: null, headers: without(hop.headers, (name) => name.startsWith('content-')) }
}

/**
 * A request that was led to another origin than `from`, without what is secret for that one: headers, and what the redirect took along
 * of the address.
 *
 * @throws StepError `redirect-refused` when a secret would go along in a place from which it cannot be taken.
 */
function withoutItsSecrets(hop: Hop, from: URL, wanted: FetchRequest, { text, bytes }: StepSecrets): Hop {
  const secretHeaders = new Set(wanted.secretHeaders?.map((name) => name.toLowerCase()))
  const headers = without(
    hop.headers,
    (name, value) => secretHeaders.has(name) || isSecretName(name) || holdsSecret(text, value),
  )
  const url = new URL(hop.url)
  const secretParameters = [...url.searchParams].filter(
    ([name, value]) =>
      wanted.secretQuery?.includes(name) === true ||
      holdsSecret(text, value) ||
      (isSecretName(name) && from.searchParams.get(name) === value),
  )
  for (const [name] of secretParameters) url.searchParams.delete(name)
  const { body } = hop
  const content = body === null || typeof body === 'string' ? (body ?? '') : Buffer.from(body).toString('latin1')
  if (holdsSecret(text, url.href) || holdsSecret(typeof body === 'string' ? text : bytes, content)) {
    const message = `${withoutSecrets(from)} redirected to ${url.origin}, and the credential would go along: use the address of the latter if it is the right one.`
    throw new StepError({ code: 'redirect-refused', message, retryable: false })
  }
  const isChanged = secretParameters.length > 0 || Object.keys(headers).length < Object.keys(hop.headers).length
  return { ...hop, url, headers, isWithoutSecrets: hop.isWithoutSecrets || isChanged }
}

function parseUrl(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new StepError({
      code: 'bad-url',
      message: `"${shownAddress(text)}" is not an http or https address.`,
      retryable: false,
    })
  }
  if (reachOfHost(url.hostname) === 'refused') throw refused(url.hostname)
  return url
}

const without = (
  headers: Readonly<Record<string, string>>,
  drop: (lowerCaseName: string, value: string) => boolean,
): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name, value]) => !drop(name.toLowerCase(), value)))

const locationOf = ({ headers: { location = '' } }: Dispatcher.ResponseData): string =>
  headerText(String([location].flat()[0] ?? '').trim())

async function send(
  { everywhere, outside, network, guard }: Ways,
  wanted: FetchRequest,
  url: URL,
  start: URL,
): Promise<Dispatcher.ResponseData> {
  const mayBeLocal = guard.mayBeLocal(start) || guard.mayBeLocal(url)
  if (!mayBeLocal && isLocalHost(url.host)) throw guard.refuseLocal(url, start)
  if (!network.isOnline() && !isThisComputer(url)) throw offline(url)
  try {
    return await request(url, {
      dispatcher: mayBeLocal ? everywhere : outside,
      method: wanted.method,
      headers: wanted.headers,
      body: wanted.body,
      signal: wanted.signal,
      headersTimeout: 0,
      bodyTimeout: 0,
    })
  } catch (error) {
    if (error instanceof LocalAddressError) throw guard.refuseLocal(url, start)
    throw proxyError(error, wanted, network) ?? networkError(error, wanted.signal, url, network)
  }
}

/** Where a proxy is. Throws a {@link StepError} `bad-url` for a user or password that cannot be read. */
function proxyAddress(proxy: string): URL {
  const through = parseUrl(proxy)
  try {
    decodeURIComponent(through.username + through.password)
    return through
  } catch (error) {
    const message = `The user or password in the address of the proxy ${shownAddress(proxy)} has a "%" that stands for nothing: write it as %25.`
    throw new StepError({ code: 'bad-url', message, retryable: false }, { cause: error })
  }
}

/** What went wrong with the proxy itself: it let nothing through, or was not there; undefined for everything else. */
function proxyError(error: unknown, { proxy, signal }: FetchRequest, network: Network): StepError | undefined {
  if (proxy === undefined || signal.aborted || !(error instanceof Error)) return undefined
  const status = /^Proxy response \((\d{3})\)/.exec(error.message)?.[1]
  if (status !== undefined) {
    const remedy =
      status === '407' ? 'it wants a user and a password: write them into its address' : 'ask who looks after it'
    const message = `The proxy ${shownAddress(proxy)} answered ${status} and let nothing through: ${remedy}.`
    return new StepError({ code: 'proxy', message, retryable: status.startsWith('5') }, { cause: error })
  }
  // What is connected to is the proxy alone.
  const cause: unknown = error instanceof AggregateError ? error.errors[0] : error
  const { syscall, code }: { syscall?: unknown; code?: unknown } = Object(cause)
  if (syscall !== 'connect' && syscall !== 'getaddrinfo' && code !== 'UND_ERR_CONNECT_TIMEOUT') return undefined
  const details = StepError.from(networkError(error, signal, parseUrl(proxy), network))
  return new StepError({ ...details, message: `The proxy is not there. ${details.message}` }, { cause: error })
}
