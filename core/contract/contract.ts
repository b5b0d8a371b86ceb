import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { jsonSchema } from '../domain/json.ts'
import { problemSchema } from '../domain/problem.ts'
import { zapFileSchema } from '../domain/zap-file.ts'
import { connectorManifestSchema } from './connector-manifest.ts'
import {
  appEventSchema,
  credentialSummarySchema,
  credentialTypeSchema,
  importResultSchema,
  outboxStatsSchema,
  runDetailSchema,
  runStateSchema,
  runSummarySchema,
  sampleSchema,
  statusSchema,
  systemInfoSchema,
  zapDetailSchema,
  zapSummarySchema,
} from './values.ts'

/** Every procedure may fail in these ways; `message` is always a sentence for the person at the screen. */
const procedure = oc.errors({
  /** The zap, run or credential does not exist (any more). */
  NOT_FOUND: {},
  /** The state forbids it: the zap is not published, the run has ended, the path belongs to another zap … */
  CONFLICT: {},
  /** The draft is not publishable. */
  INVALID_ZAP: { data: z.object({ problems: z.array(problemSchema) }) },
  /** The draft was changed elsewhere since `baseRevision`. */
  STALE_DRAFT: { data: z.object({ revision: z.int() }) },
})

const byId = z.object({ id: z.string() })
const done = z.object({ ok: z.literal(true) })

/** Everything that the screens and the command line may ask of a host. */
export const contract = {
  system: {
    info: procedure.output(systemInfoSchema),
    status: procedure.output(statusSchema),
    /** Stops or restarts the intake and the starting of runs; webhooks are answered 503 meanwhile. Survives restarts. */
    setPaused: procedure.input(z.object({ paused: z.boolean() })).output(statusSchema),
    /** Writes a checked copy of the database to `file`, an absolute path that must not exist. */
    backup: procedure.input(z.object({ file: z.string() })).output(z.object({ file: z.string(), bytes: z.int() })),
  },

  /** A stream that begins with the present status and then tells of every change, for as long as it is read. */
  events: { watch: procedure.output(eventIterator(appEventSchema)) },

  connectors: { list: procedure.output(z.array(connectorManifestSchema)) },

  zaps: {
    list: procedure.output(z.array(zapSummarySchema)),
    get: procedure.input(byId).output(zapDetailSchema),
    /** A new zap: blank, or with the given draft, which may be unfinished. */
    create: procedure
      .input(z.object({ name: z.string().optional(), draft: zapFileSchema.optional() }))
      .output(zapDetailSchema),
    duplicate: procedure.input(byId).output(zapDetailSchema),
    /** Keeps the draft, finished or not, and says what is wrong with it. */
    saveDraft: procedure
      .input(z.object({ id: z.string(), baseRevision: z.int(), draft: zapFileSchema }))
      .output(zapDetailSchema),
    /** Makes the draft the live version (and enables the zap, unless `enable` is false). */
    publish: procedure.input(z.object({ id: z.string(), enable: z.boolean().default(true) })).output(zapDetailSchema),
    /** Enabling a zap that was never published publishes its draft first. */
    setEnabled: procedure.input(z.object({ id: z.string(), enabled: z.boolean() })).output(zapDetailSchema),
    /** Removes the zap from every list and stops it; `restore` undoes that. Its runs stay. */
    remove: procedure.input(byId).output(done),
    restore: procedure.input(byId).output(zapDetailSchema),
    export: procedure.input(byId).output(zapFileSchema),
    /** All files or none: one refused file leaves nothing imported. `content` is parsed JSON. */
    import: procedure
      .input(
        z.object({
          files: z.array(z.object({ file: z.string(), content: z.unknown() })).min(1),
          enable: z.boolean().default(false),
        }),
      )
      .output(z.object({ zaps: z.array(importResultSchema) })),
    /**
     * Starts a run as a trigger would, with `input` as the trigger's output (its last event or sample when absent).
     * `live` runs the published version; `draft` a snapshot of the draft. Without `trigger` a `manual.run` step, or else the
     * first trigger, starts it.
     */
    run: procedure
      .input(
        z.object({
          id: z.string(),
          source: z.enum(['live', 'draft']),
          trigger: z.string().optional(),
          input: jsonSchema.optional(),
        }),
      )
      .output(z.object({ eventId: z.string(), runId: z.string() })),
    /** An example output of each step of the draft, by step id. */
    samples: procedure.input(byId).output(z.record(z.string(), sampleSchema)),
  },

  runs: {
    /** Newest first. `next` is the cursor of the following page. */
    list: procedure
      .input(
        z.object({
          zapId: z.string().optional(),
          status: runStateSchema.optional(),
          limit: z.int().min(1).max(500).default(50),
          cursor: z.string().optional(),
        }),
      )
      .output(z.object({ runs: z.array(runSummarySchema), next: z.string().nullable() })),
    get: procedure.input(byId).output(runDetailSchema),
    /** A new run of the same event on the same version; `fromFailed` keeps the outputs of finished steps. */
    replay: procedure
      .input(z.object({ id: z.string(), fromFailed: z.boolean().default(false) }))
      .output(z.object({ runId: z.string() })),
    cancel: procedure.input(byId).output(runSummarySchema),
  },

  outbox: { stats: procedure.output(outboxStatsSchema) },

  credentials: {
    list: procedure.output(z.array(credentialSummarySchema)),
    /** Creates or replaces. `secret` is the token; for `basic` it is `user:password`, for `header` it is `Name: value`. */
    set: procedure
      .input(
        z.object({
          name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, {
            error: 'Name the credential with letters, digits, ".", "_" and "-" (100 at most).',
          }),
          type: credentialTypeSchema.default('secret'),
          secret: z.string().min(1).max(100_000),
        }),
      )
      .output(credentialSummarySchema),
    remove: procedure.input(z.object({ name: z.string() })).output(done),
  },
}
