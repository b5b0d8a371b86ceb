import type { ServerResponse } from 'node:http'
import type { SenderAnswer } from '../connectors/action-context.ts'
import { checkAnswerHeaders } from '../connectors/webhook/answer-headers.ts'
import { asJsonTemplate, isJsonText } from '../domain/templates/json-template.ts'
import { renderValue } from '../domain/templates/template.ts'
import type { Json } from '../domain/values/json.ts'
import { eventScope, type LiveWebhook } from './live-triggers.ts'

/** What a sender is told. A text is sent as it is, and called JSON where it is; anything else is sent as JSON. */
export type Answer = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: Json | Uint8Array
}

/** The body of every answer that is not 2xx. */
export const errorBody = (code: string, message: string): Json => ({ error: { code, message } })

const RETRY_AFTER_SECONDS = 60

/** Asks a sender to send it again later. */
export const comeBack = (code: string, message: string, seconds = RETRY_AFTER_SECONDS): Answer => ({
  status: 503,
  headers: { 'retry-after': String(seconds) },
  body: errorBody(code, message),
})

/** Shows a page without running anything in it, and in no frame of another page. */
const SANDBOX = "sandbox; frame-ancestors 'none'"

/**
 * An answer of the user's own making as it is sent. What is in it may come from a stranger, so as a page it can do nothing, whatever its own headers say,
 * unless its step allows scripts; and which pages may read it is said by the webhook alone.
 */
export function ownAnswer({ status, headers, body, allowScripts }: SenderAnswer): Answer {
  const sent: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase()
    if (lower !== 'x-content-type-options' && !lower.startsWith('access-control-')) sent[lower] = value
  }
  const policy = sent['content-security-policy']
  // Of several policies with commas between them a browser obeys all.
  if (allowScripts !== true) sent['content-security-policy'] = policy === undefined ? SANDBOX : `${SANDBOX}, ${policy}`
  return { status, headers: sent, body }
}

/** Sends an answer, unless the request is answered already or its sender has gone. */
export function send(response: ServerResponse, answer: Answer): void {
  if (response.headersSent || response.destroyed) return
  const { body } = answer
  const isBytes = body instanceof Uint8Array
  const content = typeof body === 'string' || isBytes ? body : body === null ? '' : JSON.stringify(body)
  const type = isBytes
    ? 'application/octet-stream'
    : typeof body === 'string' && !isJsonText(body)
      ? 'text/plain; charset=utf-8'
      : 'application/json; charset=utf-8'
  response.writeHead(answer.status, {
    'content-type': type,
    // A browser must take it for what it is called, and for nothing else.
    'x-content-type-options': 'nosniff',
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
    const written = typeof response.body === 'string' ? asJsonTemplate(response.body) : null
    const body = renderValue(written ?? response.body, eventScope(hook, data)) ?? null
    return { answer: ownAnswer({ ...response, body }), problem: null }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { answer: null, problem: `The answer could not be made, so the standard one was sent: ${why}` }
  }
}
