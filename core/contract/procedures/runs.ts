import { z } from 'zod'
import { sectionSchema } from '../../domain/settings/settings.ts'
import { jsonSchema } from '../../domain/values/json.ts'
import { steppingSchema } from '../../domain/zap/stepping.ts'
import { throughputSchema } from '../outbox-values.ts'
import {
  approvalSchema,
  bulkJobSchema,
  deadLetterSchema,
  fileChangeSchema,
  incidentSchema,
  LEFT_OUT,
  outboxStatsSchema,
  runDetailSchema,
  runFilterSchema,
  runSummarySchema,
  timeSchema,
} from '../values.ts'
import { byId, procedure } from './procedure.ts'

/** What may be asked of runs, and of what they need of a person. */
export const runsContract = {
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
    /** What a run did to files, in its order. */
    files: procedure.input(byId).output(z.object({ changes: z.array(fileChangeSchema) })),
    /**
     * Puts files back as they were before the run, the last change first: all that can go back, or of that the named ones. What is in the way is left
     * alone, or the file gets a numbered name beside it. `failed` are sentences by the keys of the changes. CONFLICT while the run is under way.
     */
    putBack: procedure
      .input(
        z.object({
          id: z.string(),
          keys: z.array(z.string()).max(100_000).optional(),
          inTheWay: z.enum(['leave', 'number']).default('leave'),
        }),
      )
      .output(
        z.object({
          changes: z.array(fileChangeSchema),
          putBack: z.int(),
          failed: z.array(z.object({ key: z.string(), message: z.string() })),
        }),
      ),
    /** Does again what was put back, the first change first: all that can be, or of that the named ones. CONFLICT while the run is under way. */
    redoFiles: procedure.input(z.object({ id: z.string(), keys: z.array(z.string()).max(100_000).optional() })).output(
      z.object({
        changes: z.array(fileChangeSchema),
        redone: z.int(),
        failed: z.array(z.object({ key: z.string(), message: z.string() })),
      }),
    ),
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
    /**
     * Answers one; `decision` is the id of one of its answers, `fields` what was filled in, by their names: a file as its name and content.
     * CONFLICT when it was answered already or has expired, WRONG_ANSWERS when something is missing or is not of its field's kind.
     */
    decide: procedure
      .input(
        z.object({
          runId: z.string(),
          step: z.string(),
          scope: z.string().default(''),
          decision: z.string().max(64),
          note: z.string().max(2_000).optional(),
          fields: z.record(z.string(), jsonSchema).optional(),
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
  /** Open and closed incidents, newest first; 200 at most. */
  incidents: {
    list: procedure.output(z.array(incidentSchema)),
    settings: procedure.output(sectionSchema('incidents')),
    setSettings: procedure.input(sectionSchema('incidents')).output(sectionSchema('incidents')),
  },
}
