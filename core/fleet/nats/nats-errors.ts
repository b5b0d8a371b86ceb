import { JetStreamApiError } from '@nats-io/jetstream'
import { errors } from '@nats-io/transport-node'
import { LogError } from '../log.ts'
import { TLS_CODES, tlsError } from '../tls-errors.ts'

/** JetStream's own numbers: https://github.com/nats-io/nats-server/blob/main/server/errors.json */
const NOT_ENABLED = new Set([10039, 10076])
const NO_ROOM = new Set([10002, 10023, 10028, 10047, 10077])

/** What an account has to be allowed; `hookline` is the fleet’s name. */
const SUBJECTS =
  'the subjects that begin with the fleet’s name (such as "hookline.>"), "$JS.API.>", "$JS.ACK.>" and "_INBOX.>"'

/** What is asked of a server first. */
export const USE_JETSTREAM = 'use JetStream'

/** What an error of the NATS client means for a person. `what` was to be done, such as "publish an event". */
export function natsError(error: unknown, what: string, address: string): LogError {
  if (error instanceof LogError) return error
  const options = { cause: error }
  const text = error instanceof Error ? error.message : String(error)
  const causes = causesOf(error)
  const code = causes.map(codeOf).find((one) => one !== null) ?? ''
  if (
    causes.some(
      (one) => one instanceof errors.AuthorizationError || one instanceof errors.UserAuthenticationExpiredError,
    )
  )
    return new LogError(
      'sign-in',
      `NATS at ${address} refused the sign-in. Check the user and password (or the token, or the file behind "creds=") in the --fleet URL.`,
      options,
    )
  if (causes.some((one) => one instanceof errors.PermissionViolationError))
    return new LogError(
      'not-allowed',
      `NATS at ${address} does not allow this account to ${what}. Allow it to publish and subscribe to ${SUBJECTS}.`,
      options,
    )
  if (TLS_CODES.test(code) || /\btls\b|certificate/i.test(text))
    return tlsError({ log: 'NATS', shown: address, code, said: text, cause: error })
  const isSilent = error instanceof Error && error.name === 'JetStreamNotEnabled'
  // At the first use that is what it says; later it may be that the servers are choosing a leader.
  if (isSilent && what !== USE_JETSTREAM) {
    return new LogError(
      'unreachable',
      `JetStream at ${address} does not answer: no server of it is ready to ${what}.`,
      options,
    )
  }
  if (isSilent || (apiCode(error) !== undefined && NOT_ENABLED.has(apiCode(error) ?? 0)))
    return new LogError(
      'missing',
      `NATS at ${address} runs without JetStream, which keeps what is sent. Start it with "--jetstream", or give it a "jetstream" section in its file.`,
      options,
    )
  if (NO_ROOM.has(apiCode(error) ?? 0))
    return new LogError(
      'missing',
      `JetStream at ${address} has no room or too few servers to ${what} (${text.slice(0, 200)}). Give it more storage, or say "?replicas=1" in the --fleet URL.`,
      options,
    )
  if (error instanceof errors.NoRespondersError)
    return new LogError(
      'unreachable',
      `JetStream at ${address} does not answer: no server of it is ready to ${what}.`,
      options,
    )
  return new LogError(
    'unreachable',
    `NATS at ${address} could not be reached to ${what} (${code || text.slice(0, 200)}). Check that it runs and that the address and port in the --fleet URL are right.`,
    options,
  )
}

export function apiCode(error: unknown): number | undefined {
  return error instanceof JetStreamApiError ? error.code : undefined
}

function causesOf(error: unknown): unknown[] {
  const causes: unknown[] = []
  for (
    let one: unknown = error;
    one !== undefined && causes.length < 8;
    one = one instanceof Error ? one.cause : undefined
  )
    causes.push(one)
  return causes
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}
