import { z } from 'zod'
import { defineTrigger } from '../define.ts'
import { hookPath } from '../kit/hook-path.ts'
import { verifySchema } from '../kit/verify-options.ts'
import { webhookCatch } from '../webhook/catch.trigger.ts'
import { appFields } from './fields.ts'

/** Takes what an API tells by calling an address. */
export const appEvent = defineTrigger({
  id: 'app.event',
  title: 'Event of an API of yours',
  description: 'Starts when an API that you have added calls the address of this step.',
  keywords: ['openapi webhook', 'api event', 'callback of an api'],
  icon: 'blocks',
  category: 'webhook',
  summary: '{operation}',
  input: z.strictObject({
    app: appFields.app,
    operation: appFields.operation,
    path: hookPath('orders'),
    verify: verifySchema.optional().meta({
      title: 'Check the sender',
      description: 'Calls without a valid signature are answered 401 and start nothing.',
    }),
    slice: appFields.slice,
  }),
  output: webhookCatch.output,
  sample: webhookCatch.sample,
  source: {
    from: 'webhook',
    endpoint: ({ path, verify }) => ({
      path: path ?? null,
      methods: ['POST', 'PUT'],
      verify: verify ?? null,
      dedupeKey: null,
      response: null,
      holdMs: 10_000,
      allowFrom: [],
      rateLimit: null,
    }),
  },
})
