import type { IncomingMessage } from 'node:http'
import type { Captures } from './captures.ts'
import type { SenderSecrets } from './check-sender.ts'
import { cloudEventsHandshake, metaHandshake, WRONG_TOKEN } from './handshakes.ts'
import type { FoundHooks } from './hook-paths.ts'
import type { LiveWebhook } from './live-triggers.ts'
import type { KeepRefusal } from './refused-requests.ts'
import { type Answer, errorBody } from './webhook-answer.ts'
import { splitUrl } from './webhook-request.ts'

/**
 * Answers a request that no webhook takes by its path and method: a sender's question about a webhook, one that is waited for in
 * the editor, or one that went astray. None of them makes a run.
 */
export function createUnclaimedRequests(config: {
  readonly keep: KeepRefusal
  readonly captures: Captures
  readonly secrets: SenderSecrets
}) {
  const { keep, captures, secrets } = config

  /** `hooks`: those that listen at its path, with other methods. */
  return async function answerUnclaimed(
    request: IncomingMessage,
    raw: Uint8Array,
    { path, hooks }: FoundHooks,
    address: string | null,
  ): Promise<Answer> {
    const { method = 'GET', url = '/' } = request
    const [, query] = splitUrl(url)
    const [hook] = hooks
    const handshake = hook === undefined ? null : await handshakeOf(request, hooks, query)
    if (handshake !== null) {
      const { answer, note, verdict, of } = handshake
      await keep(request, raw, { verdict, status: answer.status, hook: of, note, address })
      return answer
    }
    if (captures.isWaiting(path)) {
      const note = 'It was captured in the editor. No zap that is switched on listens here, so nothing ran.'
      await keep(request, raw, { verdict: 'captured', status: 200, note, address, path })
      captures.came(path)
      return { status: 200, body: { status: 'captured' } }
    }
    const status = hook === undefined ? 404 : 405
    await keep(request, raw, { verdict: 'unknown-path', status, address })
    if (hook === undefined) {
      return { status, body: errorBody('unknown-path', `No zap that is switched on listens at ${path}.`) }
    }
    const allow = hooks.flatMap((other) => other.endpoint.methods).join(', ')
    return {
      status,
      headers: { allow },
      body: errorBody('method-not-allowed', `${path} takes ${allow}, not ${method}.`),
    }
  }

  async function handshakeOf(request: IncomingMessage, hooks: readonly LiveWebhook[], query: string) {
    const { method = 'GET', headers } = request
    const methods = hooks.flatMap((hook) => hook.endpoint.methods)
    const cloudEvents = cloudEventsHandshake(method, headers, methods)
    if (cloudEvents !== null) return { ...cloudEvents, verdict: 'handshake' as const, of: hooks[0] }
    const meta = method === 'GET' ? hooks.find((hook) => hook.endpoint.verify?.scheme === 'meta') : undefined
    const asked = meta === undefined ? null : await metaHandshake(meta, query, secrets)
    if (asked === 'refused') {
      const note = 'Meta asked whether this address is yours, but with another verify token than the one set here.'
      return { answer: WRONG_TOKEN, note, verdict: 'bad-signature' as const, of: meta }
    }
    return asked === null ? null : { ...asked, verdict: 'handshake' as const, of: meta }
  }
}
