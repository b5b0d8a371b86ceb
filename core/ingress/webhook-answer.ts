import type { ServerResponse } from 'node:http'
import { checkAnswerHeaders } from '../connectors/webhook/answer-headers.ts'
import type { Json } from '../domain/json.ts'
import { renderValue } from '../domain/template.ts'
import type { LiveWebhook } from './live-triggers.ts'

/** What a sender is told. A text is sent as it is, anything else as JSON. */
export type Answer = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: Json | Uint8Array
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
  const { body } = answer
  const isBytes = body instanceof Uint8Array
  const content = typeof body === 'string' || isBytes ? body : body === null ? '' : JSON.stringify(body)
  const type = isBytes
    ? 'application/octet-stream'
    : typeof body === 'string'
      ? 'text/plain; charset=utf-8'
      : 'application/json; charset=utf-8'
  response.writeHead(answer.status, {
    'content-type': type,
    // With its length known, an answer leaves in one piece; these have no body that could have one.
    ...(answer.status === 204 || answer.status === 304 ? {} : { 'content-length': Buffer.byteLength(content) }),
    ...answer.headers,
  })
  response.end(content)
}

/**
 * The answer that the user configured, or null for the standard one. Where it cannot be rendered the standard one is sent, and
 * `problem` says why: a mistake in the answer must not lose the event.
 */
export function configuredAnswer(hook: LiveWebhook, data: Json): { answer: Answer | null; problem: string | null } {
  const { response } = hook.endpoint
  if (response === null) return { answer: null, problem: null }
  try {
    checkAnswerHeaders(response.headers)
    const body = renderValue(response.body, { [hook.stepId]: data }) ?? null
    return { answer: { status: response.status, headers: response.headers, body }, problem: null }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { answer: null, problem: `The answer could not be made, so the standard one was sent: ${why}` }
  }
}
