import { z } from 'zod'
import { defineAction } from '../define.ts'
import { accountField, bucketField, keyField, storeOf } from './s3-fields.ts'

/** Copies an object within a store, without fetching it. */
export const s3Copy = defineAction({
  id: 's3.copy',
  title: 'Copy in S3',
  description: 'Copies an object of a bucket to another key; the store does it itself.',
  keywords: ['s3', 'aws', 'bucket', 'object storage', 'duplicate object', 'move object', 'r2', 'minio'],
  icon: 'copy',
  category: 'file',
  summary: '{from}',
  effect: 'idempotent',
  timeoutMs: 600_000,
  input: z.strictObject({
    account: accountField,
    from: keyField.meta({
      title: 'From',
      description: 'The key of the object.',
      ui: { widget: 'template', placeholder: 'reports/may.csv' },
    }),
    to: keyField.meta({
      title: 'To',
      description: 'The key of the copy.',
      ui: { widget: 'template', placeholder: 'archive/may.csv' },
    }),
    bucket: bucketField,
    fromBucket: bucketField.meta({
      title: 'From the bucket',
      description: 'Where it is another one.',
      ui: { widget: 'template', placeholder: 'reports', advanced: true },
    }),
  }),
  output: z.object({ bucket: z.string(), key: z.string(), etag: z.string() }),
  sample: { bucket: 'reports', key: 'archive/may.csv', etag: '9b2cf535f27731c974343645a3985328' },
  async run(ctx) {
    const { from, to, fromBucket } = ctx.input
    const store = await storeOf(ctx)
    const { etag } = await store.copy(from, to, fromBucket)
    return { output: { bucket: store.bucket, key: to, etag } }
  },
})
