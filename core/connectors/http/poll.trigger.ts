import { z } from 'zod'
import { hostTouches } from '../../domain/trust/touches.ts'
import { jsonSchema } from '../../domain/values/json.ts'
import { parsePath } from '../../domain/values/value-path.ts'
import { defineTrigger } from '../define.ts'
import { encodeBody } from '../kit/encode-body.ts'
import { failedAnswer } from '../kit/failed-answer.ts'
import { everyField, firstField, POLL_TIMES } from '../kit/poll-fields.ts'
import { readBody, shownHeaders } from '../kit/read-body.ts'
import { requestHeaders } from '../kit/request-headers.ts'
import { withQuery } from '../kit/signed-in.ts'
import { unfinishedAddress } from '../kit/unfinished.ts'
import type { PageClient } from '../service/pages.ts'
import { polledListFields, pollList } from '../service/polled-list.ts'
import { addressOf, requestFields, termsOf } from './request-fields.ts'
import { jsonOf } from './request-pages.ts'

/** Bytes of an answer: what is asked for every few minutes should be a page of what is new, and not all that there is. */
const DEFAULT_MAX_BYTES = 8_388_608

const pathSchema = z.string().refine((path) => parsePath(path) !== null, {
  error: 'is no path, such as data.items or pages[0].rows',
})

/** Asks an address again and again for a list, and starts a run for each item that was not in it before. */
export const httpPoll = defineTrigger({
  id: 'http.poll',
  title: 'New items at an address',
  description: 'Asks an address now and then for a list, and starts for each item that is new in it.',
  keywords: ['poll', 'polling', 'json', 'check', 'new item', 'watch url', 'changes'],
  icon: 'refresh-cw',
  category: 'http',
  summary: '{url}',
  touches: ({ url, method, proxy }) => [
    ...hostTouches(url, method === undefined || method === 'GET' ? 'reads' : 'writes'),
    ...hostTouches(proxy, 'writes'),
  ],
  input: z.strictObject({
    method: z
      .enum(['GET', 'POST'])
      .default('GET')
      .meta({ title: 'Method', ui: { advanced: true } }),
    ...requestFields,
    every: everyField('5m'),
    items: pathSchema.default('').meta({
      title: 'Where the list is',
      description: 'A path inside the answer, such as data.items. Empty: the answer itself is the list.',
      ui: { placeholder: 'data.items' },
    }),
    key: pathSchema.default('').meta({
      title: 'What tells items apart',
      description: 'A path inside an item, such as id. Empty: the item itself, where it is a text or a number.',
      ui: { placeholder: 'id' },
    }),
    first: firstField,
    ...polledListFields,
    maxBytes: z
      .int()
      .min(1)
      .max(67_108_864)
      .default(DEFAULT_MAX_BYTES)
      .meta({
        title: 'Largest answer',
        description: 'Bytes of the answer beyond which a poll fails.',
        ui: { advanced: true, unit: 'bytes' },
      }),
  }),
  unfinished: ({ url }) => unfinishedAddress(url, ['url']),
  output: z.object({ item: jsonSchema, position: z.int() }),
  sample: { item: { id: 42, name: 'Ada', total: '19.99' }, position: 0 },
  source: {
    from: 'poll',
    ...POLL_TIMES,
    subject: ({ maxBytes, ...input }) => POLL_TIMES.subject(input),
    async poll({ input, cursor, http, large, clock }) {
      const { method, pages, since, sinceAs = 'iso' } = input
      const url = addressOf(input)
      const body = method === 'GET' ? undefined : encodeBody(input.body, input.bodyType)
      const page: PageClient = async ({ path, query = {}, body: next }) => {
        const parameters = Object.entries(query).map(([name, value]) => [name, String(value)] as const)
        const at = new URL(withQuery(path, Object.fromEntries(parameters)))
        const response = await http({
          method,
          url: at.href,
          credential: input.auth,
          headers: requestHeaders({
            given: { accept: 'application/json', ...input.headers },
            contentType: body?.contentType,
            idempotencyKey: undefined,
          }),
          body: next === undefined ? (body?.content ?? null) : JSON.stringify(next),
          maxBytes: input.maxBytes,
          ...termsOf(input),
        })
        const answer = await readBody(response, large)
        if (response.status >= 400) throw failedAnswer(method, at, response, answer.body, clock.now())
        return { headers: shownHeaders(response), body: answer.body }
      }
      const json = typeof body?.content === 'string' && pages?.in === 'body' ? jsonOf(body.content) : undefined
      return pollList(
        page,
        { path: url.href, ...(json !== undefined && { body: json }) },
        {
          items: input.items,
          key: input.key,
          pages,
          otherwise: method === 'GET' ? { by: 'found' } : undefined,
          since: since === undefined ? undefined : { as: since, form: sinceAs },
          startsWith: input.first,
          cursor,
          clock,
        },
      )
    },
  },
})
