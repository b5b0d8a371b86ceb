import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { fillableSchema, sectionSchema } from '../domain/settings/settings.ts'
import { tunnelSettingsSchema } from '../domain/settings/tunnel-settings.ts'
import { permissionKeySchema } from '../domain/trust/permissions.ts'
import { VERDICTS } from '../domain/trust/verdict.ts'
import { jsonSchema } from '../domain/values/json.ts'
import { problemSchema } from '../domain/zap/problem.ts'
import { steppingSchema } from '../domain/zap/stepping.ts'
import { stepSchema, zapFileSchema } from '../domain/zap/zap-file.ts'
import { backupFileSchema, backupsSchema } from './backup-values.ts'
import { codeProblemSchema, codeSchema, connectorManifestSchema, fieldOptionsSchema } from './connector-manifest.ts'
import {
  allowedFolderSchema,
  folderPageSchema,
  folderQuerySchema,
  folderReachSchema,
  refusedFolderSchema,
} from './files.ts'
import { throughputSchema } from './outbox-values.ts'
import { approvalOfZapSchema, importPreviewSchema, zapPermissionsViewSchema } from './permission-values.ts'
import { freshAddressSchema, sessionSchema } from './session-values.ts'
import {
  appEventSchema,
  approvalSchema,
  bulkJobSchema,
  credentialHostsSchema,
  credentialSummarySchema,
  credentialTestSchema,
  credentialTypeInfoSchema,
  credentialTypeSchema,
  deadLetterSchema,
  historyJobSchema,
  historySchema,
  importResultSchema,
  inboxRequestDetailSchema,
  inboxRequestSchema,
  incidentSchema,
  LEFT_OUT,
  oldHistorySchema,
  outboxStatsSchema,
  pollSchema,
  publishedVersionSchema,
  runDetailSchema,
  runFilterSchema,
  runSummarySchema,
  sampleSchema,
  savedDraftSchema,
  settingSchema,
  statusSchema,
  subscriptionSchema,
  systemInfoSchema,
  timeSchema,
  versionNameSchema,
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
  /** The zap came from elsewhere, and what it may touch was not approved. */
  REVIEW_FIRST: {},
  /** The draft was changed elsewhere since `baseRevision`. */
  STALE_DRAFT: { data: z.object({ revision: z.int() }) },
  /** The folder holds keys, what starts by itself, or the like: the caller has to say that it is meant. */
  RISKY_FOLDER: {},
  /** Steps may not use this folder. */
  NOT_ALLOWED: { data: refusedFolderSchema },
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

  /**
   * A stream that begins with the present status and then tells of every change, for as long as it is read. A `screen` also gets the
   * notices for a person who may look at it.
   */
  events: {
    watch: procedure
      .input(z.object({ screen: z.boolean().default(false) }).default({ screen: false }))
      .output(eventIterator(appEventSchema)),
  },

  connectors: {
    list: procedure.output(z.array(connectorManifestSchema)),
    /**
     * What a field of a step may hold, as its service lists it: the service is called as the step may. `step` is as it stands in the draft of
     * the zap `id`, or will. NOT_FOUND when there is no such zap, or the field has no such list.
     */
    options: procedure
      .input(
        z.object({
          id: z.string(),
          step: stepSchema,
          field: z.string().max(200),
          search: z.string().max(500).default(''),
          cursor: z.string().max(10_000).nullable().default(null),
        }),
      )
      .output(fieldOptionsSchema),
  },

  /** Looks for mistakes in code, without running it. Lines and columns begin at 1. */
  code: { check: procedure.input(codeSchema).output(z.array(codeProblemSchema)) },

  zaps: {
    list: procedure.output(z.array(zapSummarySchema)),
    get: procedure.input(byId).output(zapDetailSchema),
    /** A new zap: blank, or with the given draft, which may be unfinished. */
    create: procedure
      .input(z.object({ name: z.string().optional(), draft: zapFileSchema.optional() }))
      .output(zapDetailSchema),
    duplicate: procedure.input(byId).output(zapDetailSchema),
    /** Keeps the draft, finished or not, and answers what that changes: what is wrong with it, its addresses, its revision. */
    saveDraft: procedure
      .input(z.object({ id: z.string(), baseRevision: z.int(), draft: zapFileSchema }))
      .output(savedDraftSchema),
    /** Makes the draft the live version (and enables the zap, unless `enable` is false). `name` is what the version is called. */
    publish: procedure
      .input(z.object({ id: z.string(), enable: z.boolean().default(true), name: versionNameSchema.optional() }))
      .output(zapDetailSchema),
    /** Enabling a zap that was never published publishes its draft first. */
    setEnabled: procedure.input(z.object({ id: z.string(), enabled: z.boolean() })).output(zapDetailSchema),
    /** Removes the zap from every list and stops it; `restore` undoes that. Its runs stay. */
    remove: procedure.input(byId).output(done),
    restore: procedure.input(byId).output(zapDetailSchema),
    export: procedure.input(byId).output(zapFileSchema),
    /** The published versions, the newest first. */
    versions: procedure.input(byId).output(z.array(publishedVersionSchema)),
    /** Names a published version; null takes its name away. */
    renameVersion: procedure
      .input(z.object({ id: z.string(), number: z.int(), name: versionNameSchema.nullable() }))
      .output(done),
    /** What a version says, a published one or that of a test. */
    version: procedure.input(z.object({ id: z.string(), number: z.int() })).output(zapFileSchema),
    /** What zap files say and want to touch. Nothing is stored. `content` is parsed JSON. */
    preview: procedure
      .input(
        z.object({
          files: z
            .array(z.object({ file: z.string(), content: z.unknown() }))
            .min(1)
            .max(200),
        }),
      )
      .output(z.object({ zaps: z.array(importPreviewSchema) })),
    /**
     * All files or none: one refused file leaves nothing imported. `content` is parsed JSON. `approval` is a person's word on what the
     * zap may touch, and so is `enable`, on everything that it names; without either it has to be reviewed before it can run.
     */
    import: procedure
      .input(
        z.object({
          files: z
            .array(z.object({ file: z.string(), content: z.unknown(), approval: approvalOfZapSchema.optional() }))
            .min(1),
          enable: z.boolean().default(false),
        }),
      )
      .output(z.object({ zaps: z.array(importResultSchema) })),
    /** What a zap may touch, or wants to while it waits for its review. */
    permissions: procedure.input(byId).output(zapPermissionsViewSchema),
    /** Ends the review of a zap from elsewhere: it may touch what its draft names, but for `denied`. */
    approve: procedure.input(approvalOfZapSchema.extend({ id: z.string() })).output(zapPermissionsViewSchema),
    /** Allows a zap to touch something, or takes that back. */
    allow: procedure
      .input(z.object({ id: z.string(), keys: z.array(permissionKeySchema).min(1).max(5_000), allowed: z.boolean() }))
      .output(zapPermissionsViewSchema),
    /**
     * Starts a run as a trigger would, with `input` as the trigger's output (its last event or sample when absent).
     * `live` runs the published version; `draft` a snapshot of the draft, as a test: steps whose output is pinned are not run, but for
     * those that decide where it goes. Without `trigger` a `manual.run` step, or else the first trigger, starts it. With `stepping` a
     * test of the draft stops before steps; `runs.goOn` lets it go on.
     */
    run: procedure
      .input(
        z.object({
          id: z.string(),
          source: z.enum(['live', 'draft']),
          trigger: z.string().optional(),
          input: jsonSchema.optional(),
          stepping: steppingSchema.optional(),
        }),
      )
      .output(z.object({ eventId: z.string(), runId: z.string() })),
    /**
     * Tests one step of the draft as a run of its own, and nothing behind it. `only-step`: what lies before it is not run, but taken to
     * have given `outputs` (by step id; where one is absent, the pinned or else the newest that is known); loops around the step are run.
     * `all-before`: all of it is run, from the trigger on, but for the steps whose output is pinned. What the step does, it really does.
     */
    test: procedure
      .input(
        z.object({
          id: z.string(),
          step: z.string(),
          runs: z.enum(['only-step', 'all-before']),
          outputs: z.record(z.string(), jsonSchema).default({}),
        }),
      )
      .output(z.object({ eventId: z.string(), runId: z.string() })),
    /** How the polls of the live version's triggers go; none while the zap is off. */
    polls: procedure.input(byId).output(z.array(pollSchema)),
    /** How services that call by themselves were told so, for the live version's triggers; none while the zap is off. */
    subscriptions: procedure.input(byId).output(z.array(subscriptionSchema)),
    /** Polls for a trigger now, and answers how that went. CONFLICT while the live version does not poll for it, or everything is paused. */
    pollNow: procedure.input(z.object({ id: z.string(), step: z.string() })).output(pollSchema),
    /** An example output of each step of the draft, by step id. */
    samples: procedure.input(byId).output(z.record(z.string(), sampleSchema)),
    /**
     * Pins what a step of the draft returns: samples show it and tests of other steps take it in place of running the step, until it is
     * unpinned. Runs of the published zap know nothing of it.
     */
    pinOutput: procedure.input(z.object({ id: z.string(), step: z.string(), output: jsonSchema })).output(done),
    /** Pins what a step returned in a past run (of a trigger: what started it), or without `run` its connector's own example. */
    pinSample: procedure.input(z.object({ id: z.string(), step: z.string(), run: z.string().optional() })).output(done),
    unpinOutput: procedure.input(z.object({ id: z.string(), step: z.string() })).output(done),
  },

  runs: {
    /**
     * Newest first. `next` is the cursor of the following page. With `text` one call looks through as many runs as it can in a moment, so
     * a page may be short, or empty, and still have a `next`; `searchedTo` is when the last run began that was looked through.
     */
    list: procedure
      .input(runFilterSchema.extend({ limit: z.int().min(1).max(500).default(50), cursor: z.string().optional() }))
      .output(
        z.object({
          runs: z.array(runSummarySchema),
          next: z.string().nullable(),
          searchedTo: timeSchema.nullable(),
        }),
      ),
    /** Those of the named runs that a filter lets through now. */
    matching: procedure
      .input(z.object({ ids: z.array(z.string()).max(500), filter: runFilterSchema }))
      .output(z.object({ ids: z.array(z.string()) })),
    get: procedure.input(byId).output(runDetailSchema),
    /**
     * The input or output of a step, whole where `get` has only a reference to it. What is too large for a screen (more than 4 MB), or is a file,
     * stays a reference. NOT_FOUND when there is no such step in the run.
     */
    value: procedure
      .input(
        z.object({ id: z.string(), step: z.string(), scope: z.string().default(''), of: z.enum(['input', 'output']) }),
      )
      .output(jsonSchema),
    /**
     * A new run that points at this one. `fromFailed` keeps what its finished steps returned, as far as the version still has them as they
     * were. `input` takes the place of the trigger's output. `newest` runs the live version. CONFLICT while the run has not ended.
     */
    replay: procedure
      .input(
        z.object({
          id: z.string(),
          fromFailed: z.boolean().default(false),
          version: z.enum(['same', 'newest']).default('same'),
          input: jsonSchema.optional(),
        }),
      )
      .output(z.object({ runId: z.string() })),
    cancel: procedure.input(byId).output(runSummarySchema),
    /**
     * A person's word on a run that needs review: do the interrupted steps again, take them for done (with `output`, `{}` when
     * absent), or stop the run.
     */
    resolve: procedure
      .input(
        z.object({ id: z.string(), choice: z.enum(['run-again', 'mark-done', 'stop']), output: jsonSchema.optional() }),
      )
      .output(runSummarySchema),
    /**
     * Lets a paused test go on with a step before which it stands, and from there stop as `stepping` says. CONFLICT when it does not stand
     * there (any more).
     */
    goOn: procedure
      .input(z.object({ id: z.string(), step: z.string(), scope: z.string().default(''), stepping: steppingSchema }))
      .output(runSummarySchema),
    /** Lets a waiting run make its next attempt, or end its delay, now. */
    resumeNow: procedure.input(byId).output(runSummarySchema),
  },

  approvals: {
    /** Open questions, the oldest first. */
    list: procedure.output(z.array(approvalSchema)),
    /** Answers one. CONFLICT when it was answered already or has expired. */
    decide: procedure
      .input(
        z.object({
          runId: z.string(),
          step: z.string(),
          scope: z.string().default(''),
          decision: z.enum(['approved', 'declined']),
          note: z.string().max(2_000).optional(),
        }),
      )
      .output(approvalSchema),
  },

  bulk: {
    /**
     * Begins to replay or cancel many runs: those named, or all that `filter` finds now. Progress comes as `bulk` events. CONFLICT for a
     * filter with a text: what a search finds is named, so that nothing is done to runs that were not seen. A replay leaves out runs
     * that were replayed before and tests, unless `include` says otherwise, and counts them in `leftOut`.
     */
    start: procedure
      .input(
        z.object({
          action: z.enum(['replay', 'cancel']),
          ids: z.array(z.string()).max(100_000).optional(),
          filter: runFilterSchema.optional(),
          fromFailed: z.boolean().default(false),
          version: z.enum(['same', 'newest']).default('same'),
          include: z.array(z.enum(LEFT_OUT)).default([]),
        }),
      )
      .output(bulkJobSchema),
    cancel: procedure.input(byId).output(bulkJobSchema),
    /** Those of this host's lifetime, the newest first. */
    list: procedure.output(z.array(bulkJobSchema)),
  },

  outbox: {
    stats: procedure.output(outboxStatsSchema),
    throughput: procedure.output(throughputSchema),
    /** Dead letters that were neither replayed nor dismissed, newest first; 500 at most. */
    deadLetters: procedure.output(z.array(deadLetterSchema)),
    /** Takes dead letters off the list: those named, or all. */
    dismiss: procedure.input(z.object({ ids: z.array(z.int()).optional() })).output(z.object({ dismissed: z.int() })),
  },

  inbox: {
    /**
     * What reached the webhook listener, newest first. `refused`: all that was turned away. `text` is looked for in address, headers, body
     * and note; one call looks through 20,000 requests at most, so a page may be short, or empty, and still have a `next`.
     */
    list: procedure
      .input(
        z.object({
          verdict: z.union([z.enum(VERDICTS), z.literal('refused')]).optional(),
          text: z.string().max(500).optional(),
          limit: z.int().min(1).max(500).default(50),
          cursor: z.int().optional(),
        }),
      )
      .output(z.object({ requests: z.array(inboxRequestSchema), next: z.int().nullable() })),
    get: procedure.input(z.object({ id: z.int() })).output(inboxRequestDetailSchema),
    /**
     * Runs a zap with what was sent, also if that failed or was refused then: the zap that it came for, or `zapId`, through its live version or any
     * other. CONFLICT when that version has no webhook trigger, or when the inbox does not have all of the body.
     */
    replay: procedure
      .input(z.object({ id: z.int(), zapId: z.string().optional(), version: z.int().min(1).optional() }))
      .output(z.object({ runId: z.string() })),
    /** Makes a request the example of a webhook trigger: that of its own zap, or of `zapId`. */
    pin: procedure
      .input(z.object({ id: z.int(), zapId: z.string().optional(), step: z.string().optional() }))
      .output(z.object({ zapId: z.string(), step: z.string() })),
    /**
     * Waits for the next request at the address of a draft's webhook trigger, and makes it the trigger's example. While it waits, a request
     * there is answered 200 also when the zap is not switched on; it makes a run only when it is.
     */
    capture: procedure.input(z.object({ zapId: z.string(), step: z.string() })).output(inboxRequestDetailSchema),
    settings: procedure.output(sectionSchema('webhooks')),
    setSettings: procedure.input(fillableSchema('webhooks')).output(sectionSchema('webhooks')),
  },

  history: {
    get: procedure.output(historySchema),
    /** From now on runs are kept for so long; what is older goes within the hour. */
    setSettings: procedure.input(sectionSchema('history')).output(sectionSchema('history')),
    /** How many runs `prune` would delete. */
    count: procedure.input(oldHistorySchema).output(z.object({ runs: z.int() })),
    /**
     * Begins to delete old runs with what is only theirs, in small parts. Progress comes as `history` events. What is not finished stays,
     * with what it needs, and dead letters that were neither replayed nor dismissed. CONFLICT while another job is under way.
     */
    prune: procedure.input(oldHistorySchema).output(historyJobSchema),
    /** Begins to give unused space of the database back to the disk, in small parts. CONFLICT while another job is under way. */
    shrink: procedure.output(historyJobSchema),
    /** Ends the job under way after the part that it has in hand. CONFLICT when there is none. */
    stop: procedure.output(historyJobSchema),
  },

  /** Open and closed incidents, newest first; 200 at most. */
  incidents: {
    list: procedure.output(z.array(incidentSchema)),
    settings: procedure.output(sectionSchema('incidents')),
    setSettings: procedure.input(sectionSchema('incidents')).output(sectionSchema('incidents')),
  },

  tunnel: {
    settings: procedure.output(tunnelSettingsSchema),
    /** Opens another tunnel, or none; how it goes, the status tells. */
    configure: procedure.input(tunnelSettingsSchema).output(tunnelSettingsSchema),
    /** Tries at once to open it again, or looks at once whether it still works. */
    retry: procedure.output(done),
    /** The senders know its new address. */
    acknowledge: procedure.output(done),
  },

  backups: {
    list: procedure.output(backupsSchema),
    /** Makes one now, beside those that are made by themselves. CONFLICT when that failed, with the reason. */
    make: procedure.output(backupFileSchema),
    /** CONFLICT when the folder is not fit. Those in the folder before stay there. */
    configure: procedure.input(sectionSchema('backups')).output(backupsSchema),
  },

  settings: {
    /** Every setting with its value, section by section. */
    list: procedure.output(z.array(settingSchema)),
    /** Changes one. CONFLICT when there is no such setting, or when the value does not fit, with the reason. */
    set: procedure.input(z.object({ key: z.string().max(200), value: jsonSchema })).output(settingSchema),
  },

  credentials: {
    list: procedure.output(z.array(credentialSummarySchema)),
    /** The types of credential that there are, in the order of a form. */
    types: procedure.output(z.array(credentialTypeInfoSchema)),
    /**
     * Creates or replaces. `secret` is the token; for `basic` it is `user:password`, for `header` it is `Name: value`, for a type of several
     * fields it is their JSON. CONFLICT when there is no such type, or when the secret does not fit it.
     */
    set: procedure
      .input(
        z.object({
          name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, {
            error: 'Name the credential with letters, digits, ".", "_" and "-" (100 at most).',
          }),
          type: credentialTypeSchema.default('secret'),
          secret: z.string().min(1).max(100_000),
          /** The hosts to which it may go; null for all. As they were, when absent. */
          hosts: credentialHostsSchema.optional(),
        }),
      )
      .output(credentialSummarySchema),
    /** Changes the hosts to which a credential may go, and not its secret. */
    setHosts: procedure
      .input(z.object({ name: z.string(), hosts: credentialHostsSchema }))
      .output(credentialSummarySchema),
    /**
     * Asks the service whether it takes a credential. One that is for no service in particular is sent to `url` with a GET, where one is
     * named. What is wrong is an answer, no error; NOT_FOUND when there is no such credential.
     */
    test: procedure
      .input(
        z.object({
          name: z.string(),
          url: z
            .url({ protocol: /^https?$/ })
            .max(2_000)
            .optional(),
        }),
      )
      .output(credentialTestSchema),
    remove: procedure.input(z.object({ name: z.string() })).output(done),
  },

  sessions: {
    /** The browsers that may control this host, the last seen first. None where the screens are the host's own window. */
    list: procedure.output(z.array(sessionSchema)),
    /** Cuts its screens off; only a fresh address opens them again in that browser. */
    end: procedure.input(byId).output(done),
    /** CONFLICT where the screens are the host's own window. */
    openAddress: procedure.output(freshAddressSchema),
    /** Ends all sessions and voids all addresses that were not opened yet; says how many. The host's own key becomes another. */
    rotate: procedure.output(z.object({ sessions: z.int(), addresses: z.int() })),
  },

  files: {
    /** A page of what a folder of the host's computer holds, folders first, each by name. Never what is in a file. */
    list: procedure.input(folderQuerySchema).output(folderPageSchema),
    /** Makes one folder in another. CONFLICT when something has its name already. */
    makeFolder: procedure
      .input(z.object({ folder: z.string(), name: z.string().min(1).max(255), reach: folderReachSchema }))
      .output(z.object({ path: z.string() })),
    /** The folders that steps may use. */
    allowed: procedure.output(z.array(allowedFolderSchema)),
    /** Lets steps use a folder and all that is in it, from now on. RISKY_FOLDER for one that opens more than files, unless `sure`. */
    allow: procedure
      .input(z.object({ path: z.string(), sure: z.boolean().default(false) }))
      .output(z.array(allowedFolderSchema)),
    /** Takes that back. CONFLICT for a folder that the settings did not allow. */
    disallow: procedure.input(z.object({ path: z.string() })).output(z.array(allowedFolderSchema)),
  },
}
