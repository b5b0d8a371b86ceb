import { LogError } from '../log.ts'
import { TLS_CODES, tlsError } from '../tls-errors.ts'

const TLS_WORDS = /secure TLS connection|certificate|\bssl3?\b/i

/** Answers of a broker after which another try, with fresh metadata, may do. */
const PASSING = new Set([
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_OR_FOLLOWER',
  'REQUEST_TIMED_OUT',
  'BROKER_NOT_AVAILABLE',
  'REPLICA_NOT_AVAILABLE',
  'NETWORK_EXCEPTION',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'KAFKA_STORAGE_ERROR',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  // Brokers hear of a new topic one after the other.
  'UNKNOWN_TOPIC_OR_PARTITION',
])

/** The names of what a broker answered, such as `NOT_COORDINATOR`. Empty where the broker did not answer. */
export function brokerAnswers(error: unknown): readonly string[] {
  return allOf(error).flatMap((one) => ('apiId' in one && typeof one.apiId === 'string' ? [one.apiId] : []))
}

/** What the broker answered, where the client rejects since a part of the answer is an error: what the request would have resolved with. */
export function answerIn<T>(error: unknown): T | undefined {
  const found = allOf(error).find((one) => 'response' in one && typeof one.response === 'object')
  // The client puts the answer there whole, as it does not say in its types.
  return found === undefined ? undefined : (Reflect.get(found, 'response') as T)
}

/** Whether the same may be asked again in a moment, with fresh metadata. */
export function isPassing(error: unknown): boolean {
  const answers = brokerAnswers(error)
  if (answers.length > 0) return answers.every((answer) => PASSING.has(answer))
  return error instanceof LogError && (error.code === 'unreachable' || error.code === 'missing')
}

/** What is asked of a broker first. */
export const SIGN_IN = 'sign in'

/** What an error of the Kafka client means for a person. `what` was to be done, such as "publish an event". */
export function kafkaError(error: unknown, what: string, address: string): LogError {
  if (error instanceof LogError) return error
  const options = { cause: error }
  const all = allOf(error)
  const answers = brokerAnswers(error)
  const said = (all.find((one) => one.message !== '')?.message ?? String(error)).slice(0, 300)
  const code = all.map(codeOf).find((one) => one !== null) ?? ''
  const has = (...names: readonly string[]): boolean => names.some((name) => answers.includes(name))
  if (
    has('UNSUPPORTED_SASL_MECHANISM') ||
    all.some((one) => codeText(one) === 'PLT_KFK_AUTHENTICATION') ||
    has('SASL_AUTHENTICATION_FAILED', 'ILLEGAL_SASL_STATE')
  )
    return new LogError(
      'sign-in',
      `Kafka at ${address} refused the sign-in (${said}). Check the user and password in the --fleet URL, and the way to sign in behind "?sasl=": plain, scram-sha-256 or scram-sha-512.`,
      options,
    )
  if (all.some((one) => TLS_CODES.test(codeText(one) ?? '') || TLS_WORDS.test(one.message)))
    return tlsError({
      ...{ log: 'Kafka', shown: address, cause: error },
      code: all.map((one) => codeText(one) ?? '').find((one) => TLS_CODES.test(one)) ?? '',
      said: all.find((one) => TLS_WORDS.test(one.message) || TLS_CODES.test(codeText(one) ?? ''))?.message ?? said,
    })
  const refused = answers.find((answer) => answer.endsWith('AUTHORIZATION_FAILED'))
  if (refused !== undefined)
    return new LogError(
      'not-allowed',
      `Kafka at ${address} does not allow this account to ${what} (${refused}). Allow it to read, write, create and describe topics and groups whose names begin with the fleet’s.`,
      options,
    )
  if (has('MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'))
    return new LogError(
      'too-large',
      `Kafka at ${address} refused a record as too large. Raise "max.message.bytes" of the fleet’s topics to 1048588 or more.`,
      options,
    )
  if (has('UNKNOWN_TOPIC_OR_PARTITION', 'INVALID_TOPIC_EXCEPTION'))
    return new LogError(
      'missing',
      `A topic that is needed to ${what} is not there any more at Kafka ${address}. Restart the host, which makes it again.`,
      options,
    )
  if (has('UNSUPPORTED_VERSION') || all.some((one) => codeText(one) === 'PLT_KFK_UNSUPPORTED_API'))
    return new LogError(
      'too-old',
      `Kafka at ${address} is too old to ${what}. Hookline needs Kafka 2.4 or newer.`,
      options,
    )
  // Later a broker hangs up also when it is ended.
  const isReset = code === 'ECONNRESET' && what === SIGN_IN
  const isHungUp =
    answers.length === 0 && (isReset || (code === '' && /connection closed|cannot connect to any broker/i.test(said)))
  if (isHungUp)
    return new LogError(
      'unreachable',
      `Kafka at ${address} hung up without an answer when it was to ${what}. Check whether it wants a sign-in (user:password@ in the --fleet URL) or none, TLS (kafkas://) or none (kafka://), and whether it is a Kafka broker.`,
      options,
    )
  return new LogError(
    'unreachable',
    `Kafka at ${address} could not be reached to ${what} (${answers[0] ?? (code || said)}). Check that it runs, that the addresses and ports in the --fleet URL are right, and that "advertised.listeners" of the brokers names addresses that this host can reach.`,
    options,
  )
}

/** An error with what it was made of, outermost first. */
function allOf(error: unknown): Error[] {
  const all: Error[] = []
  const open: unknown[] = [error]
  while (open.length > 0 && all.length < 30) {
    const one = open.shift()
    if (!(one instanceof Error)) continue
    all.push(one)
    open.push(one.cause)
    if ('errors' in one && Array.isArray(one.errors)) open.push(...one.errors)
  }
  return all
}

function codeText(error: Error): string | null {
  return 'code' in error && typeof error.code === 'string' ? error.code : null
}

/** The system's own code, such as ECONNREFUSED. */
function codeOf(error: Error): string | null {
  const code = codeText(error)
  return code === null || code.startsWith('PLT_KFK_') ? null : code
}
