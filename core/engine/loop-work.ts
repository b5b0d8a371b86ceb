import type { Loop, LoopPlan } from '../connectors/logic.ts'
import type { Json } from '../domain/json.ts'
import type { Frame, FrameFailure } from './frame.ts'
import type { AttemptLine } from './journal-rows.ts'

/** A loop that is under way: which of its rounds are done, and what they gave. */
export type LoopWork = {
  readonly stepId: string
  /** The frame that the loop is a step of. */
  readonly frame: Frame
  readonly loop: Loop<Record<string, unknown>>
  readonly input: Record<string, unknown>
  readonly plan: LoopPlan
  /** Its line in the journal. */
  readonly line: AttemptLine
  readonly results: Json[]
  readonly errors: { index: number; error: { code: string; message: string } }[]
  /** Rounds that are under way. */
  readonly rounds: Set<Frame>
  /** The round that begins next. */
  next: number
  /** The round before which the last pause was made, and its end; a pause is made once. */
  pause: { readonly before: number; readonly until: number } | null
  /** Whether `isLast` said that no round follows. */
  isDone: boolean
  failure: FrameFailure | null
  /** Takes up what a round gave, and begins the next one. */
  roundOver(round: Frame): void
  /** Ends its rounds, as a step beside it has failed. */
  halt(): void
}

/** How many rounds a loop has at most. */
export function roundCount({ plan }: Pick<LoopWork, 'plan'>): number {
  return typeof plan.rounds === 'number' ? plan.rounds : plan.rounds.length
}

/** The `item` of a round; in a loop without items the last round's result. */
export function itemOf({ plan, results }: Pick<LoopWork, 'plan' | 'results'>, index: number): Json {
  return typeof plan.rounds === 'number' ? (results[index - 1] ?? null) : (plan.rounds[index] ?? null)
}

/** Whether another round may follow, at once or when one of those under way is over. */
export function hasMoreRounds(work: LoopWork): boolean {
  return !work.isDone && work.failure === null && work.next < roundCount(work)
}
