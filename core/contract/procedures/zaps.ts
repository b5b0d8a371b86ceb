import { z } from 'zod'
import { permissionKeySchema } from '../../domain/trust/permissions.ts'
import { jsonSchema } from '../../domain/values/json.ts'
import { steppingSchema } from '../../domain/zap/stepping.ts'
import { zapFileSchema } from '../../domain/zap/zap-file.ts'
import { approvalOfZapSchema, importPreviewSchema, zapPermissionsViewSchema } from '../permission-values.ts'
import {
  importResultSchema,
  pollSchema,
  publishedVersionSchema,
  rehearsalSchema,
  sampleSchema,
  savedDraftSchema,
  subscriptionSchema,
  versionNameSchema,
  zapDetailSchema,
  zapSummarySchema,
} from '../values.ts'
import { byId, done, procedure } from './procedure.ts'

/** What may be asked of zaps. */
export const zapsContract = {
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
    /**
     * What the draft, up to a step, would do to files: for each file that is there now where its trigger watches a folder, else for one example. Nothing
     * is touched: what else has an effect is held back, and steps behind it see an example.
     */
    rehearse: procedure
      .input(z.object({ id: z.string(), step: z.string(), limit: z.int().min(1).max(1_000).default(1_000) }))
      .output(rehearsalSchema),
    /** Does for some of the files what `rehearse` has shown: a test run of the draft, up to the step, for each. Files that are gone are left out. */
    runOnFiles: procedure
      .input(z.object({ id: z.string(), step: z.string(), paths: z.array(z.string()).min(1).max(1_000) }))
      .output(z.object({ runIds: z.array(z.string()) })),
    /** The page of a form (or, with `asks`, of a question) that is being made, as HTML without scripts, with its fields as they are by now. */
    pagePreview: procedure
      .input(z.object({ input: z.record(z.string(), jsonSchema), asks: z.boolean().default(false) }))
      .output(z.object({ html: z.string() })),
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
}
