import { z } from 'zod'
import { defineTrigger } from '../define.ts'
import { newItems } from '../kit/new-items.ts'
import { everyField, firstField, POLL_TIMES } from '../kit/poll-fields.ts'
import { accountField, bucketField, storeOf } from './s3-fields.ts'

/** Objects that are looked through at every poll: a listing is in the order of the keys, not of time. */
const MOST_OBJECTS = 20_000

/** Looks at a bucket now and then, and starts for each object that is new or changed. */
export const s3Changed = defineTrigger({
  id: 's3.changed',
  title: 'New or changed object in S3',
  description: 'Starts for each object that comes into a bucket, or changes there.',
  keywords: ['s3', 'aws', 'bucket', 'object storage', 'new object', 'uploaded file', 'r2', 'minio'],
  icon: 'cloudy',
  category: 'file',
  summary: '{prefix}',
  input: z.strictObject({
    account: accountField,
    prefix: z
      .string()
      .max(1_024)
      .default('')
      .meta({
        title: 'Begin with',
        description: 'Only objects whose keys begin so; 20,000 of them at most.',
        ui: { widget: 'template', placeholder: 'inbox/' },
      }),
    bucket: bucketField,
    every: everyField('5m'),
    first: firstField,
  }),
  output: z.object({
    bucket: z.string(),
    key: z.string(),
    bytes: z.int(),
    modifiedAt: z.string(),
    etag: z.string(),
  }),
  sample: {
    bucket: 'reports',
    key: 'inbox/may.csv',
    bytes: 1_234,
    modifiedAt: '2026-11-26T09:30:00.000Z',
    etag: '9b2cf535f27731c974343645a3985328',
  },
  source: {
    from: 'poll',
    ...POLL_TIMES,
    async poll({ input, cursor, credential, http, clock }) {
      const store = await storeOf({ input, credential, http, clock })
      const { objects } = await store.list(input.prefix, '', MOST_OBJECTS)
      // The oldest first, as they came.
      const found = objects.toSorted((a, b) => (a.modifiedAt < b.modifiedAt ? -1 : 1))
      const items = found.map((one) => ({
        key: `${one.key} ${one.etag} ${one.modifiedAt}`,
        data: { bucket: store.bucket, ...one },
      }))
      return newItems(items, cursor)
    },
  },
})
