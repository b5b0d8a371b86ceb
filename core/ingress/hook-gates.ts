import { type AddressList, isLoopback, readAddressList } from './address-list.ts'
import type { LiveWebhook } from './live-triggers.ts'
import { createRateLimiter, type Rate } from './rate-limit.ts'
import { type Answer, errorBody } from './webhook-answer.ts'

/** Why a request is not let in, before anything of it is looked at. */
export type Turned = {
  readonly verdict: 'not-allowed' | 'rate-limited' | 'paused'
  readonly note: string
  readonly answer: Answer
}

/** Keeps out who may not call, and who calls too often. */
export type HookGates = {
  /** Asked first, for every request of a sender whose address is known; null lets it in. */
  refusalOf(address: string | null, now: number): Turned | null
  /** Asked for a webhook that has a list of addresses or a rate; null lets the request in. */
  refusalAt(hook: LiveWebhook, address: string | null, now: number): Turned | null
  /** Requests a minute that one address may send; 0 is no limit. */
  setPerAddress(max: number): void
}

const MINUTE_MS = 60_000

export function createHookGates(): HookGates {
  const addresses = createRateLimiter()
  const hooks = createRateLimiter()
  const lists = new WeakMap<LiveWebhook, AddressList>()
  let perAddress: Rate | null = null

  function listOf(hook: LiveWebhook, ranges: readonly string[]): AddressList {
    const list = lists.get(hook) ?? readAddressList(ranges)
    lists.set(hook, list)
    return list
  }

  return {
    refusalOf(address, now) {
      // What comes from this computer, a tunnel without a word on its senders too, may be anybody: they must not share one limit.
      if (perAddress === null || address === null || isLoopback(address)) return null
      const waitMs = addresses.take(address, perAddress, now)
      if (waitMs === 0) return null
      return tooMany(waitMs, `More than ${perAddress.max} requests a minute came from ${address}.`)
    },
    refusalAt(hook, address, now) {
      const { allowFrom, rateLimit } = hook.endpoint
      if (allowFrom.length > 0 && (address === null || !listOf(hook, allowFrom).has(address))) {
        return {
          verdict: 'not-allowed',
          note: `${address ?? 'An unknown address'} is not on this webhook's list of addresses.`,
          answer: { status: 403, body: errorBody('not-allowed', 'This address may not call this webhook.') },
        }
      }
      if (rateLimit === null) return null
      const waitMs = hooks.take(`${hook.zapId}/${hook.stepId}`, rateLimit, now)
      return waitMs === 0 ? null : tooMany(waitMs, 'More came than the rate limit of this webhook lets in.')
    },
    setPerAddress(max) {
      perAddress = max === 0 ? null : { max, perMs: MINUTE_MS }
    },
  }
}

/** A request by a name that is not one of the webhooks'. */
export function turnedHost(host = ''): Turned {
  return {
    verdict: 'not-allowed',
    note: `It was sent to "${host.slice(0, 200)}", which is neither this computer nor its tunnel. If a proxy of yours calls it so, add the name in Settings, Webhooks.`,
    answer: { status: 421, body: errorBody('unknown-host', 'This is not the computer that the request names.') },
  }
}

function tooMany(waitMs: number, note: string): Turned {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000))
  return {
    verdict: 'rate-limited',
    note,
    answer: {
      status: 429,
      headers: { 'retry-after': String(seconds) },
      body: errorBody('rate-limited', `Too many requests; send it again in ${seconds} s.`),
    },
  }
}
