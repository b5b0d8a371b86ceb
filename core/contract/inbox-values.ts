import { z } from 'zod'
import { signatureReportSchema } from '../domain/trust/signature-report.ts'
import { VERDICTS } from '../domain/trust/verdict.ts'
import { timeSchema } from './states.ts'

/** How a request seems to prove who sent it. `verify` fits that field of `webhook.catch`, but for its secrets. */
export const schemeProposalSchema = z.object({
  sender: z.string(),
  header: z.string(),
  verify: z.object({ scheme: z.string() }).catchall(z.string()),
})

/** A request that reached the webhook listener, as lists show it. */
export const inboxRequestSchema = z.object({
  /** In the order of arrival. */
  id: z.int(),
  receivedAt: timeSchema,
  method: z.string(),
  /** As it was sent, without the query. */
  path: z.string(),
  remoteAddress: z.string().nullable(),
  verdict: z.enum(VERDICTS),
  /** What the sender was answered. */
  status: z.int(),
  /** Why, in words, where there is more to say than the verdict does. */
  note: z.string().nullable(),
  zapId: z.string().nullable(),
  zapName: z.string().nullable(),
  /** The first run that it made; of a duplicate, the one that the first request made. */
  runId: z.string().nullable(),
  /** Who probably sent it; null when nothing tells. */
  sender: z.string().nullable(),
  /** How many more like it came in a flood, and were only counted. */
  repeats: z.int(),
})
export type InboxRequest = z.infer<typeof inboxRequestSchema>

/** All that is kept of a request. */
export const inboxRequestDetailSchema = inboxRequestSchema.extend({
  query: z.string(),
  /** Lower-case names. */
  headers: z.record(z.string(), z.string()),
  /** Step by step, why it was not believed; null where there is nothing to explain. */
  report: signatureReportSchema.nullable(),
  /** How it seems to prove its sender; null when it offers nothing. */
  proposal: schemeProposalSchema.nullable(),
  /** Base64 of the body's first bytes; null when it was not kept. */
  body: z.string().nullable(),
  /** Bytes that are kept, of which `body` may be the beginning. */
  bytes: z.int(),
})
export type InboxRequestDetail = z.infer<typeof inboxRequestDetailSchema>
