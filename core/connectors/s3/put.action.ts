import { z } from 'zod'
import { jsonSchema } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { contentTypeOf } from '../kit/content-type.ts'
import { bytesOf, filesTouched, openSource, withSource } from '../kit/file-value.ts'
import { MOST_OBJECT_BYTES } from './s3-client.ts'
import { accountField, bucketField, keyField, storeOf } from './s3-fields.ts'

/** Puts an object into a store. */
export const s3Put = defineAction({
  id: 's3.put',
  title: 'Put into S3',
  description: 'Puts a file or a text into a bucket.',
  keywords: ['s3', 'aws', 'upload', 'bucket', 'object storage', 'r2', 'minio', 'backblaze', 'put object'],
  icon: 'cloud-upload',
  category: 'file',
  summary: '{key}',
  // The same object is there, however often it is put.
  effect: 'idempotent',
  takesLarge: true,
  timeoutMs: 600_000,
  touches: ({ from }) => filesTouched(from),
  input: z
    .strictObject({
      account: accountField,
      from: jsonSchema.optional().meta({
        title: 'File',
        description: 'A file of an earlier step, or the path of one.',
        ui: { widget: 'file-path', mustExist: true, choice: { title: 'What is put', label: 'A file' } },
      }),
      content: jsonSchema.optional().meta({
        title: 'Content',
        description: 'Lists and objects are written as JSON.',
        ui: { widget: 'template-long', choice: { title: 'What is put', label: 'A text' } },
      }),
      key: keyField.meta({
        description:
          'The name of the object, with its folders. Ending in /, the file keeps its own name in that folder.',
      }),
      bucket: bucketField,
      contentType: z
        .string()
        .max(200)
        .optional()
        .meta({
          title: 'Content type',
          description: 'Found by the file, or the ending of the key, when empty.',
          ui: { widget: 'template', placeholder: 'text/csv', advanced: true },
        }),
    })
    .superRefine(({ from, content }, issues) => {
      if ((from === undefined || from === '') === (content === undefined))
        issues.addIssue({
          code: 'custom',
          path: ['from'],
          message: content === undefined ? 'is needed, or a text' : 'stands beside a text: only one of them can be put',
        })
    }),
  output: z.object({ bucket: z.string(), key: z.string(), bytes: z.int(), etag: z.string() }),
  sample: { bucket: 'reports', key: 'reports/may.csv', bytes: 1_234, etag: '9b2cf535f27731c974343645a3985328' },
  async run(ctx) {
    const { input, large } = ctx
    const store = await storeOf(ctx)
    const { bucket } = store
    const typeOf = (found: string): string => input.contentType?.trim() || found
    const put = async (key: string, body: Uint8Array, contentType: string) => {
      const { etag } = await store.put(key, body, typeOf(contentType))
      return { output: { bucket, key, bytes: body.length, etag } }
    }
    if (input.content !== undefined)
      return put(input.key, await bytesOf(large, input.content), contentTypeOf(input.key))
    return withSource(openSource(ctx, input.from ?? null, 'from'), async (source) => {
      const key = input.key.endsWith('/') ? `${input.key}${source.filename}` : input.key
      if (source.bytes <= MOST_OBJECT_BYTES) return put(key, await source.read(), source.contentType)
      const about = { bytes: source.bytes, contentType: typeOf(source.contentType) }
      return { output: { bucket, key, ...(await store.putInParts(key, source.stream(), about)) } }
    })
  },
})
