import { z } from 'zod'
import { questionSchema } from '../domain/runs/question.ts'
import { jsonSchema } from '../domain/values/json.ts'
import { givenFromSchema, PAUSES } from '../domain/zap/stepping.ts'
import { zapFileSchema } from '../domain/zap/zap-file.ts'
import { runStateSchema, shownRunStateSchema, stepStateSchema, timeSchema, waitSchema } from './states.ts'

/** A run as lists show it. */
export const runSummarySchema = z.object({
  id: z.string(),
  zapId: z.string(),
  zapName: z.string(),
  /** Of what it ran on: published versions count from 1, tests of drafts from -1 down. */
  version: z.int(),
  /** Whether it was a test of a draft, also of one that is like a published version, or repeats one. */
  test: z.boolean(),
  status: runStateSchema,
  /** What lists call it: its status, or what became of it beside that. */
  shownAs: shownRunStateSchema,
  /** Why the run stopped or waits, in words; null while it runs. */
  reason: z.string().nullable(),
  /** Id of the run that this one replays, or null. */
  replayOf: z.string().nullable(),
  /** Its own replays, the oldest first; the newest 20 of many. */
  replays: z.array(z.object({ id: z.string(), status: runStateSchema })),
  /** Where the newest replay led: itself, or the end of what it was replayed as in turn. Null when the run was not replayed. */
  replayedAs: z.object({ id: z.string(), status: shownRunStateSchema }).nullable(),
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

/** Which runs; an absent part narrows nothing. What is not known here is refused: passed over, it would let through more runs. */
export const runFilterSchema = z.strictObject({
  zapId: z.string().optional(),
  /** As lists call it: `failed` leaves out what was replayed, `succeeded` what was filtered. */
  status: shownRunStateSchema.optional(),
  /** Runs whose event came in then or later. A replay counts from when it was asked for. */
  since: timeSchema.optional(),
  /** Runs whose event came in before then. */
  until: timeSchema.optional(),
  /**
   * Runs that have this in them, in any case: what came in, the input and output of steps, errors, the reason and the run's id. Values that
   * are kept as files (over 256 KB) are not looked through.
   */
  text: z.string().max(500).optional(),
})
export type RunFilter = z.infer<typeof runFilterSchema>

export const attemptSchema = z.object({
  n: z.int(),
  startedAt: timeSchema,
  finishedAt: timeSchema.nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
})
export type Attempt = z.infer<typeof attemptSchema>

/** What became of a question to a person. `withdrawn`: its run ended before it was answered. */
export const decisionSchema = z.enum(['approved', 'declined', 'chosen', 'expired', 'withdrawn'])
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
  /** What there is to fill in, and the answers to choose from. */
  question: questionSchema.pick({ fields: true, answers: true }),
  requestedAt: timeSchema,
  expiresAt: timeSchema.nullable(),
  /** The address at which it is answered without Hookline's screens, and until when; null once it cannot be. */
  link: z.object({ url: z.string(), until: timeSchema }).nullable(),
  /** Null while it is open. */
  decision: decisionSchema.nullable(),
  /** The id of the answer that was chosen, where it is neither of the ordinary ones. */
  choice: z.string().nullable(),
  /** Where it was answered; null while it was not, or when that is not known. */
  via: z.enum(['app', 'link']).nullable(),
  note: z.string().nullable(),
  decidedAt: timeSchema.nullable(),
})
export type Approval = z.infer<typeof approvalSchema>

/** Something that a run did to a file, and whether it can be put back. */
export const fileChangeSchema = z.object({
  key: z.string(),
  step: z.string(),
  scope: z.string(),
  kind: z.enum(['move', 'write', 'copy', 'trash', 'delete', 'folder']),
  /** Where it is now; of what was deleted, where it was. */
  path: z.string(),
  /** Of what was moved: where it was. */
  from: z.string().nullable(),
  /** Whether it took the place of another one, which was kept. */
  replaced: z.boolean(),
  at: timeSchema,
  /**
   * `can`: it can go back. `changed`: it was changed since. `in-the-way`: something else is where it was. `gone`: it is not there any more. `stays`: it
   * is not for going back. `back`: it was put back. `unclear`: it was cut off, and cannot be told.
   */
  state: z.enum(['can', 'changed', 'in-the-way', 'gone', 'stays', 'back', 'unclear']),
  /** Why it cannot go back, as a sentence; empty where it can. */
  why: z.string(),
  /** Where it would go back to, or was put back to. */
  to: z.string().nullable(),
  undoneAt: timeSchema.nullable(),
  /** Whether it is back, and can be done again. */
  canRedo: z.boolean(),
})
export type FileChange = z.infer<typeof fileChangeSchema>

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
  /** While it is a paused test: the step before which it stands, how it stops, and when it ends unless a person goes on. */
  paused: z.object({ step: z.string(), scope: z.string(), pauses: z.enum(PAUSES), until: timeSchema }).nullable(),
  /** How many changes of files it made, those included that were put back. */
  filesChanged: z.int(),
  /** Id of the run whose step called this one, or null. */
  calledBy: z.string().nullable(),
  /** Number of the zap's live version, when that is another than the run's; null else. */
  newestVersion: z.int().nullable(),
})
export type RunDetail = z.infer<typeof runDetailSchema>
