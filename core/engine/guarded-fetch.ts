import { lookup as systemLookup } from 'node:dns'
import { BlockList, isIP } from 'node:net'
import { Agent, type Dispatcher, request } from 'undici'
import type { FetchRequest, FetchResponse, GuardedFetch } from '../connectors/define.ts'
import { assumedNetwork, type Network } from '../domain/adapters.ts'
import { StepError } from '../domain/step-error.ts'
import { readResponse } from './read-response.ts'

const MAX_REDIRECTS = 10

/** Headers that carry a secret for one origin and must not reach another. */
const SECRET_HEADERS = new Set(['authorization', 'cookie', 'proxy-authorization'])

/**
 * Addresses that no automation has business with: link-local ones, through which cloud machines give away their credentials, and
 * multicast. Loopback and private ranges are normal targets for a personal tool.
 */
const refusedAddresses = new BlockList()
refusedAddresses.addSubnet('169.254.0.0', 16, 'ipv4')
refusedAddresses.addSubnet('224.0.0.0', 4, 'ipv4')
refusedAddresses.addAddress('255.255.255.255', 'ipv4')
refusedAddresses.addSubnet('fe80::', 10, 'ipv6')
refusedAddresses.addSubnet('ff00::', 8, 'ipv6')
refusedAddresses.addAddress('fd00:ec2::254', 'ipv6')

/** Whether connecting to an IP address is refused. IPv4 addresses inside IPv6 are judged as IPv4. */
export function isRefusedAddress(address: string): boolean {
  const version = isIP(address)
  if (version === 0) return false
  if (version === 4) return refusedAddresses.check(address, 'ipv4')
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  return refusedAddresses.check(address, 'ipv6') || (mapped !== undefined && isRefusedAddress(mapped))
}

const refused = (host: string): StepError =>
  new StepError({
    code: 'address-refused',
    message: `Hookline does not connect to ${host}: link-local and metadata addresses are refused.`,
    retryable: false,
  })

/** An address without what could be a secret in it: for messages and logs. */
export function withoutSecrets(url: URL): string {
  return `${url.origin}${url.pathname}`
}

/**
 * Makes the one way out to the network. While `network` says that there is none, whatever is not on this computer fails at once, with
 * the word that the step should wait for it. `close` ends its idle connections.
 */
export function createGuardedFetch(network: Network = assumedNetwork): { fetch: GuardedFetch; close(): Promise<void> } {
  const agent = new Agent({
    connect: {
      timeout: 10_000,
      lookup: (hostname, options, callback) =>
        systemLookup(hostname, options, (error, address, family) => {
          const addresses = Array.isArray(address) ? address.map((entry) => entry.address) : [address]
          if (error === null && addresses.some(isRefusedAddress)) callback(refused(hostname), address, family)
          else callback(error, address, family)
        }),
    },
  })
  return { fetch: (wanted) => followRedirects(agent, network, wanted), close: () => agent.close() }
}

async function followRedirects(agent: Agent, network: Network, wanted: FetchRequest): Promise<FetchResponse> {
  let url = parseUrl(wanted.url)
  let { method, body } = wanted
  let headers: Record<string, string> = { 'accept-encoding': 'gzip, deflate, br', ...wanted.headers }
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const response = await send(agent, network, { ...wanted, method, url: url.href, headers, body }, url)
    const location = headerText(response.headers.location)
    if (location === undefined || ![301, 302, 303, 307, 308].includes(response.statusCode)) {
      const from = withoutSecrets(url)
      const lost = (error: unknown): unknown => networkError(error, wanted.signal, url, network)
      return { ...(await readResponse(response, { maxBytes: wanted.maxBytes, from, lost })), url: url.href }
    }
    await response.body.dump()
    const next = parseUrl(location, url)
    if (next.origin !== url.origin) headers = without(headers, (name) => SECRET_HEADERS.has(name))
    // As browsers do: 303 always becomes a GET, 301 and 302 when a POST was sent.
    if (response.statusCode === 303 || (response.statusCode < 303 && method === 'POST')) {
      method = method === 'HEAD' ? 'HEAD' : 'GET'
      body = null
      headers = without(headers, (name) => name.startsWith('content-'))
    }
    url = next
  }
  throw new StepError({
    code: 'too-many-redirects',
    message: `${withoutSecrets(parseUrl(wanted.url))} redirected more than ${MAX_REDIRECTS} times.`,
    retryable: false,
  })
}

function parseUrl(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new StepError({
      code: 'bad-url',
      message: `"${text.slice(0, 200)}" is not an http or https address.`,
      retryable: false,
    })
  }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isRefusedAddress(host)) throw refused(host)
  return url
}

const without = (headers: Record<string, string>, drop: (lowerCaseName: string) => boolean): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !drop(name.toLowerCase())))

const headerText = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(', ') : value

async function send(agent: Agent, network: Network, wanted: FetchRequest, url: URL): Promise<Dispatcher.ResponseData> {
  if (!network.isOnline() && !isThisComputer(url)) throw offline(url)
  try {
    return await request(url, {
      dispatcher: agent,
      method: wanted.method,
      headers: wanted.headers,
      body: wanted.body,
      signal: wanted.signal,
      headersTimeout: 0,
      bodyTimeout: 0,
    })
  } catch (error) {
    throw networkError(error, wanted.signal, url, network)
  }
}

/** Whether an address is on this computer, which is there without any network. */
function isThisComputer({ hostname }: URL): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
}

function offline(url: URL, cause?: unknown): StepError {
  return new StepError(
    {
      code: 'offline',
      message: `${withoutSecrets(url)} cannot be reached while there is no network.`,
      retryable: true,
      needsNetwork: true,
    },
    { cause },
  )
}

/** Errors that say that there is no way out of this computer, or no way to look up a name: nothing was sent. */
const NO_NETWORK = new Set(['ENETUNREACH', 'ENETDOWN', 'EAI_AGAIN'])

/** What the operating system's and undici's error codes mean to a person. */
const NETWORK_ERRORS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed while sending',
  ENOTFOUND: 'the name is not known',
  EHOSTUNREACH: 'the computer cannot be reached',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  UND_ERR_SOCKET: 'the connection was closed before the answer was complete',
}

function networkError(error: unknown, signal: AbortSignal, url: URL, network: Network): unknown {
  if (signal.aborted) return signal.reason
  if (error instanceof StepError) return error
  const cause = error instanceof AggregateError ? error.errors[0] : error
  if (cause instanceof Error && cause.cause instanceof StepError) return cause.cause
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (NO_NETWORK.has(code) || (!network.isOnline() && !isThisComputer(url))) return offline(url, error)
  const meaning = NETWORK_ERRORS[code] ?? (cause instanceof Error ? cause.message : String(cause))
  return new StepError(
    { code: 'network', message: `Could not reach ${withoutSecrets(url)}: ${meaning}.`, retryable: true },
    { cause: error },
  )
}
