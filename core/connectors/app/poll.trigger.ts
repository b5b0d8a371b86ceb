import { z } from 'zod'
import type { Slice } from '../../domain/openapi/api.ts'
import { type JsonObject, jsonSchema } from '../../domain/values/json.ts'
import { defineTrigger } from '../define.ts'
import { everyField, firstField, POLL_TIMES } from '../kit/poll-fields.ts'
import { shownHeaders } from '../kit/read-body.ts'
import { withQuery } from '../kit/signed-in.ts'
import type { PageClient, Pages } from '../service/pages.ts'
import { polledListFields, pollList, type SinceForm } from '../service/polled-list.ts'
import { appFields, operationTouches, sliceOf, unfinishedOperation } from './fields.ts'
import { carriedSlice, operationAddress, sendOperation } from './send-operation.ts'

const path = z.string().max(500).optional()

/** Asks an operation that lists things again and again, and starts for each that is new. */
export const appPoll = defineTrigger({
  id: 'app.poll',
  title: 'New items of an API of yours',
  description: 'Asks an operation that lists things now and then, and starts for each that is new.',
  keywords: ['openapi', 'swagger', 'poll api', 'new item', 'watch api'],
  icon: 'blocks',
  category: 'http',
  summary: '{operation}',
  touches: operationTouches,
  unfinished(given) {
    const missing = unfinishedOperation(given)
    const slice = sliceOf(given.slice)
    if (slice === null || slice.list !== null || typeof given.items === 'string') return missing
    return [...missing, { path: ['items'], message: 'must say where the list is, as the description does not' }]
  },
  input: z.strictObject({
    app: appFields.app,
    operation: appFields.operation,
    credential: appFields.credential,
    input: appFields.input,
    every: everyField('5m'),
    first: firstField,
    items: path.meta({
      title: 'Where the list is',
      description: 'A path inside the answer. Empty: what the description says.',
      ui: { placeholder: 'data.items', advanced: true },
    }),
    key: path.meta({
      title: 'What tells items apart',
      description: 'A path inside an item. Empty: what the description says.',
      ui: { placeholder: 'id', advanced: true },
    }),
    ...polledListFields,
    address: appFields.address,
    slice: appFields.slice,
  }),
  output: z.object({ item: jsonSchema, position: z.int() }),
  sample: { item: { id: 42, name: 'Ada' }, position: 0 },
  source: {
    from: 'poll',
    ...POLL_TIMES,
    // What the description says of other things changes nothing about what is polled.
    subject: ({ slice, ...input }) => [POLL_TIMES.subject(input), slice?.list ?? null],
    async poll({ input, cursor, ...reach }) {
      const slice = carriedSlice(input)
      const page: PageClient = async ({ path: at, query = {} }) => {
        const parameters = Object.entries(query).map(([name, value]) => [name, String(value)] as const)
        const url = new URL(withQuery(at, Object.fromEntries(parameters)))
        const { response, answer } = await sendOperation(reach, { ...input, slice, url })
        return { headers: shownHeaders(response), body: answer.body }
      }
      return pollList(
        page,
        { path: operationAddress({ ...input, slice }).href },
        {
          items: input.items ?? slice.list?.path ?? '',
          key: input.key ?? slice.list?.key ?? '',
          pages: input.pages,
          otherwise: slice.method === 'GET' ? pagesOfSlice(slice, input.input) : undefined,
          since: sinceOf(slice, input),
          startsWith: input.first,
          cursor,
          clock: reach.clock,
        },
      )
    },
  },
})

/** Parameters by which APIs go from page to page, as they call them. */
const CURSORS = [
  'cursor',
  'page_token',
  'pageToken',
  'next_token',
  'nextToken',
  'start_cursor',
  'after',
  'continuation',
]
const NUMBERS = ['page', 'page_number', 'pageNumber', 'page[number]']
const OFFSETS = ['offset', 'skip', 'startAt', 'start']

/** How the operation's list goes on, as far as its parameters tell. */
function pagesOfSlice({ fields }: Slice, input: JsonObject): NonNullable<Pages['next']> {
  const query = fields.filter((field) => field.in === 'query')
  const named = (names: readonly string[]) => query.find(({ key }) => names.includes(key))
  const [cursor, number, offset] = [named(CURSORS), named(NUMBERS), named(OFFSETS)]
  // Some count from 0: where no number is filled in, the page that may be the first one once more is read again, and none is left out.
  const first = number === undefined ? 0 : Number(input[number.name] ?? -1)
  return {
    by: 'found',
    as: cursor?.key,
    otherwise:
      cursor !== undefined
        ? undefined
        : number !== undefined && Number.isInteger(first)
          ? { by: 'page', as: number.key, first }
          : offset && { by: 'offset', as: offset.key },
  }
}

function sinceOf(
  { fields }: Slice,
  { since, sinceAs }: { readonly since?: string | undefined; readonly sinceAs?: SinceForm | undefined },
): { readonly as: string; readonly form: SinceForm } | undefined {
  if (since === undefined) return undefined
  const field = fields.find((one) => one.in === 'query' && (one.name === since || one.key === since))
  const isNumber = field?.shape.type === 'integer' || field?.shape.type === 'number'
  return { as: field?.key ?? since, form: sinceAs ?? (isNumber ? 'unix' : 'iso') }
}
