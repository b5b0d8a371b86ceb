import { z } from 'zod'
import { jsonSchema } from '../../domain/values/json.ts'
import { defineTrigger } from '../define.ts'
import { hookPath } from '../kit/hook-path.ts'
import { verifySchema } from '../kit/verify-options.ts'
import { ALLOW_SCRIPTS } from './answer-headers.ts'

/** `*`, or scheme, host and port of a page; extensions have schemes of their own. */
const ORIGIN = /^(?:\*|[a-z][a-z0-9+.-]{1,30}:\/\/[^\s/?#@\\]{1,253}\/?)$/i

/** An origin as browsers write it: small letters, no slash at its end, no port that goes without saying. */
function plainOrigin(text: string): string {
  const url = URL.parse(text)
  const plain = text.toLowerCase().replace(/\/$/, '')
  return url === null || url.origin === 'null' ? plain : url.origin
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

const PERIODS_MS = { second: 1_000, minute: 60_000, hour: 3_600_000 } as const

/** Starts a run for every request that reaches its address. */
export const webhookCatch = defineTrigger({
  id: 'webhook.catch',
  title: 'Catch webhook',
  description: 'Starts when another program sends a request to this address.',
  keywords: [
    'webhook',
    'incoming',
    'receive',
    'http in',
    'http endpoint',
    'catch hook',
    'custom webhook',
    'callback',
    'url',
  ],
  icon: 'webhook',
  category: 'webhook',
  summary: '{methods} /hooks/{path}',
  input: z.strictObject({
    path: hookPath('orders'),
    methods: z
      .array(z.enum(METHODS))
      .min(1, { error: 'needs at least one method' })
      .default(['POST'])
      .meta({
        title: 'Methods',
        description: 'Requests with another method are answered 405.',
        ui: { advanced: true },
      }),
    verify: verifySchema.optional().meta({
      title: 'Check the sender',
      description: 'Requests without a valid signature are answered 401 and start nothing.',
    }),
    dedupeKey: z
      .string()
      .max(1000)
      .optional()
      .meta({
        title: 'Same event when',
        description:
          'A template whose value names the event, so that a repeat makes no second run. Without it, the sender’s own id header counts, where there is one.',
        ui: { widget: 'template', placeholder: '{{ hook.body.id }}', advanced: true },
      }),
    respond: z
      .strictObject({
        status: z.int().min(200).max(599).default(200).meta({ title: 'Status' }),
        headers: z
          .record(z.string(), z.string())
          .default({})
          .meta({ title: 'Headers', ui: { widget: 'key-value' } }),
        body: jsonSchema.default(null).meta({
          title: 'Body',
          description: 'JSON or text; templates may read the event.',
          ui: { widget: 'json', placeholder: '{ "ok": true }', jsonText: true },
        }),
        allowScripts: z.boolean().optional().meta(ALLOW_SCRIPTS),
      })
      .optional()
      .meta({
        title: 'Own answer',
        description: 'What the sender gets once its event is stored; otherwise 200 with the id of the event.',
        ui: { advanced: true },
      }),
    browsers: z
      .strictObject({
        origins: z
          .array(
            z.string().regex(ORIGIN, {
              error: 'must be the beginning of a page’s address, such as https://shop.example, or * for every page',
            }),
          )
          .min(1, { error: 'needs at least one page, or * for every page' })
          .max(100)
          .meta({
            title: 'Pages at',
            description: 'One a line: https://shop.example, or * for every page.',
            ui: { widget: 'text-list', placeholder: 'https://shop.example' },
          }),
      })
      .optional()
      .meta({
        title: 'Browsers may call',
        description:
          'Lets web pages send requests here and read the answers (CORS). Without it what a page sends is answered 403, as any page that you look at could start this zap.',
        ui: { advanced: true },
      }),
    holdMs: z
      .int()
      .min(100)
      .max(120_000)
      .default(10_000)
      .meta({
        title: 'Wait for the answer',
        description:
          'Milliseconds that a request is held until the step "Answer the webhook" is reached. After that its sender gets the own answer, or the standard one; the run goes on.',
        ui: { advanced: true, unit: 'ms' },
      }),
    rateLimit: z
      .strictObject({
        max: z.int().min(1).max(1_000_000).meta({ title: 'Requests' }),
        per: z.enum(['second', 'minute', 'hour']).default('minute').meta({ title: 'In a' }),
      })
      .optional()
      .meta({
        title: 'Rate limit',
        description: 'What comes beyond it is answered 429, so that its sender tries again later.',
        ui: { advanced: true },
      }),
    allowFrom: z
      .array(
        z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
          error: 'must be an address, such as 203.0.113.7, or a range, such as 10.0.0.0/8',
        }),
      )
      .max(500)
      .default([])
      .meta({
        title: 'Only from these addresses',
        description: 'One a line: 203.0.113.7, or a range such as 10.0.0.0/8. Others are answered 403.',
        ui: { widget: 'text-list', placeholder: '203.0.113.7', advanced: true },
      }),
  }),
  output: z.object({
    method: z.string(),
    path: z.string(),
    query: jsonSchema,
    headers: z.record(z.string(), z.string()),
    body: jsonSchema,
    rawBody: z.string().nullable().optional(),
    note: z.string().optional(),
    receivedAt: z.string(),
    remoteAddress: z.string().nullable(),
  }),
  sample: {
    method: 'POST',
    path: 'orders',
    query: {},
    headers: { 'content-type': 'application/json' },
    body: { id: 'ord_1001', name: 'Ada Lovelace', amount: 75, currency: 'EUR' },
    receivedAt: '2026-11-24T09:00:00.000Z',
    remoteAddress: '127.0.0.1',
  },
  source: {
    from: 'webhook',
    endpoint: ({ path, methods, verify, dedupeKey, respond, browsers, holdMs, rateLimit, allowFrom }) => ({
      path: path ?? null,
      methods,
      verify: verify ?? null,
      dedupeKey: dedupeKey ?? null,
      response: respond ?? null,
      browsers: browsers?.origins.map(plainOrigin),
      holdMs,
      rateLimit: rateLimit === undefined ? null : { max: rateLimit.max, perMs: PERIODS_MS[rateLimit.per] },
      allowFrom,
    }),
  },
})
