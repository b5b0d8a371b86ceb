import { z } from 'zod'
import { defineAction } from '../define.ts'
import { fileValueSchema, keepFile, sampleFile } from '../kit/file-value.ts'
import { accountField, bucketField, keyField, storeOf } from './s3-fields.ts'

/** Gets an object of a store, as a file. */
export const s3Get = defineAction({
  id: 's3.get',
  title: 'Get from S3',
  description: 'Gets an object of a bucket as a file, for later steps.',
  keywords: ['s3', 'aws', 'download', 'bucket', 'object storage', 'r2', 'minio', 'get object'],
  icon: 'cloud-download',
  category: 'file',
  summary: '{key}',
  effect: 'none',
  timeoutMs: 600_000,
  input: z.strictObject({ account: accountField, key: keyField, bucket: bucketField }),
  output: z.object({
    file: fileValueSchema,
    bucket: z.string(),
    key: z.string(),
    bytes: z.int(),
    contentType: z.string(),
    etag: z.string(),
    modifiedAt: z.string(),
  }),
  sample: {
    file: sampleFile('may.csv', 1_234),
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
    const { content, ...facts } = await store.open(key)
    const name = key.split('/').findLast((part) => part !== '') ?? 'object'
    const file = await keepFile(ctx.large, name, content, facts.contentType)
    return { output: { file, bucket: store.bucket, key, bytes: file.bytes, ...facts } }
  },
})
