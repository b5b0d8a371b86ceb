import { z } from 'zod'
import { durationSchema, formatDuration, parseDuration } from '../../domain/time/duration.ts'
import { defineAction } from '../define.ts'
import { accountField, bucketField, keyField, storeOf } from './s3-fields.ts'

/** A signature of S3 is good for a week at most (AWS: “Sharing objects with presigned URLs”). */
const LONGEST_MS = 604_800_000

/** Makes an address at which an object can be fetched for a while. The store is not asked. */
export const s3Link = defineAction({
  id: 's3.link',
  title: 'Link to an object in S3',
  description: 'Makes an address at which everyone who has it can fetch an object, for a while.',
  keywords: ['s3', 'aws', 'bucket', 'presigned url', 'share', 'download link', 'r2', 'minio'],
  icon: 'link',
  category: 'file',
  summary: '{key}',
  effect: 'none',
  input: z.strictObject({
    account: accountField,
    key: keyField,
    bucket: bucketField,
    lasts: durationSchema
      .refine((text) => (parseDuration(text) ?? 0) >= 1_000 && (parseDuration(text) ?? 0) <= LONGEST_MS, {
        error: `must be between 1s and ${formatDuration(LONGEST_MS)}`,
      })
      .default('1h')
      .meta({
        title: 'For',
        description: 'A time such as 15m, 1h or 7d.',
        ui: { widget: 'duration', placeholder: '1h' },
      }),
  }),
  output: z.object({ url: z.string(), expiresAt: z.string() }),
  sample: {
    url: 'https://s3.eu-central-1.amazonaws.com/reports/may.csv?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=…',
    expiresAt: '2026-11-26T10:30:00.000Z',
  },
  async run(ctx) {
    const { key, lasts } = ctx.input
    const store = await storeOf(ctx)
    const ms = parseDuration(lasts) ?? 0
    return {
      output: { url: store.link(key, Math.floor(ms / 1_000)), expiresAt: new Date(ctx.clock.now() + ms).toISOString() },
    }
  },
})
