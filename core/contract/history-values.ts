import { z } from 'zod'
import { sectionSchema } from '../domain/settings/settings.ts'
import { parseDuration } from '../domain/time/duration.ts'
import { timeSchema } from './states.ts'

/** Old runs that are deleted, or unused space that is given back, as a person asked. It ends with the host; what it did until then stays done. */
export const historyJobSchema = z.object({
  kind: z.enum(['prune', 'shrink']),
  state: z.enum(['running', 'done', 'stopped', 'failed']),
  /** Runs; bytes when it shrinks. */
  total: z.int(),
  done: z.int(),
  /** Bytes of large values that went with the runs. */
  freedBytes: z.int(),
  /** Why it failed. */
  message: z.string().nullable(),
  startedAt: timeSchema,
  finishedAt: timeSchema.nullable(),
})
export type HistoryJob = z.infer<typeof historyJobSchema>

/** How much history there is, and how long it is kept. */
export const historySchema = z.object({
  settings: sectionSchema('history'),
  runs: z.int(),
  /** When the oldest run that is there began. */
  since: timeSchema.nullable(),
  /** The database with its write-ahead log. */
  databaseBytes: z.int(),
  /** Of these, what is not used and could be given back. */
  freeBytes: z.int(),
  /** Whether it can be given back while Hookline runs. */
  canShrink: z.boolean(),
  /** Values that are kept as files. */
  blobs: z.object({ count: z.int(), bytes: z.int() }),
  /** What a person asked for, or asked for last. */
  job: historyJobSchema.nullable(),
})
export type History = z.infer<typeof historySchema>

/** Runs that ended within the last day always stay: the statistics of zaps are made of them. */
const MIN_AGE_MS = 86_400_000

/** What is old: by the settings or, where it is given, what ended longer ago than a time such as `30d`. */
export const oldHistorySchema = z.object({
  olderThan: z
    .string()
    .refine((text) => (parseDuration(text) ?? 0) >= MIN_AGE_MS, {
      error: 'Name a time of a day or more, such as 30d or 12w: runs of the last day always stay.',
    })
    .optional(),
})
