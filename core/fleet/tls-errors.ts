import { LogError } from './log.ts'

/** Codes of errors of TLS, as OpenSSL and Node name them, begin with one of these. */
export const TLS_CODES = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|ERR_OSSL|EPROTO)/

const UNTRUSTED = /^(DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/
const OTHER_NAME = /^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)/
const TIME = /^CERT_(HAS_EXPIRED|NOT_YET_VALID)/
const WITHOUT_TLS = /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|does not support 'tls'/
const BROKEN_OFF = /disconnected before secure TLS connection/
const WANTS_CERTIFICATE = /certificate required|CERTIFICATE_REQUIRED|bad certificate|BAD_CERTIFICATE/

/** What an error of TLS means for a person, and what to write. `shown` is the address of the log without secrets. */
export function tlsError(at: {
  readonly log: 'NATS' | 'Kafka'
  readonly shown: string
  /** Empty where the error has none. */
  readonly code: string
  readonly said: string
  readonly cause: unknown
}): LogError {
  const { log, shown, code, said } = at
  const [plain, secured] = log === 'NATS' ? ['nats', 'tls'] : ['kafka', 'kafkas']
  const servers = shown.slice(shown.indexOf('://') + 3)
  const isPlain = shown.startsWith(`${plain}://`)
  const reason = `${code || said.slice(0, 200)}`
  const text = `${code} ${said}`
  const authority = 'name the file of its authority behind the servers, "?ca=/path/to/ca.pem"'
  const remedy = BROKEN_OFF.test(text)
    ? `broke off when TLS began, as one does that speaks none. Write ${plain}://${servers} in the --fleet URL, or let it speak TLS.`
    : WITHOUT_TLS.test(text)
      ? `does not speak TLS (${reason}). Write ${plain}://${servers} in the --fleet URL, or let it speak TLS.`
      : isPlain
        ? `wants TLS (${reason}). Write ${secured}://${servers} in the --fleet URL and, where its certificate is of an authority of your own, ${authority}.`
        : UNTRUSTED.test(code)
          ? `shows a certificate that is not trusted here (${reason}). Where it is of an authority of your own, ${authority}.`
          : OTHER_NAME.test(code)
            ? `shows a certificate for other names (${said.slice(0, 200)}). Write a name in the --fleet URL that the certificate has.`
            : TIME.test(code)
              ? `shows a certificate that is not valid now (${reason}). Renew it, or set the clock of this computer.`
              : WANTS_CERTIFICATE.test(text)
                ? `wants a certificate of this host (${reason}). Name its files behind the servers in the --fleet URL, "?cert=/path/to/cert.pem&key=/path/to/key.pem".`
                : `could not be reached by TLS (${reason}). Write ${secured}:// in the --fleet URL where it wants TLS and ${plain}:// where it does not, and ${authority} where that is one of your own.`
  return new LogError('tls', `${log} at ${servers} ${remedy}`, { cause: at.cause })
}
