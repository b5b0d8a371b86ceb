import { type Json, textOf } from '../../domain/values/json.ts'
import type { AppClient, AppRequest } from '../app-request.ts'
import { appHook } from '../app-triggers.ts'
import { enteredOf, formOf, outputSchema, type Shown, summaryOf } from '../service/operation.ts'
import { textAt } from '../service/parts.ts'
import type { Entered, ServiceFields } from '../service/request.ts'

/**
 * A trigger that Google calls when something changes, by a channel that ends by itself
 * (https://developers.google.com/workspace/calendar/api/guides/push). It says that something changed, not what: a step after it reads that.
 */
export function channelTrigger(
  declared: Shown & {
    readonly fields?: ServiceFields
    /** What is asked to watch, without what is told of us. */
    readonly watch: (entered: Entered, http: AppClient) => Promise<Pick<AppRequest, 'path' | 'query'>>
    /** Where a channel is ended. */
    readonly stop: string
  },
): ReturnType<typeof appHook> {
  const { name, title, description, keywords, sample, scopes, fields = {}, watch, stop } = declared
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
    verify: { scheme: 'header', header: 'X-Goog-Channel-Token' },
    events({ headers }) {
      const state = headers['x-goog-resource-state'] ?? ''
      // The first call only says that the channel is there.
      if (state === 'sync' || state === '') return []
      const told = {
        state,
        changed: headers['x-goog-changed'] ?? null,
        resource: headers['x-goog-resource-uri'] ?? null,
      }
      return [{ key: `${headers['x-goog-channel-id'] ?? ''} ${headers['x-goog-message-number'] ?? ''}`, data: told }]
    },
    async subscribe({ http, url, secret, input, clock }) {
      // Each channel has an id of its own, also one that takes the place of another.
      const id = `${url.slice(url.lastIndexOf('/') + 1)}-${clock.now().toString(36)}`
      const asked = await watch(enteredOf(input), http)
      const body = { id, type: 'web_hook', address: url, token: secret }
      const answer = (await http({ method: 'POST', ...asked, body })).body
      const ends = Number(textAt(answer, 'expiration'))
      return {
        subscription: { id, resourceId: textAt(answer, 'resourceId') },
        ...(ends > 0 && { expiresAt: ends }),
      }
    },
    async unsubscribe({ http, subscription }) {
      await http({ method: 'POST', path: stop, body: subscription })
    },
  })
}

/** What Google tells of a change, as an example. */
export const channelSample = (resource: string): Json => ({
  state: 'exists',
  changed: null,
  resource: textOf(resource),
})
