import { z } from 'zod'
import { jsonSchema } from '../domain/json.ts'
import { problemSchema } from '../domain/problem.ts'
import { signatureReportSchema } from '../domain/signature-report.ts'
import { RUN_STATES, STEP_STATES, WAITS } from '../domain/states.ts'
import { givenFromSchema, PAUSES } from '../domain/stepping.ts'
import { VERDICTS } from '../domain/verdict.ts'
import { zapFileSchema } from '../domain/zap-file.ts'

export { type Json, jsonSchema } from '../domain/json.ts'
export { isLargeValue, type LargeValue } from '../domain/large-value.ts'
export type { Problem } from '../domain/problem.ts'
export type { SignatureReport } from '../domain/signature-report.ts'
export {
  type TunnelSettings,
  type TunnelWay,
  tunnelWaySchema,
} from '../domain/tunnel-settings.ts'
export { type WebhookSettings, webhookSettingsSchema } from '../domain/webhook-settings.ts'

/** A moment as ISO 8601 in UTC, such as `2026-11-24T09:00:00.000Z`. */
export const timeSchema = z.iso.datetime()

export const runStateSchema = z.enum(RUN_STATES)
export const stepStateSchema = z.enum(STEP_STATES)
/** What a run or step waits for: as the engine says it, or `pause` for a test that stands still until a person lets it go on. */
export const waitSchema = z.enum([...WAITS, 'pause'])
export type WaitFor = z.infer<typeof waitSchema>

/** A way to a webhook trigger: its step and the address that a sender calls. */
export const webhookAddressSchema = z.object({
  step: z.string(),
  url: z.string(),
  /** As senders elsewhere call it; null while only this computer reaches it. */
  publicUrl: z.string().nullable(),
  methods: z.array(z.string()),
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
  lastRun: z.object({ id: z.string(), status: runStateSchema, startedAt: timeSchema }).nullable(),
  /** Ended runs of the last 24 hours, among the zap's newest 1,000. */
  last24h: z.object({ succeeded: z.int(), failed: z.int() }),
  /** Events so far that made no run of their own, as the zap's concurrency is `skip` or `restart`. */
  skippedEvents: z.int(),
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

/** What a version may be called. */
export const versionNameSchema = z.string().trim().min(1).max(100)

/** A published version as its zap's history lists it. */
export const publishedVersionSchema = z.object({
  number: z.int(),
  publishedAt: timeSchema,
  isLive: z.boolean(),
  /** What somebody called it, or null. */
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
})
export type ImportResult = z.infer<typeof importResultSchema>

/** An example of a step's output, for the data picker: pinned, from a run, from the last event, or the connector's own. */
export const sampleSchema = z.object({
  value: jsonSchema,
  from: z.enum(['pinned', 'run', 'event', 'connector']),
  /** What was pinned: what a run gave, the connector's example, a request, or what somebody wrote; null also when nobody knows. */
  pinnedFrom: z.enum(['run', 'connector', 'request', 'written']).nullable(),
  /** The run that gave it, or null. */
  runId: z.string().nullable(),
  /** When it was given, arrived or was pinned; null for a connector's example. */
  at: timeSchema.nullable(),
})
export type Sample = z.infer<typeof sampleSchema>

/** A run as lists show it. */
export const runSummarySchema = z.object({
  id: z.string(),
  zapId: z.string(),
  zapName: z.string(),
  /** Of what it ran on: published versions count from 1, tests of drafts from -1 down. */
  version: z.int(),
  status: runStateSchema,
  /** Why the run stopped or waits, in words; null while it runs. */
  reason: z.string().nullable(),
  /** Id of the run that this one replays, or null. */
  replayOf: z.string().nullable(),
  eventId: z.string(),
  triggerStep: z.string(),
  startedAt: timeSchema,
  finishedAt: timeSchema.nullable(),
  /** While it waits: when it goes on by itself, or null when only something else can make it. */
  resumesAt: timeSchema.nullable(),
  /** What a waiting run waits for; null also when it only waits for its turn. */
  waitsFor: waitSchema.nullable(),
})
export type RunSummary = z.infer<typeof runSummarySchema>

export const attemptSchema = z.object({
  n: z.int(),
  startedAt: timeSchema,
  finishedAt: timeSchema.nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
})
export type Attempt = z.infer<typeof attemptSchema>

/** What became of a question to a person. `withdrawn`: its run ended before anybody answered. */
export const decisionSchema = z.enum(['approved', 'declined', 'expired', 'withdrawn'])
export type Decision = z.infer<typeof decisionSchema>

/** A question that a run asks a person. */
export const approvalSchema = z.object({
  runId: z.string(),
  step: z.string(),
  scope: z.string(),
  zapId: z.string(),
  zapName: z.string(),
  message: z.string(),
  /** What to look at before deciding. */
  data: jsonSchema,
  requestedAt: timeSchema,
  expiresAt: timeSchema.nullable(),
  /** Null while it is open. */
  decision: decisionSchema.nullable(),
  note: z.string().nullable(),
  decidedAt: timeSchema.nullable(),
})
export type Approval = z.infer<typeof approvalSchema>

/** One step of a run. `scope` is empty outside loops; inside, the indices of the rounds, the outermost first: `3` or `3.0`. */
export const stepRunSchema = z.object({
  step: z.string(),
  scope: z.string(),
  status: stepStateSchema,
  /** Of a test: where the output came from that the step is taken to have given; null when the step was run. */
  given: givenFromSchema.nullable(),
  /** While a test stands before the step: what it would get. */
  input: jsonSchema.nullable(),
  output: jsonSchema.nullable(),
  /** Ports that were taken. */
  ports: z.array(z.string()),
  startedAt: timeSchema.nullable(),
  finishedAt: timeSchema.nullable(),
  /** When a waiting step goes on by itself; null also while only something else can make it. */
  nextAttemptAt: timeSchema.nullable(),
  /** What a waiting step waits for. */
  waitsFor: waitSchema.nullable(),
  approval: approvalSchema.nullable(),
  /** Id of the run that this step called and waits for, or waited for. */
  calledRunId: z.string().nullable(),
  maxAttempts: z.int().nullable(),
  attempts: z.array(attemptSchema),
})
export type StepRun = z.infer<typeof stepRunSchema>

/** A run with its steps (the trigger first, then in the order of the graph) and the version that it ran on. */
export const runDetailSchema = z.object({
  run: runSummarySchema,
  /** Inside loops one of each round; of very many the first, and some of those that did not succeed. */
  steps: z.array(stepRunSchema),
  zap: zapFileSchema,
  /** What the version that it ran on is called, or null. */
  versionName: z.string().nullable(),
  /** While it is a paused test: the step before which it stands, how it stops, and when it ends if nobody goes on. */
  paused: z.object({ step: z.string(), scope: z.string(), pauses: z.enum(PAUSES), until: timeSchema }).nullable(),
  /** Id of the run whose step called this one, or null. */
  calledBy: z.string().nullable(),
  /** Number of the zap's live version, when that is another than the run's; null else. */
  newestVersion: z.int().nullable(),
})
export type RunDetail = z.infer<typeof runDetailSchema>

export const outboxStatsSchema = z.object({
  pending: z.int(),
  leased: z.int(),
  dead: z.int(),
  delivered: z.int(),
  /** Age in milliseconds of the oldest message that could be worked on now; 0 when there is none. */
  oldestPendingMs: z.int(),
})
export type OutboxStats = z.infer<typeof outboxStatsSchema>

/** Something that needs a person's eye: opened by the sweeper, closed when its cause is gone. */
export const incidentSchema = z.object({
  id: z.string(),
  /** `stuck`: due long ago; `dead-letters`: given up; `failing`: one failed run after the other; `lease-storm`: workers vanish. */
  kind: z.string(),
  message: z.string(),
  /** The zap that it is about, or null. */
  zapId: z.string().nullable(),
  openedAt: timeSchema,
  closedAt: timeSchema.nullable(),
})
export type Incident = z.infer<typeof incidentSchema>

/** A message that was given up: its run failed after all attempts, or was set aside. It stays until it is replayed or dismissed. */
export const deadLetterSchema = z.object({
  id: z.int(),
  run: runSummarySchema.nullable(),
  zapId: z.string(),
  zapName: z.string(),
  runId: z.string(),
  reason: z.string(),
  at: timeSchema,
})
export type DeadLetter = z.infer<typeof deadLetterSchema>

/** Many runs replayed or cancelled at once. It ends with the host; what it did until then stays done. */
export const bulkJobSchema = z.object({
  id: z.string(),
  action: z.enum(['replay', 'cancel']),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  total: z.int(),
  /** Runs that were dealt with, those of `skipped` included. */
  processed: z.int(),
  /** Runs for which there was nothing to do: they ended meanwhile, or their version cannot take them. */
  skipped: z.int(),
  message: z.string().nullable(),
  startedAt: timeSchema,
  finishedAt: timeSchema.nullable(),
})
export type BulkJob = z.infer<typeof bulkJobSchema>

/** What the status bar shows. */
/** How the world reaches the webhooks. */
export const tunnelStatusSchema = z.object({
  state: z.enum(['off', 'opening', 'open', 'down']),
  provider: z.string().nullable(),
  /** What senders call in place of the listener's own address; null unless it is open. */
  url: z.string().nullable(),
  since: timeSchema.nullable(),
  /** When something that was sent to it last arrived here. */
  checkedAt: timeSchema.nullable(),
  /** Why it is down, and what to do about it. */
  why: z.string().nullable(),
  retryAt: timeSchema.nullable(),
  /** The address changed: what it was, and the webhooks whose senders still call that. */
  moved: z
    .object({
      from: z.string(),
      webhooks: z.array(z.object({ zapId: z.string(), zapName: z.string(), url: z.string() })),
    })
    .nullable(),
})
export type TunnelStatus = z.infer<typeof tunnelStatusSchema>

export const statusSchema = z.object({
  listener: z.object({ state: z.enum(['listening', 'paused', 'down']), url: z.string() }),
  queue: outboxStatsSchema.omit({ delivered: true }).extend({
    /** Pending messages whose time has not come: retries and delays. */
    waiting: z.int(),
  }),
  nextScheduled: z.object({ at: timeSchema, zapId: z.string(), zapName: z.string() }).nullable(),
  paused: z.boolean(),
  tunnel: tunnelStatusSchema,
  /** Whether this computer has a network besides itself. */
  network: z.enum(['up', 'down']),
  /** Questions that wait for a person. */
  openApprovals: z.int(),
  incidents: z.array(incidentSchema),
  /** Why Hookline started paused, when runs kept ending the process; null else. */
  safeMode: z.string().nullable(),
})
export type Status = z.infer<typeof statusSchema>

export const systemInfoSchema = z.object({
  version: z.string(),
  host: z.enum(['desktop', 'headless']),
  dataDir: z.string(),
  /** Base address of the webhook listener, without a trailing slash. */
  hooksUrl: z.string(),
  /** How stored secrets are protected: by the system's keychain, by a key file beside the data, or hardly at all. */
  secretProtection: z.enum(['keychain', 'key-file', 'weak']),
  /** Folders that file steps may write to. */
  allowedFolders: z.array(z.string()),
  /** This computer's time zone, the default of zaps that name none. */
  timezone: z.string(),
})
export type SystemInfo = z.infer<typeof systemInfoSchema>

export const credentialTypeSchema = z.enum(['secret', 'bearer', 'basic', 'header'])
export type CredentialType = z.infer<typeof credentialTypeSchema>

/** A credential without its secret, which no procedure ever returns. */
export const credentialSummarySchema = z.object({
  name: z.string(),
  type: credentialTypeSchema,
  updatedAt: timeSchema,
  /** Names of the zaps whose draft or live version uses it. */
  usedBy: z.array(z.string()),
})
export type CredentialSummary = z.infer<typeof credentialSummarySchema>

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

/** What the event stream says. Changes are gathered for up to 100 ms, so a busy host sends at most ten of each a second. */
export const appEventSchema = z.discriminatedUnion('type', [
  /** The newest state of runs that changed; `more` when only a part of them is listed. */
  z.object({ type: z.literal('runs'), runs: z.array(runSummarySchema), more: z.boolean() }),
  /** Zaps that were created, changed or removed: ask for them again. */
  z.object({ type: z.literal('zaps'), ids: z.array(z.string()) }),
  z.object({ type: z.literal('status'), status: statusSchema }),
  z.object({ type: z.literal('bulk'), job: bulkJobSchema }),
  /** Requests came in: ask for them. */
  z.object({ type: z.literal('inbox') }),
])
export type AppEvent = z.infer<typeof appEventSchema>
