import { z } from 'zod'
import type { Clock } from '../domain/clock.ts'
import type { Port } from '../domain/connector-info.ts'
import type { Json } from '../domain/json.ts'
import type { LargeValue } from '../domain/large-value.ts'
import type { Touch } from '../domain/permissions.ts'
import type { Step } from '../domain/zap-file.ts'
import type { VerifyOptions } from './webhook/verify-options.ts'

/**
 * What a repeat of a step would do. `none`: it reads or computes only. `idempotent`: the same state as after one time.
 * `keyed`: the target honours our idempotency key. `unsafe`: it may happen twice, so an interrupted call asks a person.
 */
export type Effect = 'none' | 'idempotent' | 'keyed' | 'unsafe'

/** The group that the palette shows a connector under; it also gives the hue. */
export type Category = 'webhook' | 'schedule' | 'manual' | 'zap' | 'logic' | 'data' | 'http' | 'file' | 'notify'

/** A reference to a credential, as zap files carry it. */
export const credentialRefSchema = z.strictObject({ $credential: z.string().min(1) })
export type CredentialRef = z.infer<typeof credentialRefSchema>

/** A credential's secret in the clear, only ever in memory. `basic` is `user:password`, `header` is `Name: value`. */
export type Credential = { readonly type: 'secret' | 'bearer' | 'basic' | 'header'; readonly secret: string }

export type FetchRequest = {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Names of headers that are for this origin alone, beside those whose names tell it, such as `Authorization`. */
  readonly secretHeaders?: readonly string[]
  /** Names of parameters of the address that are for this origin alone. */
  readonly secretQuery?: readonly string[]
  readonly body: string | Uint8Array | null
  readonly signal: AbortSignal
  /** Bytes of the response body beyond which the request fails. */
  readonly maxBytes: number
}

export type FetchResponse = {
  readonly status: number
  /** Lower-case names; repeated headers joined with ", ". */
  readonly headers: Readonly<Record<string, string>>
  /** The values of `Set-Cookie`, which cannot be told apart once they are joined. */
  readonly cookies: readonly string[]
  readonly body: Uint8Array
  /** The address that answered, after redirects. */
  readonly url: string
  /** A redirect led to another origin, and secrets were left behind. */
  readonly isWithoutSecrets: boolean
}

/**
 * The only way out to the network for connectors: http and https, addresses checked at connect time on every hop, redirects
 * followed (10 at most) without taking secrets to another origin, size capped. What comes back never holds a secret of a credential
 * that the zap names. Fails with a {@link StepError}.
 */
export type GuardedFetch = (request: FetchRequest) => Promise<FetchResponse>

/** The only way to files for connectors. A path is absolute, or relative to the first allowed folder. */
export type FileAccess = {
  /** Appends to a file inside an allowed folder, making folders on the way. Symbolic links are followed before the check. */
  append(path: string, text: string): Promise<{ path: string; bytes: number }>
}

/** How a step runs other zaps. */
export type ZapCalls = {
  /** Starts a zap's live version, by id or name. Called again by the same step of the same run, it gives the same run. */
  start(zap: string, input: Json): Promise<{ readonly runId: string }>
  /** How a started run ended, with the output of its last step; undefined while it is under way. */
  result(
    runId: string,
  ): Promise<
    | { readonly status: 'succeeded' | 'failed' | 'cancelled'; readonly reason: string | null; readonly output: Json }
    | undefined
  >
}

/** What an action is given. It has no other way to touch the world. */
export type ActionContext<Input> = {
  /** Parsed, with templates rendered (unless the action has `templates: 'own'`). */
  readonly input: Input
  /** The same on every attempt of this step of this run: `<run>:<step>[:<scope>]`. */
  readonly idempotencyKey: string
  /** The same in every run of one event, so also in a replay: `<event>:<step>[:<scope>]`. */
  readonly eventKey: string
  /** What the steps right before this one gave, by step id: of those alone whose connection to this step was taken. */
  readonly taken: Readonly<Record<string, Json>>
  /** What this step waited for, when it is run again after it had returned a {@link Wait}; null at first. */
  readonly waited: Waited | null
  readonly store: StepStore
  /** Aborts on timeout, cancel and shutdown. */
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly fetch: GuardedFetch
  readonly files: FileAccess
  credential(ref: CredentialRef): Promise<Credential>
  readonly zaps: ZapCalls
  readonly large: LargeValues
  /** Answers the request that started this run, if its sender still waits. False when nobody does. */
  answerSender(answer: SenderAnswer): boolean
  notify(message: { title: string; body?: string }): Promise<void>
  /**
   * Renders every template inside `value`. A missing path is a {@link StepError} that names it or, with
   * `missing: 'undefined'`, makes a field that is one expression undefined.
   */
  render(value: Json, options?: { missing: 'error' | 'undefined' }): Json | undefined
}

/** How an action ends when it neither throws nor waits. */
export type ActionResult<Output> = {
  readonly output: Output
  /** Ports that are taken; `["main"]` when absent, and an empty list ends the branch. */
  readonly ports?: readonly string[]
  /** What the journal shows as the step's input in place of `ctx.input`. */
  readonly shownInput?: Json
  /** Ends the whole run, whatever its other branches are at. */
  readonly endRun?: EndRun
}

/** How a step ends its whole run. `message` is the run's reason; null for one that names the step. */
export type EndRun = { readonly as: 'succeeded' | 'failed'; readonly message: string | null }

/**
 * What a step waits for. The wait is stored, and outlives the process: the step is run again, with `ctx.waited`, when `until` is
 * reached or an answer has come.
 */
export type Wait = {
  /** `time`: nothing but `until`. `person`: somebody's decision. `run`: the end of a run that this step called. */
  readonly for: 'time' | 'person' | 'run'
  /** Milliseconds since 1970 UTC; null: for as long as it takes. */
  readonly until: number | null
  /** Handed back as `ctx.waited.data`. */
  readonly data?: Json
  /** With `person`: what to show to whoever decides. */
  readonly ask?: { readonly message: string; readonly data: Json }
}

/** A wait that is over. */
export type Waited = {
  readonly data: Json
  /** What was answered; null when the time ran out. `person`: `{ decision, note, decidedAt }`. */
  readonly answer: Json
  /** When the wait began, in milliseconds since 1970 UTC. */
  readonly since: number
}

/** How one call of `run` ends: with a result, or with something to wait for. */
export type ActionOutcome<Output> = ActionResult<Output> | { readonly wait: Wait; readonly shownInput?: Json }

/** Values that are too large for the journal: they are kept as files, and a reference goes from step to step in their place. */
export type LargeValues = {
  keep(content: Uint8Array, type: LargeValue['type']): Promise<LargeValue>
  /** Rejects with a {@link StepError} `missing-data` when the file is gone. */
  read(value: LargeValue): Promise<Uint8Array>
}

/** What a step remembers from run to run; other steps and zaps have their own. */
export type StepStore = {
  /**
   * Changes an entry in one transaction: `change` gets its value (undefined when there is none or it expired) and gives the
   * new one, which is forgotten at `expiresAt` (milliseconds since 1970 UTC). `change` must be pure, as it may be called twice.
   */
  update<Result>(
    key: string,
    change: (value: Json | undefined) => { value: Json; expiresAt: number; result: Result },
  ): Promise<Result>
}

/** A step whose body, the steps that hang on its port `each`, is run again and again. */
export type Loop<Input> = {
  /** The rounds: the `item` of each, or how many there may be at most. Throws a {@link StepError}. */
  plan(input: Input): LoopPlan
  /** Asked after each round, with templates that see what the body gave: whether that was the last. Absent: all rounds are run. */
  isLast?(input: Input, render: ActionContext<Input>['render']): boolean
  /** The output of the port `done`. Throws a {@link StepError}. */
  collect(input: Input, rounds: LoopRounds): Json
}

export type LoopPlan = {
  readonly rounds: readonly Json[] | number
  /** Rounds at once. */
  readonly parallel: number
  /** What a failing round does: fail the step, or leave its error in {@link LoopRounds} and go on. */
  readonly onError: 'stop' | 'collect'
  /** Milliseconds between one round and the next. */
  readonly pauseMs: number
}

export type LoopRounds = {
  /** The output of the body's last step in each round, in order of the items; null where none ran. */
  readonly results: readonly Json[]
  readonly errors: readonly {
    readonly index: number
    readonly error: { readonly code: string; readonly message: string }
  }[]
  /** Whether `isLast` said so, rather than the rounds being used up. */
  readonly isDone: boolean
}

type Common<Input extends z.ZodObject, Output extends z.ZodType> = {
  /** Permanent: zap files carry it. `<app>.<name>`. */
  readonly id: string
  readonly title: string
  readonly description: string
  /** Name of a lucide icon, in kebab case. */
  readonly icon: string
  readonly category: Category
  /** The form is generated from it: use `.meta({ title, description, ui })` on every field. */
  readonly input: Input
  readonly output: Output
  /** An example of the output. */
  readonly sample: Json
  /** One line about a configured step, with `{field}` for the input's values. */
  readonly summary: string
  /**
   * The hosts, files, programs and zaps that a step with this input, as it is written, touches. Whatever is missing here is refused to a
   * zap from elsewhere. Credentials and variables are found without it.
   */
  touches?(input: Step['input']): readonly Touch[]
}

export type Action<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodType = z.ZodType> = Common<
  Input,
  Output
> & {
  readonly kind: 'action'
  readonly effect: Effect | ((input: z.output<Input>) => Effect)
  /** `own`: the engine hands over the input unrendered, and the action calls `ctx.render` itself. */
  readonly templates?: 'own'
  /**
   * All that it does to the world it does through `ctx.fetch`. So it is called while its start is still on the way to the disk, and the
   * fetch waits for that.
   */
  readonly actsByFetch?: boolean
  /** Fields of an input as written in which a text that is JSON with templates in it is JSON (see `asJsonTemplate`). */
  readonly jsonTexts?: (input: Step['input']) => readonly string[]
  /** Its input may hold references to large values. Others get large text as text, and refuse other large values. */
  readonly takesLarge?: boolean
  /** Milliseconds that one attempt may take when the step says nothing. */
  readonly timeoutMs?: number
  /** `main` alone when absent. */
  readonly ports?: readonly Port[]
  /** A field that is a list of `{ id, name? }`: each makes a port, before those of `ports`. */
  readonly portsFrom?: string
  /** The port that is taken when the step is disabled; `main` when absent. */
  readonly passThrough?: string
  /** For a step that may take no port: why nothing goes on behind it then, as the end of a sentence. */
  readonly stopReason?: string
  /** `any`: runs as soon as one inbound edge was taken. Absent: when all are settled and at least one was taken. */
  joins?(input: z.output<Input>): 'all' | 'any'
  /** Field whose templates may read the step's own body, as they are rendered after each of its rounds. */
  readonly bodyField?: string
  /** It answers the sender of the webhook that started its run, so that request is held until then. */
  readonly answersSender?: boolean
  /** For a step with a body; `run` is never called then. */
  readonly loop?: Loop<z.output<Input>>
  run(ctx: ActionContext<z.output<Input>>): Promise<ActionOutcome<z.output<Output>>>
}

/** Where a trigger's events come from; `core/ingress` has one service for each kind. */
export type TriggerSource<Input> =
  | { readonly from: 'webhook'; endpoint(input: Input): WebhookEndpoint }
  | { readonly from: 'schedule'; timetable(input: Input, zone: string): Timetable }
  | { readonly from: 'person' }
  /** The failed runs of other zaps: ids or names of those that are watched, or null for all. */
  | { readonly from: 'failure'; watches(input: Input): readonly string[] | null }

export type WebhookEndpoint = {
  /** Path below `/hooks/` without slashes at its ends, or null for an unguessable one. */
  readonly path: string | null
  readonly methods: readonly string[]
  /** How to check who sent a request; null: everybody who knows the address may. */
  readonly verify: VerifyOptions | null
  /** Template over the event for the sender's own id; null: the well-known id headers are looked at. */
  readonly dedupeKey: string | null
  readonly response: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body: Json
    /** Whether a page in the answer may run scripts. */
    readonly allowScripts?: boolean | undefined
  } | null
  /** Origins of web pages that may call, `*` for all; none may where there are none. */
  readonly browsers?: readonly string[] | undefined
  /** Milliseconds that a request is held for the answer of a step of its run, where there is such a step. */
  readonly holdMs: number
  /** Addresses and ranges from which alone requests are taken; all when there are none. */
  readonly allowFrom: readonly string[]
  readonly rateLimit: { readonly max: number; readonly perMs: number } | null
}

/** An answer to the sender of a webhook. A text is sent as it is, bytes too, anything else as JSON. */
export type SenderAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Json | Uint8Array
  /** Whether a page in the answer may run scripts, with the rights of every other page at the webhooks' address. */
  readonly allowScripts?: boolean | undefined
}

export type Timetable = {
  /** The first due time after a moment, both in milliseconds since 1970 UTC; null when there is none any more. */
  next(after: number): number | null
  /** What to do about due times that passed while nothing ran. */
  readonly missed: 'once' | 'skip' | 'all'
}

export type Trigger<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodType = z.ZodType> = Common<
  Input,
  Output
> & {
  readonly kind: 'trigger'
  readonly source: TriggerSource<z.output<Input>>
}

export type Connector = Action | Trigger

/** Declares an action. `Input` and `Output` come from the two schemas. */
export function defineAction<Input extends z.ZodObject, Output extends z.ZodType>(
  action: Omit<Action<Input, Output>, 'kind'>,
): Action {
  // The registry holds actions of every input type; each is only ever run with what its own schema parsed.
  return { ...action, kind: 'action' } as unknown as Action
}

/** Declares a trigger. */
export function defineTrigger<Input extends z.ZodObject, Output extends z.ZodType>(
  trigger: Omit<Trigger<Input, Output>, 'kind'>,
): Trigger {
  // As above: a trigger's source only ever sees what its own schema parsed.
  return { ...trigger, kind: 'trigger' } as unknown as Trigger
}
