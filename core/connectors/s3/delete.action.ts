import { z } from 'zod'
import { defineAction } from '../define.ts'
import { accountField, bucketField, keyField, storeOf } from './s3-fields.ts'

/** Deletes an object of a store. One that is not there is deleted already. */
export const s3Delete = defineAction({
  id: 's3.delete',
  title: 'Delete from S3',
  description: 'Deletes an object of a bucket.',
  keywords: ['s3', 'aws', 'bucket', 'object storage', 'remove object', 'r2', 'minio'],
  icon: 'cloud-off',
  category: 'file',
  summary: '{key}',
  effect: 'idempotent',
  input: z.strictObject({ account: accountField, key: keyField, bucket: bucketField }),
  output: z.object({ bucket: z.string(), key: z.string() }),
  sample: { bucket: 'reports', key: 'reports/may.csv' },
  async run(ctx) {
    const store = await storeOf(ctx)
    await store.remove(ctx.input.key)
    return { output: { bucket: store.bucket, key: ctx.input.key } }
  },
})
