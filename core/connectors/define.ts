import type { z } from 'zod'
import type { DesktopAbility } from '../domain/host/desktop.ts'
import type { Touch } from '../domain/trust/permissions.ts'
import type { Json } from '../domain/values/json.ts'
import type { Step } from '../domain/zap/zap-file.ts'
import type { ActionContext, ActionOutcome, Compute } from './action-context.ts'
import type { OptionsSource } from './field-options.ts'
import type { LogicPrimitives } from './logic.ts'
import type { TriggerSource } from './trigger-sources.ts'

/**
 * What a repeat of a step would do. `none`: it reads or computes only. `idempotent`: the same state as after one time.
 * `keyed`: the target honours our idempotency key. `unsafe`: it may happen twice, so an interrupted call asks a person.
 */
export type Effect = 'none' | 'idempotent' | 'keyed' | 'unsafe'

/** Which group of the palette it is in, unless its family has one of its own there; it also decides the hue. */
export type Category =
  | 'webhook'
  | 'schedule'
  | 'manual'
  | 'zap'
  | 'logic'
  | 'data'
  | 'http'
  | 'file'
  | 'notify'
  | 'code'
  | 'app'

type Common<Input extends z.ZodObject, Output extends z.ZodType> = {
  /** Permanent: zap files carry it. `<app>.<name>`. */
  readonly id: string
  readonly title: string
  readonly description: string
  /** Words that people search for it by, beside title and description: other words for it, and what n8n, Zapier, Make, Node-RED and Shortcuts call it. */
  readonly keywords?: readonly string[]
  /** Name of a lucide icon, in kebab case, or a picture as a `data:` address, as {@link defineApp} makes it of an app's SVG. */
  readonly icon: string
  readonly category: Category
  /** Title of the app that it is part of, where it is of one; {@link defineApp} says so. */
  readonly app?: string
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
  /**
   * What of an input, as it is written, is only half filled in, though the schema takes it: it keeps a draft from being published. Each
   * `message` ends a sentence that begins with the field.
   */
  unfinished?(input: Step['input']): readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]
  /** What its account must be granted at its service. */
  readonly scopes?: readonly string[]
  /** The lists that fields name as `ui.options.from`: choices that a service has. */
  readonly options?: Readonly<Record<string, OptionsSource>>
  /** What it needs of the desktop: a draft with it is not published on a host that has none. */
  readonly desktop?: DesktopAbility
}

/** What every action says of itself. */
export type ActionBase<Input extends z.ZodObject, Output extends z.ZodType> = Common<Input, Output> & {
  readonly effect: Effect | ((input: z.output<Input>) => Effect)
  /** What becomes of a call with the effect `unsafe` that was cut off: a person is asked, unless this says that the step fails. */
  whenCutOff?(input: z.output<Input>): 'ask' | 'fail'
  /**
   * All that it does to the world it does through `ctx.fetch`. So it is called while its start is still on the way to the disk, and the
   * fetch waits for that.
   */
  readonly actsByFetch?: boolean
  /** Its input may hold references to large values. Others get large text as text, and refuse other large values. */
  readonly takesLarge?: boolean
  /**
   * Fields that the engine hands over unrendered: their templates may read `item` and `index`, and the action renders them for each item of
   * the list in its field `items`.
   */
  readonly itemFields?: readonly string[]
  /** Fields in which braces are no templates, such as code: what came from outside must not become part of it. */
  readonly verbatim?: readonly string[]
  /** Fields that a zap carries for the step, and no person fills in: they are handed over as they are, and what is shown of the input leaves them out. */
  readonly carried?: readonly string[]
  /** Fields with a list that a computation reads by `lists.read` alone, so that it need not be in memory; `lists[]` for each of the lists in `lists`. */
  readonly streams?: readonly string[]
  /** What a computation computes: see {@link defineComputation}. */
  readonly computes?: Compute<z.output<Input>>
  /** Milliseconds that one attempt may take when the step says nothing. */
  readonly timeoutMs?: number
  /** It answers the sender of the webhook that started its run, so that request is held until then. */
  readonly answersSender?: boolean
  run(ctx: ActionContext<z.output<Input>>): Promise<ActionOutcome<z.output<Output>>>
}

/** A step that does something. Those that {@link defineLogic} declares also decide which way a run goes. */
export type Action<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodType = z.ZodType> = ActionBase<
  Input,
  Output
> &
  LogicPrimitives<z.output<Input>> & { readonly kind: 'action' }

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
  action: ActionBase<Input, Output>,
): Action {
  return defineLogic(action)
}

/** Declares an action that decides which way a run goes, with what only these may say of themselves. */
export function defineLogic<Input extends z.ZodObject, Output extends z.ZodType>(
  action: ActionBase<Input, Output> & LogicPrimitives<z.output<Input>>,
): Action {
  // A catalogue holds actions of every input type; each is only ever run with what its own schema parsed.
  return { ...action, kind: 'action' } as unknown as Action
}

/** Declares a trigger. */
export function defineTrigger<Input extends z.ZodObject, Output extends z.ZodType>(
  trigger: Omit<Trigger<Input, Output>, 'kind'>,
): Trigger {
  // As above: a trigger's source only ever sees what its own schema parsed.
  return { ...trigger, kind: 'trigger' } as unknown as Trigger
}
