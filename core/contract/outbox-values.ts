import { z } from 'zod'
import { runSummarySchema } from './run-values.ts'
import { timeSchema } from './states.ts'

export const outboxStatsSchema = z.object({
  pending: z.int(),
  leased: z.int(),
  dead: z.int(),
  delivered: z.int(),
  /** Age in milliseconds of the oldest message that could be worked on now; 0 when there is none. */
  oldestPendingMs: z.int(),
})
export type OutboxStats = z.infer<typeof outboxStatsSchema>

/** How many runs ended in each minute of the last hour; those that were cancelled do not count. */
export const throughputSchema = z.object({
  /** The time from which the counts are whole: later than the first minute where more ran than a start looks through. */
  from: timeSchema,
  /** Sixty minutes, the oldest first; the last one is under way. */
  minutes: z.array(z.object({ at: timeSchema, succeeded: z.int(), failed: z.int() })),
})
export type RunThroughput = z.infer<typeof throughputSchema>

/** Something that needs a person's eye: opened by the sweeper, closed when its cause is gone. */
export const incidentSchema = z.object({
  id: z.string(),
  /** `stuck`: due long ago; `dead-letters`: given up; `failing`: one failed run after the other; `lease-storm`: workers vanish;
   * `backup`: none could be made. */
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

/** What a replay of many runs leaves out by itself: to run it again would do once more what was done, or never was more than a try. */
export const LEFT_OUT = ['replayed', 'tests'] as const
export type LeftOut = (typeof LEFT_OUT)[number]

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
  /** Runs of a replay that are not among `total`, by why; a test that was replayed counts as a test. */
  leftOut: z.object({ replayed: z.int(), tests: z.int() }),
  message: z.string().nullable(),
  startedAt: timeSchema,
  finishedAt: timeSchema.nullable(),
})
export type BulkJob = z.infer<typeof bulkJobSchema>
