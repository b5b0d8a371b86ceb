import { StepError } from '../../domain/runs/step-error.ts'

/** The characters of a header's name (RFC 9110, section 5.6.2). */
export const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** Tab, what is printable, and bytes beyond ASCII (RFC 9110, section 5.5): all that HTTP can carry as a value. */
export const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/
/** Headers that say how long a message is or how its connection goes on: a wrong one leaves the other side waiting, or breaks the connection. */
export const FRAMING_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/**
 * The headers of a request, by lower-case name. What the user gave goes before our own. Null leaves a header out. Throws a
 * {@link StepError} `bad-input` for what is no header.
 */
export function requestHeaders(options: {
  given: Readonly<Record<string, string | number | boolean | null>>
  contentType: string | undefined
  idempotencyKey: string | undefined
}): Record<string, string> {
  const headers = new Map([
    ['accept', '*/*'],
    ['user-agent', 'Hookline'],
  ])
  if (options.contentType !== undefined) headers.set('content-type', options.contentType)
  if (options.idempotencyKey !== undefined) headers.set('idempotency-key', options.idempotencyKey)
  for (const [name, value] of Object.entries(options.given)) {
    if (value === null) headers.delete(name.toLowerCase())
    else headers.set(...checkedHeader(name, String(value).trim()))
  }
  return Object.fromEntries(headers)
}

/** A header with its name in small letters. Throws a {@link StepError} `bad-input` for what is no header. */
export function checkedHeader(name: string, value: string): readonly [name: string, value: string] {
  if (!HEADER_NAME.test(name)) throw refusal(`"${name}" is not a name that a header may have`)
  // The value stays out of the message: it may be a secret.
  if (FRAMING_HEADERS.has(name.toLowerCase())) throw refusal(`The header "${name}" is set by Hookline itself`)
  if (/[\r\n]/.test(value)) throw refusal(`The header "${name}" must not hold line breaks`)
  if (!HEADER_VALUE.test(value))
    throw refusal(`The header "${name}" holds a character that no header can carry, ${advice(name)}`)
  return [name.toLowerCase(), value]
}

function advice(name: string): string {
  return name.toLowerCase() === 'content-disposition'
    ? `such as an emoji; write "filename*=UTF-8''{{ … | url_encode }}" (RFC 8187)`
    : 'such as an emoji; write it with "| url_encode" or as RFC 2047 has it, as the receiver expects'
}

function refusal(reason: string): StepError {
  return new StepError({ code: 'bad-input', message: `${reason}; correct it in "headers".`, retryable: false })
}
