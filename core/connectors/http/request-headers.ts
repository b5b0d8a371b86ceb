import { StepError } from '../../domain/step-error.ts'

/** The characters of a header's name (RFC 9110, section 5.6.2). */
export const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** What a value must not hold: it would end the header, or the request. */
const CONTROL = /[\0\r\n]/

/**
 * The headers of a request, by lower-case name. What the user gave goes before our own, except for the credential, which
 * is there to be used. Null leaves a header out. Throws a {@link StepError} `bad-input` for what is no header.
 */
export function requestHeaders(options: {
  given: Readonly<Record<string, string | number | boolean | null>>
  contentType: string | undefined
  idempotencyKey: string | undefined
  credential: readonly [name: string, value: string] | null
}): Record<string, string> {
  const headers = new Map([
    ['accept', '*/*'],
    ['user-agent', 'Hookline'],
  ])
  if (options.contentType !== undefined) headers.set('content-type', options.contentType)
  if (options.idempotencyKey !== undefined) headers.set('idempotency-key', options.idempotencyKey)
  for (const [name, value] of Object.entries(options.given)) {
    if (value === null) headers.delete(name.toLowerCase())
    else set(headers, name, String(value).trim())
  }
  if (options.credential !== null) set(headers, ...options.credential)
  return Object.fromEntries(headers)
}

function set(headers: Map<string, string>, name: string, value: string): void {
  if (!HEADER_NAME.test(name)) throw refusal(`"${name}" is not a name that a header may have`)
  // The value stays out of the message: it may be a secret.
  if (CONTROL.test(value)) throw refusal(`The header "${name}" must not hold line breaks`)
  headers.set(name.toLowerCase(), value)
}

function refusal(reason: string): StepError {
  return new StepError({ code: 'bad-input', message: `${reason}; correct it in "headers".`, retryable: false })
}
