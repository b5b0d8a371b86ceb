import { z } from 'zod'
import { isJsonObject, jsonSchema } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { filesTouched } from '../kit/file-value.ts'
import { headersSchema, shownHeaders } from '../kit/read-body.ts'
import { effectOf } from './effect.ts'
import { appFields, CARRIED, operationTouches, sliceOf, unfinishedOperation } from './fields.ts'
import { carriedSlice, sendOperation } from './send-operation.ts'

/** Calls an operation of an API that was added with its description. */
export const appCall = defineAction({
  id: 'app.call',
  title: 'Call an API of yours',
  description: 'Does what an operation of an API does that you have added with its description.',
  keywords: ['openapi', 'swagger', 'custom api', 'any api', 'rest operation'],
  icon: 'blocks',
  category: 'http',
  summary: '{operation}',
  effect: ({ slice, repeat }) => effectOf(slice, repeat === 'safe'),
  touches(given) {
    const slice = sliceOf(given.slice)
    const values = isJsonObject(given.input) ? given.input : {}
    const files = slice?.fields.filter(({ shape }) => shape.type === 'file' || shape.items?.type === 'file') ?? []
    return [...operationTouches(given), ...files.flatMap(({ name }) => filesTouched(values[name]))]
  },
  timeoutMs: 30_000,
  takesLarge: true,
  carried: CARRIED,
  unfinished: unfinishedOperation,
  input: z.strictObject({
    app: appFields.app,
    operation: appFields.operation,
    credential: appFields.credential,
    input: appFields.input,
    address: appFields.address,
    repeat: z
      .enum(['ask', 'safe'])
      .default('ask')
      .meta({
        title: 'When it was cut off',
        description: 'Of a POST or PATCH no one knows whether it was done, unless the API takes a key.',
        ui: { advanced: true, labels: { ask: 'Ask a person', safe: 'Send it again: it does no harm' } },
      }),
    slice: appFields.slice,
  }),
  output: z.object({
    status: z.int(),
    headers: headersSchema,
    /** JSON as its value, text as text, anything else in base64; null when there is none. */
    body: jsonSchema,
    encoding: z.literal('base64').optional(),
    note: z.string().optional(),
  }),
  sample: { status: 200, headers: { 'content-type': 'application/json' }, body: { ok: true } },
  async run(ctx) {
    const { address, credential, input } = ctx.input
    const { response, answer } = await sendOperation(ctx, {
      slice: carriedSlice(ctx.input),
      address,
      credential,
      input,
    })
    return { output: { status: response.status, headers: shownHeaders(response), ...answer } }
  },
})
