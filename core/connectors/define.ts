import { z } from 'zod'
import type { Clock } from '../domain/clock.ts'
import type { Port } from '../domain/connector-info.ts'
import type { Json } from '../domain/json.ts'
import type { VerifyOptions } from './webhook/verify-options.ts'

/**
 * What a repeat of a step would do. `none`: it reads or computes only. `idempotent`: the same state as after one time.
 * `keyed`: the target honours our idempotency key. `unsafe`: it may happen twice, so an interrupted call asks a person.
 */
export type Effect = 'none' | 'idempotent' | 'keyed' | 'unsafe'

/** The group that the palette shows a connector under; it also gives the hue. */
export type Category = 'webhook' | 'schedule' | 'manual' | 'logic' | 'data' | 'http' | 'file' | 'notify'

/** A reference to a credential, as zap files carry it. */
export const credentialRefSchema = z.strictObject({ $credential: z.string().min(1) })
export type CredentialRef = z.infer<typeof credentialRefSchema>

/** A credential's secret in the clear, only ever in memory. `basic` is `user:password`, `header` is `Name: value`. */
export type Credential = { readonly type: 'secret' | 'bearer' | 'basic' | 'header'; readonly secret: string }

export type FetchRequest = {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | null
  readonly signal: AbortSignal
  /** Bytes of the response body beyond which the request fails. */
  readonly maxBytes: number
}

export type FetchResponse = {
  readonly status: number
  /** Lower-case names; repeated headers joined with ", ". */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** The address that answered, after redirects. */
  readonly url: string
}

/**
 * The only way out to the network for connectors: http and https, addresses checked at connect time on every hop, redirects
 * followed (10 at most) without taking credentials to another origin, size capped. Fails with a {@link StepError}.
 */
export type GuardedFetch = (request: FetchRequest) => Promise<FetchResponse>

/** The only way to files for connectors. A path is absolute, or relative to the first allowed folder. */
export type FileAccess = {
  /** Appends to a file inside an allowed folder, making folders on the way. Symbolic links are followed before the check. */
  append(path: string, text: string): Promise<{ path: string; bytes: number }>
}

/** What an action is given. It has no other way to touch the world. */
export type ActionContext<Input> = {
  /** Parsed, with templates rendered (unless the action has `templates: 'own'`). */
  readonly input: Input
  /** The same on every attempt of this step of this run: `<run>:<step>[:<scope>]`. */
  readonly idempotencyKey: string
  /** Aborts on timeout, cancel and shutdown. */
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly fetch: GuardedFetch
  readonly files: FileAccess
  credential(ref: CredentialRef): Promise<Credential>
  notify(message: { title: string; body?: string }): Promise<void>
  /**
   * Renders every template inside `value`. A missing path is a {@link StepError} that names it or, with
   * `missing: 'undefined'`, makes a field that is one expression undefined.
   */
  render(value: Json, options?: { missing: 'error' | 'undefined' }): Json | undefined
}

/** How an action ends when it does not throw. */
export type ActionResult<Output> = {
  readonly output: Output
  /** Ports that are taken; `["main"]` when absent, and an empty list ends the branch. */
  readonly ports?: readonly string[]
  /** What the journal shows as the step's input in place of `ctx.input`. */
  readonly shownInput?: Json
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
}

export type Action<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodType = z.ZodType> = Common<
  Input,
  Output
> & {
  readonly kind: 'action'
  readonly effect: Effect | ((input: z.output<Input>) => Effect)
  /** `own`: the engine hands over the input unrendered, and the action calls `ctx.render` itself. */
  readonly templates?: 'own'
  /** Milliseconds that one attempt may take when the step says nothing. */
  readonly timeoutMs?: number
  readonly ports?: readonly Port[]
  run(ctx: ActionContext<z.output<Input>>): Promise<ActionResult<z.output<Output>>>
}

/** Where a trigger's events come from; `core/ingress` has one service for each kind. */
export type TriggerSource<Input> =
  | { readonly from: 'webhook'; endpoint(input: Input): WebhookEndpoint }
  | { readonly from: 'schedule'; timetable(input: Input, zone: string): Timetable }
  | { readonly from: 'person' }

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
  } | null
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
