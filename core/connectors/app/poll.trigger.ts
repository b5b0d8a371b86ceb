import { z } from 'zod'
import { jsonSchema } from '../../domain/values/json.ts'
import { defineTrigger } from '../define.ts'
import { itemKey, listAt } from '../kit/list-at.ts'
import { newItems } from '../kit/new-items.ts'
import { everyField, firstField, POLL_TIMES } from '../kit/poll-fields.ts'
import { appFields, operationTouches, sliceOf, unfinishedOperation } from './fields.ts'
import { carriedSlice, sendOperation } from './send-operation.ts'

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
      const { answer } = await sendOperation(reach, { ...input, slice })
      const list = listAt(answer.body, input.items ?? slice.list?.path ?? '')
      const key = input.key ?? slice.list?.key ?? ''
      return newItems(
        list.map((item, position) => ({ key: itemKey(item, key, position), data: { item, position } })),
        cursor,
      )
    },
  },
})
