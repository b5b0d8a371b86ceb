import type { Network } from '../domain/host/adapters.ts'
import { StepError } from '../domain/runs/step-error.ts'

/** An address to which nothing of Hookline's goes. */
export const refused = (host: string): StepError =>
  new StepError({
    code: 'address-refused',
    message: `Hookline does not connect to ${host}: link-local and metadata addresses are refused.`,
    retryable: false,
  })

/** An address without what could be a secret in it: for messages and logs. */
export function withoutSecrets(url: URL): string {
  // Of what is no web address there is no origin.
  return url.origin === 'null' ? url.host : `${url.origin}${url.pathname}`
}

/** Whether an address is on this computer, which is there without any network. */
export function isThisComputer({ hostname }: URL): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])\.?$/.test(hostname)
}

/** Nothing was sent, as there is no way to an address: the step waits for the network. */
export function offline(url: URL, cause?: unknown): StepError {
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

/** Errors of a connection that was there: the request may have arrived. */
const UNDER_WAY = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])

/** Whether what went wrong did so when a request was on its way, and not while its connection was made. */
function wasUnderWay(code: string, cause: unknown): boolean {
  const isConnecting =
    cause instanceof Error &&
    (('syscall' in cause && cause.syscall === 'connect') || / before secure TLS /.test(cause.message))
  return UNDER_WAY.has(code) && !isConnecting
}

/** Errors that come again on every attempt, with what to do about them. The codes are OpenSSL's, Node's and undici's. */
const LASTING_ERRORS: readonly (readonly [code: RegExp, name: string, meaning: string])[] = [
  [
    /^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/,
    'certificate',
    'its certificate is not valid today; it has to be renewed there',
  ],
  [
    /^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/,
    'certificate',
    'its certificate is for another name; use the name that it is for',
  ],
  [
    /^(CERT_|ERR_TLS_CERT|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA|HOSTNAME_)/,
    'certificate',
    'its certificate is not trusted here (it may be self-signed); trust its authority with NODE_EXTRA_CA_CERTS',
  ],
  [/^(EPROTO|ERR_SSL_)/, 'tls', 'it does not speak TLS as we do; use http:// if it has no TLS'],
  [/^(HPE_|HTTPParserError$|UND_ERR_HEADERS_OVERFLOW$)/, 'no-http', 'what it answers is not HTTP; look at the port'],
  [/^(UND_ERR_INVALID_ARG|UND_ERR_NOT_SUPPORTED|ERR_INVALID_)/, 'bad-input', 'the request cannot be sent as it is'],
]

/** What went wrong with a connection, in words for a person, and whether it may go better later. */
export function networkError(error: unknown, signal: AbortSignal, url: URL, network: Network): unknown {
  if (signal.aborted) return signal.reason
  if (error instanceof StepError) return error
  const cause = error instanceof AggregateError ? error.errors[0] : error
  if (cause instanceof Error && cause.cause instanceof StepError) return cause.cause
  // Undici's parser leaves out the code of some of its errors.
  const code = cause instanceof Error ? String(('code' in cause ? cause.code : undefined) ?? cause.name) : ''
  const lasting = LASTING_ERRORS.find(([pattern]) => pattern.test(code))
  if (lasting !== undefined) {
    const [, name, meaning] = lasting
    const message = `Could not reach ${withoutSecrets(url)}: ${meaning} (${code}).`
    return new StepError({ code: name, message, retryable: false }, { cause: error })
  }
  if (NO_NETWORK.has(code) || (!network.isOnline() && !isThisComputer(url))) return offline(url, error)
  const meaning = NETWORK_ERRORS[code] ?? (cause instanceof Error ? cause.message : String(cause))
  return new StepError(
    {
      code: 'network',
      message: `Could not reach ${withoutSecrets(url)}: ${meaning}.`,
      retryable: true,
      ...(wasUnderWay(code, cause) && { maybeDone: true }),
    },
    { cause: error },
  )
}
