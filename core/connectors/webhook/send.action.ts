import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { hostTouches } from '../../domain/trust/touches.ts'
import { shownAddress } from '../../domain/values/address-text.ts'
import { jsonSchema } from '../../domain/values/json.ts'
import { credentialRefSchema } from '../credential.ts'
import { defineAction } from '../define.ts'
import { encodeBody } from '../kit/encode-body.ts'
import { failedAnswer } from '../kit/failed-answer.ts'
import { headersSchema, readBody, shownHeaders } from '../kit/read-body.ts'
import { requestHeaders } from '../kit/request-headers.ts'
import { unfinishedAddress } from '../kit/unfinished.ts'
import { verifyShape } from '../kit/verify-options.ts'
import { hmacHeaders, standardHeaders } from './sign-message.ts'

/** Bytes of an answer: a receiver of webhooks has little to say. */
const MAX_ANSWER_BYTES = 1_048_576

const forHmac = { showIf: { field: 'scheme', in: ['hmac'] } }
const { algorithm, encoding, prefix, signed, timestampHeader, idHeader } = verifyShape

/** Sends a signed webhook to another program. The id stays the same on every attempt, so that the receiver can drop repeats. */
export const webhookSend = defineAction({
  id: 'webhook.send',
  title: 'Send a signed webhook',
  description: 'Sends a signed webhook to an address.',
  keywords: ['outgoing webhook', 'post webhook', 'callback', 'sign', 'standard webhooks'],
  icon: 'send',
  category: 'webhook',
  summary: 'POST {url}',
  effect: 'keyed',
  touches: ({ url }) => hostTouches(url, 'writes'),
  timeoutMs: 30_000,
  actsByFetch: true,
  input: z
    .strictObject({
      url: z
        .string()
        .regex(/^\s*https?:\/\//i, { error: 'must begin with http:// or https://' })
        .meta({ title: 'Address', ui: { widget: 'template', placeholder: 'https://example.com/webhooks' } }),
      body: jsonSchema.optional().meta({
        title: 'Body',
        description: 'JSON is sent as JSON, with or without {{ … }} in it; other text as it is.',
        ui: { widget: 'template-long', placeholder: '{{ hook.body }}', jsonText: true },
      }),
      scheme: z
        .enum(['standard-webhooks', 'hmac'])
        .default('standard-webhooks')
        .meta({
          title: 'Signed by',
          ui: { labels: { 'standard-webhooks': 'Standard Webhooks', hmac: 'A signature of your own (HMAC)' } },
        }),
      secrets: z
        .array(credentialRefSchema)
        .min(1, { error: 'needs at least one credential' })
        .max(5)
        .meta({
          title: 'Secrets',
          description:
            'Standard Webhooks: base64, mostly with "whsec_" before it, and one signature for each, so that the receiver can move from one to the next. HMAC signs with the first.',
          ui: { widget: 'credentials' },
        }),
      header: verifyShape.header.meta({
        title: 'Header',
        description: 'That carries the signature.',
        ui: { widget: 'text', placeholder: 'X-Signature', ...forHmac },
      }),
      algorithm,
      encoding,
      prefix,
      signed,
      timestampHeader: timestampHeader.meta({
        title: 'Header of the time',
        description: 'In seconds since 1970.',
        ui: { widget: 'text', placeholder: 'X-Timestamp', ...forHmac },
      }),
      idHeader,
      headers: z
        .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
        .optional()
        .meta({ title: 'More headers', ui: { widget: 'key-value', advanced: true } }),
    })
    .superRefine(({ scheme, header }, check) => {
      if (scheme === 'hmac' && header === undefined) {
        check.addIssue({ code: 'custom', path: ['header'], message: 'needs the name of a header' })
      }
    }),
  unfinished: ({ url }) => unfinishedAddress(url, ['url']),
  output: z.object({
    id: z.string(),
    timestamp: z.string(),
    status: z.int(),
    headers: headersSchema,
    body: jsonSchema,
    encoding: z.literal('base64').optional(),
    /** Where something in `body` is not as it was sent. */
    note: z.string().optional(),
  }),
  sample: { id: 'run_01:send', timestamp: '1764061200', status: 200, headers: {}, body: { ok: true } },
  async run(ctx) {
    const { input } = ctx
    const url = URL.parse(input.url.trim())
    if (url === null) throw refused('bad-url', `"${shownAddress(input.url)}" is not an address.`)
    const secrets: string[] = []
    for (const ref of input.secrets) secrets.push((await ctx.credential(ref)).secret.trim())
    const sent = encodeBody(input.body ?? {}, undefined)
    // The parts of what is signed have full stops between them, so the id must have none.
    const id = ctx.idempotencyKey.replaceAll('.', '_')
    const timestamp = String(Math.floor(ctx.clock.now() / 1_000))
    const message = { id, timestamp, body: sent?.content ?? '' }
    const signature = await signatureOf(message)
    const response = await ctx.fetch({
      method: 'POST',
      url: url.href,
      secretHeaders: Object.keys(signature),
      headers: {
        ...requestHeaders({
          given: input.headers ?? {},
          contentType: sent?.contentType,
          idempotencyKey: id,
        }),
        ...signature,
      },
      body: message.body,
      signal: ctx.signal,
      maxBytes: MAX_ANSWER_BYTES,
    })
    const answer = await readBody(response, ctx.large)
    if (response.status >= 300) throw failedAnswer('POST', url, response, answer.body, ctx.clock.now())
    return { output: { id, timestamp, status: response.status, headers: shownHeaders(response), ...answer } }

    async function signatureOf(parts: typeof message): Promise<Record<string, string>> {
      const { scheme, header = '' } = input
      try {
        return scheme === 'hmac'
          ? await hmacHeaders(parts, secrets[0] ?? '', { ...input, header })
          : await standardHeaders(parts, secrets)
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        throw refused('bad-credential', `A secret cannot sign by Standard Webhooks: ${why}; set the credential again.`)
      }
    }
  },
})

function refused(code: string, message: string): StepError {
  return new StepError({ code, message, retryable: false })
}
