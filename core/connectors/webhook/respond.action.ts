import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { jsonSchema } from '../../domain/values/json.ts'
import { isLargeValue } from '../../domain/values/large-value.ts'
import { defineAction } from '../define.ts'
import { ALLOW_SCRIPTS, checkAnswerHeaders } from './answer-headers.ts'

/** Answers the request that started the run. The request is held until then, or until the webhook's time for it is over. */
export const webhookRespond = defineAction({
  id: 'webhook.respond',
  title: 'Answer the webhook',
  description: 'Answers the request that started this run.',
  keywords: ['respond to webhook', 'http response', 'webhook response', 'reply', 'return', 'answer'],
  icon: 'reply',
  category: 'webhook',
  summary: 'answer {status}',
  // A second answer finds nobody who waits for it.
  effect: 'idempotent',
  takesLarge: true,
  answersSender: true,
  input: z.strictObject({
    status: z.int().min(200).max(599).optional().meta({
      title: 'Status',
      description: '200 when you say nothing; 303 for a redirect.',
    }),
    redirect: z
      .string()
      .regex(/^(https?:\/\/|\/(?![/\\]))/i, { error: 'must begin with https:// or http://, or with a single /' })
      .optional()
      .meta({
        title: 'Redirect to',
        description: 'Sends a person who waits in a browser on to this address.',
        ui: { widget: 'template', placeholder: 'https://example.com/thanks', advanced: true },
      }),
    headers: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .optional()
      .meta({ title: 'Headers', ui: { widget: 'key-value' } }),
    body: jsonSchema.optional().meta({
      title: 'Body',
      description: 'JSON is sent as JSON, with or without {{ … }} in it; other text as it is.',
      ui: { widget: 'template-long', placeholder: '{{ hook.body }}', jsonText: true },
    }),
    allowScripts: z.boolean().optional().meta(ALLOW_SCRIPTS),
  }),
  output: z.object({
    status: z.int(),
    headers: z.record(z.string(), z.string()),
    body: jsonSchema,
    /** Whether the sender still waited, and so heard this answer. */
    sent: z.boolean(),
  }),
  sample: { status: 200, headers: {}, body: { ok: true }, sent: true },
  async run(ctx) {
    const { redirect, body = null, allowScripts } = ctx.input
    const status = ctx.input.status ?? (redirect === undefined ? 200 : 303)
    const given = Object.entries(ctx.input.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)])
    const headers: Record<string, string> = Object.fromEntries(given)
    if (redirect !== undefined) headers.location = redirect
    try {
      checkAnswerHeaders(headers)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new StepError({ code: 'bad-input', message: `The answer cannot be sent: ${why}.`, retryable: false })
    }
    const content = isLargeValue(body) ? await ctx.large.read(body) : body
    const sent = ctx.answerSender({ status, headers, body: content, allowScripts })
    return { output: { status, headers, body, sent } }
  },
})
