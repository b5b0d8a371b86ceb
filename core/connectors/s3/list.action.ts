import { z } from 'zod'
import { defineAction } from '../define.ts'
import { numberField, switchField } from '../kit/from-text.ts'
import { listOutput } from '../kit/rows.ts'
import { accountField, bucketField, storeOf } from './s3-fields.ts'

/** Lists the objects of a store. */
export const s3List = defineAction({
  id: 's3.list',
  title: 'List S3',
  description: 'Lists the objects of a bucket.',
  keywords: ['s3', 'aws', 'bucket', 'object storage', 'list objects', 'r2', 'minio'],
  icon: 'folder-search',
  category: 'file',
  summary: '{prefix}',
  effect: 'none',
  timeoutMs: 300_000,
  input: z.strictObject({
    account: accountField,
    prefix: z
      .string()
      .max(1_024)
      .refine((text) => text.isWellFormed(), { error: 'must be whole characters' })
      .default('')
      .meta({
        title: 'Begin with',
        description: 'Only objects whose keys begin so.',
        ui: { widget: 'template', placeholder: 'reports/' },
      }),
    bucket: bucketField,
    limit: numberField(z.int().min(1).max(100_000)).prefault(1000).meta({ title: 'Objects at most' }),
    deep: switchField()
      .prefault(true)
      .meta({ title: 'Also in folders', description: 'Off: what is deeper is told as folders.' }),
  }),
  output: z.object({
    objects: listOutput,
    count: z.int(),
    folders: z.array(z.string()),
    /** Whether there were more objects than are listed. */
    more: z.boolean(),
  }),
  sample: {
    objects: [
      {
        key: 'reports/may.csv',
        bytes: 1_234,
        modifiedAt: '2026-11-26T09:30:00.000Z',
        etag: '9b2cf535f27731c974343645a3985328',
      },
    ],
    count: 1,
    folders: [],
    more: false,
  },
  async run(ctx) {
    const { prefix, limit, deep } = ctx.input
    const store = await storeOf(ctx)
    const { objects, folders, more } = await store.list(prefix, deep ? '' : '/', limit)
    return { output: { objects, count: objects.length, folders, more } }
  },
})
