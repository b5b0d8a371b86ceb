import { z } from 'zod'
import { defineAction } from '../define.ts'
import { accountField, bucketField, keyField, storeOf } from './s3-fields.ts'

/** Says what a store knows of an object, without fetching it. */
export const s3Info = defineAction({
  id: 's3.info',
  title: 'Facts of an object in S3',
  description: 'Reads how large an object is, of what kind, and when it changed, or that there is none.',
  keywords: ['s3', 'aws', 'bucket', 'object storage', 'head object', 'exists', 'metadata', 'r2', 'minio'],
  icon: 'file-search',
  category: 'file',
  summary: '{key}',
  effect: 'none',
  input: z.strictObject({ account: accountField, key: keyField, bucket: bucketField }),
  output: z.object({
    exists: z.boolean(),
    bucket: z.string(),
    key: z.string(),
    bytes: z.int().nullable(),
    contentType: z.string().nullable(),
    etag: z.string().nullable(),
    modifiedAt: z.string().nullable(),
  }),
  sample: {
    exists: true,
    bucket: 'reports',
    key: 'reports/may.csv',
    bytes: 1_234,
    contentType: 'text/csv',
    etag: '9b2cf535f27731c974343645a3985328',
    modifiedAt: '2026-11-26T09:30:00.000Z',
  },
  async run(ctx) {
    const { key } = ctx.input
    const store = await storeOf(ctx)
    const found = await store.head(key)
    const none = { bytes: null, contentType: null, etag: null, modifiedAt: null }
    return { output: { exists: found !== null, bucket: store.bucket, key, ...(found ?? none) } }
  },
})
