import { z } from 'zod'
import { MAX_DURATION_MS } from '../time/duration.ts'
import { jsonSchema } from '../values/json.ts'

/** The one format word of a zap file; a change that old readers cannot ignore gets a new number. */
export const ZAP_FORMAT = 'hookline/zap@1'

/** Words that templates read values from, beside the ids of steps. */
export const TEMPLATE_ROOTS = ['item', 'index', 'zap', 'run', 'env', 'now'] as const

/** Words that are a value or an operator inside a template, so that nothing of these names could be read there. */
const TEMPLATE_WORDS = ['empty', 'blank', 'nil', 'null', 'true', 'false', 'and', 'or', 'not', 'contains'] as const

/** Words that no step may take as its id, as templates mean something else by them. */
export const RESERVED_STEP_IDS: readonly string[] = [...TEMPLATE_ROOTS, ...TEMPLATE_WORDS]

/** A step's id: unique in its zap and for ever the same; templates refer to the step's output by it. */
export const stepIdSchema = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_-]{0,63}$/,
    'must begin with a letter and hold only letters, digits, "-" and "_" (64 at most)',
  )
  .refine((id) => !RESERVED_STEP_IDS.includes(id), {
    error: `must not be one of the words that templates use: ${RESERVED_STEP_IDS.join(', ')}`,
  })

export const positionSchema = z.strictObject({ x: z.number(), y: z.number() })
export type Position = z.infer<typeof positionSchema>

/** How a step behaves around its connector: time limit, retries, and what a failure does to the run. */
export const stepSettingsSchema = z.strictObject({
  /** Milliseconds until one attempt is aborted and counts as failed. */
  timeoutMs: z.int().min(1).max(86_400_000).optional(),
  retry: z
    .strictObject({
      /** Attempts in all, the first one included. */
      maxAttempts: z.int().min(1).max(100).optional(),
      /** Milliseconds: the first pause may be up to this long; each later one up to twice the one before. */
      baseMs: z.int().min(1).max(86_400_000).optional(),
      /** Milliseconds: no pause is longer. */
      capMs: z.int().min(1).max(604_800_000).optional(),
      /**
       * Which failures are tried again: those that may pass by themselves (`transient`, also when absent), `any`, or error
       * codes such as `timeout` and `http-503`, with `*` at the end for all that begin so.
       */
      on: z
        .union([
          z.enum(['transient', 'any']),
          z
            .array(z.string().regex(/^[a-z][a-z0-9-]*\*?$/))
            .min(1)
            .max(50),
        ])
        .optional(),
    })
    .optional(),
  /** `stop` fails the run, `continue` goes on as if nothing were connected to the failure, `route` takes the `error` port. */
  onError: z.enum(['stop', 'continue', 'route']).optional(),
  /** A disabled step is passed through without being run. */
  disabled: z.boolean().optional(),
})
export type StepSettings = z.infer<typeof stepSettingsSchema>

/** One trigger or action of a zap. `input` is checked against the connector's own schema, not here. */
export const stepSchema = z.strictObject({
  id: stepIdSchema,
  /** Permanent connector id, such as `webhook.catch`. */
  uses: z.string().min(1).max(100),
  name: z.string().max(200).optional(),
  input: z.record(z.string(), jsonSchema).default({}),
  settings: stepSettingsSchema.optional(),
  position: positionSchema.optional(),
})
export type Step = z.infer<typeof stepSchema>

/** A connection. It leaves a port of `from`; `main` when none is named. */
export const edgeSchema = z.strictObject({
  from: z.string(),
  to: z.string(),
  port: z.string().min(1).max(100).optional(),
})
export type Edge = z.infer<typeof edgeSchema>

/** A time zone that this computer's ICU data knows. */
export const timeZoneSchema = z
  .string()
  .refine(isTimeZone, { error: 'is not a known time zone, such as Europe/Berlin' })

export const zapSettingsSchema = z.strictObject({
  /**
   * `parallel`: up to `maxParallel` runs at once; `queued`: one after the other, in order of arrival; `restart`: a new event
   * cancels the run that is not finished; `skip`: an event that comes while a run is not finished is only counted.
   */
  concurrency: z.enum(['parallel', 'queued', 'restart', 'skip']).optional(),
  maxParallel: z.int().min(1).max(1000).optional(),
  /** Milliseconds after its start, waiting included, at which a run that has not ended fails. */
  runTimeoutMs: z.int().min(1).max(MAX_DURATION_MS).optional(),
  /** How large a share of the places a zap gets when they are short: `high` four times that of `normal`, `low` a quarter. */
  priority: z.enum(['high', 'normal', 'low']).optional(),
  timezone: timeZoneSchema.optional(),
})
export type ZapSettings = z.infer<typeof zapSettingsSchema>

const annotationId = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/)
const extent = z.number().min(40).max(20_000)

/** A note for people on the canvas. */
export const noteSchema = z.strictObject({
  id: annotationId,
  text: z.string().max(10_000),
  position: positionSchema,
  width: extent,
  height: extent,
})
export type Note = z.infer<typeof noteSchema>

/** A titled frame on the canvas. What stands inside it is moved along with it, and is not listed. */
export const groupSchema = z.strictObject({
  id: annotationId,
  title: z.string().max(200),
  position: positionSchema,
  width: extent,
  height: extent,
})
export type Group = z.infer<typeof groupSchema>

const haveUniqueIds = (list: readonly { readonly id: string }[]): boolean =>
  new Set(list.map(({ id }) => id)).size === list.length
const UNIQUE = { error: 'must not have the same id twice' }

/** A whole zap as it is drafted, published, exported and imported. */
export const zapFileSchema = z.strictObject({
  format: z.literal(ZAP_FORMAT),
  name: z.string().trim().min(1).max(200),
  description: z.string().max(5000).optional(),
  settings: zapSettingsSchema.optional(),
  steps: z.array(stepSchema).max(5000).default([]),
  edges: z.array(edgeSchema).max(20_000).default([]),
  /** Notes and groups are for people: nothing that runs looks at them. */
  notes: z.array(noteSchema).max(1000).refine(haveUniqueIds, UNIQUE).optional(),
  groups: z.array(groupSchema).max(1000).refine(haveUniqueIds, UNIQUE).optional(),
})
export type ZapFile = z.infer<typeof zapFileSchema>

/** The port that an edge leaves when it names none. */
export const MAIN_PORT = 'main'

/** The port that a step with `onError: "route"` takes when it fails. */
export const ERROR_PORT = 'error'

/** The port on which the body of a loop hangs. */
export const EACH_PORT = 'each'

/** The port that a loop takes when its rounds are over. */
export const DONE_PORT = 'done'

/** Runs of one zap that may be under way at once when its file says nothing else. */
export const DEFAULT_MAX_PARALLEL = 50

/** What the priorities of zaps mean when places are short: places relative to those of a `normal` one. */
export const PRIORITY_SHARES = { high: 4, normal: 1, low: 0.25 } as const

/** The port of an edge, with the default filled in. */
export function portOf(edge: Edge): string {
  return edge.port ?? MAIN_PORT
}

/** A zap without any step. */
export function blankZap(name: string): ZapFile {
  return { format: ZAP_FORMAT, name, steps: [], edges: [] }
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
