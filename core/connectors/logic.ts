import type { Json } from '../domain/values/json.ts'
import type { LargeValue } from '../domain/values/large-value.ts'
import type { Port } from '../domain/zap/connector-info.ts'
import type { ActionContext } from './action-context.ts'

/** What only steps of logic say: how branches come to them, and which way a run goes on behind them. */
export type LogicPrimitives<Input> = {
  /** `own`: the engine hands over the input unrendered, and the action calls `ctx.render` itself. */
  readonly templates?: 'own'
  /** `main` alone when absent. */
  readonly ports?: readonly Port[]
  /** A field that is a list of `{ id, name? }`: each makes a port, before those of `ports`. */
  readonly portsFrom?: string
  /** The port that is taken when the step is disabled; `main` when absent. */
  readonly passThrough?: string
  /** For a step that may take no port: why nothing goes on behind it then, as the end of a sentence. */
  readonly stopReason?: string
  /** `any`: runs as soon as one inbound edge was taken. Absent: when all are settled and at least one was taken. */
  joins?(input: Input): 'all' | 'any'
  /** Field whose templates may read the step's own body, as they are rendered after each of its rounds. */
  readonly bodyField?: string
  /** For a step with a body; `run` is never called then. */
  readonly loop?: Loop<Input>
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

/** Rounds of one loop at most: each has lines in the journal, and its item is held in memory until the loop is done. */
export const MOST_ROUNDS = 100_000

/** Why a list is too long for a loop, as the end of a sentence. */
export function tooManyRounds(count: number): string {
  const [items, most] = [count, MOST_ROUNDS].map((number) => number.toLocaleString('en-US'))
  return `has ${items} items, and a loop takes ${most} at most; go through it in parts`
}

export type LoopPlan = {
  /** Items, which may be in a large value, or so many rounds without any. */
  readonly rounds: readonly Json[] | LargeValue | number
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
