import { z } from 'zod'
import { jsonSchema } from '../domain/values/json.ts'
import { problemSchema } from '../domain/zap/problem.ts'
import { zapFileSchema } from '../domain/zap/zap-file.ts'
import { permissionItemSchema } from './permission-values.ts'
import { runStateSchema, shownRunStateSchema, timeSchema } from './states.ts'

/** A way to a webhook trigger: its step and the address that a sender calls. */
export const webhookAddressSchema = z.object({
  step: z.string(),
  url: z.string(),
  /** As senders elsewhere call it; null while only this computer reaches it. */
  publicUrl: z.string().nullable(),
  methods: z.array(z.string()),
  /** It is a page that people fill in. */
  isForm: z.literal(true).optional(),
})
export type WebhookAddress = z.infer<typeof webhookAddressSchema>

/** `draft`: never published. `enabled` and `disabled` zaps have a live version; only the enabled ones start runs. */
export const zapStatusSchema = z.enum(['draft', 'enabled', 'disabled'])
export type ZapStatus = z.infer<typeof zapStatusSchema>

/** A zap as lists show it. */
export const zapSummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  status: zapStatusSchema,
  /** Number of the published version that new events start, or null. */
  liveVersion: z.int().nullable(),
  /** Whether the draft holds changes that are not published. */
  draftDiffers: z.boolean(),
  /** Connector ids of the draft's steps, triggers first, in the order in which they run. */
  uses: z.array(z.string()),
  /** What starts it, in words: "POST /hooks/orders", "every 5 minutes". */
  triggerSummary: z.string(),
  createdAt: timeSchema,
  updatedAt: timeSchema,
  lastRun: z
    .object({ id: z.string(), status: runStateSchema, shownAs: shownRunStateSchema, startedAt: timeSchema })
    .nullable(),
  /** Ended runs of the last 24 hours, among the zap's newest 1,000; those that were replayed are left to their replays. */
  last24h: z.object({ succeeded: z.int(), failed: z.int() }),
  /** Events so far that made no run of their own, as the zap's concurrency is `skip` or `restart`. */
  skippedEvents: z.int(),
  /** `pending`: it came from elsewhere, and what it may touch was not approved, so it cannot run. */
  review: z.enum(['pending', 'done']),
})
export type ZapSummary = z.infer<typeof zapSummarySchema>

/** A zap as the editor opens it. */
export const zapDetailSchema = zapSummarySchema.extend({
  draft: zapFileSchema,
  /** Grows by one with every saved draft; a save names the revision that it is based on. */
  draftRevision: z.int(),
  live: z.object({ version: z.int(), publishedAt: timeSchema, name: z.string().nullable() }).nullable(),
  problems: z.array(problemSchema),
  webhooks: z.array(webhookAddressSchema),
  /** Ids of the steps whose output is pinned. */
  pinned: z.array(z.string()),
})
export type ZapDetail = z.infer<typeof zapDetailSchema>

/** What a saved draft changes of what its editor knows of the zap. */
export const savedDraftSchema = zapDetailSchema.pick({
  name: true,
  draftDiffers: true,
  uses: true,
  triggerSummary: true,
  updatedAt: true,
  review: true,
  draftRevision: true,
  problems: true,
  webhooks: true,
})
export type SavedDraft = z.infer<typeof savedDraftSchema>

/** What a version may be called. */
export const versionNameSchema = z.string().trim().min(1).max(100)

/** A published version as its zap's history lists it. */
export const publishedVersionSchema = z.object({
  number: z.int(),
  publishedAt: timeSchema,
  isLive: z.boolean(),
  /** The name that a person chose, or null. */
  name: z.string().nullable(),
})
export type PublishedVersion = z.infer<typeof publishedVersionSchema>

/** What became of one imported file. `id` is null and `status` `refused` where the file was not imported. */
export const importResultSchema = z.object({
  file: z.string(),
  id: z.string().nullable(),
  name: z.string(),
  status: z.union([zapStatusSchema, z.literal('refused')]),
  webhooks: z.array(webhookAddressSchema),
  problems: z.array(problemSchema),
  review: z.enum(['pending', 'done']),
  /** What it wants to touch. */
  needs: z.array(permissionItemSchema),
})
export type ImportResult = z.infer<typeof importResultSchema>

/** An example of a step's output, for the data picker: pinned, from a run, from the last event, or the connector's own. */
export const sampleSchema = z.object({
  value: jsonSchema,
  from: z.enum(['pinned', 'run', 'event', 'connector']),
  /** What was pinned: what a run returned, the connector's example, a request, or what a person wrote; null also when that is not known. */
  pinnedFrom: z.enum(['run', 'connector', 'request', 'written']).nullable(),
  /** The run that returned it, or null. */
  runId: z.string().nullable(),
  /** When it was given, arrived or was pinned; null for a connector's example. */
  at: timeSchema.nullable(),
})
export type Sample = z.infer<typeof sampleSchema>

/** How the polls of a trigger go, or the connection that it keeps. */
export const pollSchema = z.object({
  step: z.string(),
  /** Null for a connection. */
  everyMs: z.number().nullable(),
  /** How a connection is; null for polls. */
  connection: z.enum(['connected', 'connecting', 'waiting']).nullable(),
  /** When the service was asked last, and when it last answered as it should; null for never. */
  polledAt: timeSchema.nullable(),
  succeededAt: timeSchema.nullable(),
  nextAt: timeSchema.nullable(),
  isUnderWay: z.boolean(),
  /** Failures since the last success. */
  failures: z.int(),
  /** Why the last poll failed; null when it did not. */
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** What the last poll left out, as a sentence; null where it took all. */
  note: z.string().nullable(),
})
export type Poll = z.infer<typeof pollSchema>

/** How a service that calls by itself was told so, for a trigger. */
export const subscriptionSchema = z.object({
  step: z.string(),
  /** `unreachable`: no service can call this computer, as no tunnel is open. */
  state: z.enum(['active', 'pending', 'unreachable']),
  /** Whether the service is asked what is new meanwhile. */
  isPolled: z.boolean(),
  expiresAt: timeSchema.nullable(),
  /** What went wrong last; null when nothing did. */
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
})
export type Subscription = z.infer<typeof subscriptionSchema>

/** What a draft would do to files. */
export const rehearsalSchema = z.object({
  /** The folder whose files are looked at; null where an example is. */
  folder: z.string().nullable(),
  /** How many files are in it that its trigger looks at: there may be more than lines. */
  total: z.int(),
  lines: z.array(
    z.object({
      /** The file, or null for an example. */
      path: z.string().nullable(),
      /** `unknown`: it depends on a step that is held back. */
      verdict: z.enum(['change', 'fail', 'stay', 'unknown']),
      /** The step that fails, that lets nothing through, or that is held back. */
      step: z.string().nullable(),
      why: z.string(),
      changes: z.array(
        z.object({
          step: z.string(),
          kind: z.enum(['move', 'write', 'copy', 'trash', 'delete', 'folder', 'append']),
          from: z.string().nullable(),
          to: z.string(),
          /** Its name is taken, so it has a number. */
          numbered: z.boolean(),
          /** It takes the place of another file. */
          replaces: z.boolean(),
          /** Folders that would be made for it. */
          makes: z.array(z.string()),
        }),
      ),
    }),
  ),
})
export type RehearsalView = z.infer<typeof rehearsalSchema>
