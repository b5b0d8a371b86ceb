import { type ServerResponse, validateHeaderName, validateHeaderValue } from 'node:http'
import type { Json } from '../domain/json.ts'
import { renderValue } from '../domain/template.ts'
import type { LiveWebhook } from './live-triggers.ts'

/** What a sender is told. A text is sent as it is, anything else as JSON. */
export type Answer = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: Json
}

/** The body of every answer that is not 2xx. */
export const errorBody = (code: string, message: string): Json => ({ error: { code, message } })

const RETRY_AFTER_SECONDS = 60

/** Asks a sender to send it again later. */
export const comeBack = (code: string, message: string): Answer => ({
  status: 503,
  headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
  body: errorBody(code, message),
})

/** Sends an answer, unless the request is answered already or its sender has gone. */
export function send(response: ServerResponse, answer: Answer): void {
  if (response.headersSent || response.destroyed) return
  const isText = typeof answer.body === 'string'
  const text = isText ? answer.body : answer.body === null ? '' : JSON.stringify(answer.body)
  response.writeHead(answer.status, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
    // With its length known, an answer leaves in one piece; these have no body that could have one.
    ...(answer.status === 204 || answer.status === 304 ? {} : { 'content-length': Buffer.byteLength(text) }),
    ...answer.headers,
  })
  response.end(text)
}

/** Headers that say how long the answer is: a wrong one would leave its sender waiting, or break the connection. */
const FRAMING_HEADERS = new Set(['content-length', 'transfer-encoding', 'connection'])

/**
 * The answer that the user configured, or null for the standard one. Where it cannot be rendered the standard one is sent, and
 * `problem` says why: a mistake in the answer must not lose the event.
 */
export function configuredAnswer(hook: LiveWebhook, data: Json): { answer: Answer | null; problem: string | null } {
  const { response } = hook.endpoint
  if (response === null) return { answer: null, problem: null }
  try {
    for (const [name, value] of Object.entries(response.headers)) {
      validateHeaderName(name)
      validateHeaderValue(name, value)
      if (FRAMING_HEADERS.has(name.toLowerCase())) throw new Error(`the header "${name}" is set by Hookline itself`)
    }
    const body = renderValue(response.body, { [hook.stepId]: data }) ?? null
    return { answer: { status: response.status, headers: response.headers, body }, problem: null }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { answer: null, problem: `The answer could not be made, so the standard one was sent: ${why}` }
  }
}
