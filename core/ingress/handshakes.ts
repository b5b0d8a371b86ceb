import { createHmac } from 'node:crypto'
import { isJsonObject, type Json } from '../domain/values/json.ts'
import type { SenderSecrets } from './check-sender.ts'
import type { LiveWebhook } from './live-triggers.ts'
import { fieldOf, readFields } from './parse-form.ts'
import { sameText } from './proof-values.ts'
import { type Answer, errorBody } from './webhook-answer.ts'

/** A sender's question whether an address is real and wants its events. It is answered, and never makes a run. */
export type Handshake = { readonly answer: Answer; readonly note: string }

const PLAIN = { 'content-type': 'text/plain; charset=utf-8' }

/**
 * CloudEvents asks with `OPTIONS` before it delivers (HTTP Webhook 1.0.2, section 4). The callback address that it may name is never
 * called: to answer is enough, and a server that calls what it is told to can be used against others.
 */
export function cloudEventsHandshake(
  method: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  methods: readonly string[],
): Handshake | null {
  const origin = headers['webhook-request-origin']
  if (method !== 'OPTIONS' || typeof origin !== 'string') return null
  const rate = headers['webhook-request-rate']
  return {
    answer: {
      status: 200,
      headers: {
        'webhook-allowed-origin': origin,
        ...(rate === undefined ? {} : { 'webhook-allowed-rate': '*' }),
        allow: methods.join(', '),
      },
      body: null,
    },
    note: `CloudEvents asked whether ${origin} may send events here, and was told yes.`,
  }
}

/** Meta asks with `GET` and the text that was set beside the address there. Null when the request is no such question. */
export async function metaHandshake(
  hook: LiveWebhook,
  query: string,
  secrets: SenderSecrets,
): Promise<Handshake | 'refused' | null> {
  const asked = readFields(query)
  const challenge = fieldOf(asked, 'hub.challenge')
  if (fieldOf(asked, 'hub.mode') !== 'subscribe' || challenge === undefined) return null
  const { verifyToken } = hook.endpoint.verify ?? {}
  const token = verifyToken === undefined ? '' : await secrets.open(verifyToken.$credential).catch(() => '')
  if (token === '' || !sameText(fieldOf(asked, 'hub.verify_token') ?? '', token.trim())) return 'refused'
  return {
    answer: { status: 200, headers: PLAIN, body: challenge },
    note: 'Meta asked whether this address is yours, and was given its challenge back.',
  }
}

/** What Meta is told whose token does not fit. */
export const WRONG_TOKEN: Answer = {
  status: 403,
  body: errorBody('bad-verify-token', 'The verify token is not the one of this webhook.'),
}

/** The questions of Slack and Zoom, which come signed like every event. `secret` is the one that the signature fits. */
export function bodyHandshake(hook: LiveWebhook, body: Json, secret: string | null): Handshake | null {
  if (!isJsonObject(body)) return null
  const scheme = hook.endpoint.verify?.scheme
  if (body.type === 'url_verification' && (scheme === 'slack' || scheme === undefined)) {
    if (typeof body.challenge !== 'string') return null
    return {
      answer: { status: 200, headers: PLAIN, body: body.challenge },
      note: 'Slack asked whether this address is yours, and was given its challenge back.',
    }
  }
  if (body.event === 'endpoint.url_validation' && scheme === 'zoom' && secret !== null) {
    const { payload = null } = body
    const plainToken = isJsonObject(payload) ? payload.plainToken : undefined
    if (typeof plainToken !== 'string') return null
    const encryptedToken = createHmac('sha256', secret).update(plainToken).digest('hex')
    return {
      answer: { status: 200, body: { plainToken, encryptedToken } },
      note: 'Zoom asked whether this address is yours, and was given its token back, signed.',
    }
  }
  return null
}
