import { StepError } from '../../domain/runs/step-error.ts'
import { isJsonObject, type Json, textOf } from '../../domain/values/json.ts'
import { appHook, appPoll } from '../app-triggers.ts'
import { readPath, valueAt } from '../kit/path.ts'
import { enteredOf, formOf, outputSchema, type Shown, summaryOf } from '../service/operation.ts'
import type { Entered, ServiceFields } from '../service/request.ts'
import { valuesOf } from './microsoft.ts'

/** Pages of changes that are read at one poll; the next one goes on. */
const PAGES_AT_ONCE = 40
const HOUR_MS = 3_600_000

/**
 * A trigger that asks Microsoft what changed since the last time, by the address that the last answer names
 * (https://learn.microsoft.com/en-us/graph/delta-query-overview).
 */
export function deltaTrigger(
  declared: Shown & {
    readonly fields?: ServiceFields
    readonly every?: string
    /** What is asked first. `all`: what is there already counts, too. `now` in milliseconds since 1970 UTC. */
    readonly begin: (context: { readonly entered: Entered; readonly all: boolean; readonly now: number }) => string
    /** How long an address is good for; after that it begins anew. */
    readonly restartMs?: number
    /** Whether an item counts; all do when absent. */
    readonly counts?: (item: Json) => boolean
    /** What tells one state of an item from the next. */
    readonly key: (item: Json) => string
  },
): ReturnType<typeof appPoll> {
  const { name, title, description, keywords, sample, scopes, every, fields = {} } = declared
  const { begin, key, counts = () => true, restartMs = Number.POSITIVE_INFINITY } = declared
  return appPoll({
    name,
    title,
    description,
    ...(keywords && { keywords }),
    ...(scopes && { scopes }),
    ...(every !== undefined && { every }),
    summary: declared.summary ?? summaryOf(fields),
    input: formOf(fields),
    output: outputSchema,
    sample,
    async poll({ input, http, cursor, clock }) {
      const entered = enteredOf(input)
      const now = clock.now()
      const known = cursor !== null && isJsonObject(cursor) ? cursor : {}
      const began = Number(known.began ?? now)
      const first = begin({ entered, all: entered.first === 'all', now })
      const goesOn = typeof known.link === 'string' && known.link !== '' && now - began < restartMs
      const items: Json[] = []
      let asked = goesOn ? textOf(known.link ?? '') : first
      for (let page = 0; page < PAGES_AT_ONCE; page++) {
        // An address that Microsoft has forgotten: it begins anew, and what was there before starts nothing.
        const { body } = await http({ path: asked }).catch((error: unknown) => {
          if (page > 0 || !goesOn || !isGone(error)) throw error
          return http({ path: first })
        })
        items.push(...valuesOf(body))
        const next = valueAt(body, readPath('["@odata.nextLink"]'))
        asked = textOf(next ?? valueAt(body, readPath('["@odata.deltaLink"]')) ?? '')
        if (next === undefined) break
      }
      const events = items.filter(counts).map((item) => ({ key: key(item), data: item }))
      return { events, cursor: { link: asked, began: goesOn ? began : now } }
    },
  })
}

const isGone = (error: unknown): boolean => error instanceof StepError && error.details.code === 'http-410'

/**
 * A trigger that Microsoft calls when something changes (https://learn.microsoft.com/en-us/graph/change-notifications-delivery-webhooks). It says
 * what changed, not how: a step after it reads that.
 */
export function changesTrigger(
  declared: Shown & {
    readonly fields?: ServiceFields
    /** What is looked at: `me/events`. */
    readonly resource: (entered: Entered) => string
    readonly changes: 'created' | 'updated' | 'created,updated'
    /** How long Microsoft tells of it before that has to be said again. */
    readonly hours?: number
  },
): ReturnType<typeof appHook> {
  const { name, title, description, keywords, sample, scopes, fields = {}, resource, changes, hours = 48 } = declared
  const until = (now: number) => ({ expiresAt: now + hours * HOUR_MS })
  const iso = ({ expiresAt }: { readonly expiresAt: number }) => new Date(expiresAt).toISOString()
  const idOf = (subscription: Json) => encodeURIComponent(textOf(subscription).toWellFormed())
  return appHook({
    name,
    title,
    description,
    ...(keywords && { keywords }),
    ...(scopes && { scopes }),
    summary: declared.summary ?? summaryOf(fields),
    input: formOf(fields),
    output: outputSchema,
    sample,
    verify: { scheme: 'in-body', at: 'value[*].clientState' },
    handshake: ({ query }) =>
      query.validationToken === undefined
        ? null
        : { status: 200, headers: { 'content-type': 'text/plain' }, body: textOf(query.validationToken) },
    events: ({ body }) =>
      valuesOf(body).map((told) => {
        const found = isJsonObject(told) ? told : {}
        const about = isJsonObject(found.resourceData ?? null) ? Object(found.resourceData) : {}
        const data = { id: about.id ?? null, change: found.changeType ?? null, resource: found.resource ?? null }
        // The same thing may change again, and its tag says so; where there is none, a call is never the same.
        const tag = about['@odata.etag']
        return { key: typeof tag === 'string' ? JSON.stringify([data.id, data.change, tag]) : null, data }
      }),
    async subscribe({ http, url, secret, input, clock }) {
      const end = until(clock.now())
      const told = {
        changeType: changes,
        notificationUrl: url,
        resource: resource(enteredOf(input)),
        expirationDateTime: iso(end),
        clientState: secret,
      }
      const { body } = await http({ method: 'POST', path: 'subscriptions', body: told })
      return { subscription: valueAt(body, readPath('id')) ?? null, ...end }
    },
    async find({ http, url, clock }) {
      const { body } = await http({ path: 'subscriptions' })
      const found = valuesOf(body).find((one) => valueAt(one, readPath('notificationUrl')) === url)
      if (found === undefined) return null
      const ends = Date.parse(textOf(valueAt(found, readPath('expirationDateTime')) ?? ''))
      return {
        subscription: valueAt(found, readPath('id')) ?? null,
        expiresAt: Number.isNaN(ends) ? clock.now() : ends,
      }
    },
    async renew({ http, subscription, clock }) {
      const end = until(clock.now())
      const path = `subscriptions/${idOf(subscription)}`
      await http({ method: 'PATCH', path, body: { expirationDateTime: iso(end) } })
      return { subscription, ...end }
    },
    async unsubscribe({ http, subscription }) {
      await http({ method: 'DELETE', path: `subscriptions/${idOf(subscription)}` })
    },
  })
}

/** What Microsoft tells of a change, as an example. */
export const changeSample = (id: string, resource: string, change = 'created'): Json => ({ id, change, resource })
