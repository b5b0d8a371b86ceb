import { z } from 'zod'
import type { Loop, LoopPlan } from '../../connectors/logic.ts'
import type { StepRunRow } from '../../db/step-runs.ts'
import type { StepErrorDetails } from '../../domain/runs/step-error.ts'
import { beginRendering } from '../../domain/templates/template.ts'
import type { Json } from '../../domain/values/json.ts'
import { holdsLarge } from '../../domain/values/large-value.ts'
import { fromStored } from '../../domain/values/stored-json.ts'
import type { CompiledZap } from '../../domain/zap/graph.ts'
import { EACH_PORT } from '../../domain/zap/zap-file.ts'
import { errorOf } from './execute-step.ts'
import type { AttemptLine } from './journal-rows.ts'
import { stepKey } from './run-journal.ts'

/** How a step ended in this run, or in the delivery before a crash. */
export type StepOutcome = {
  readonly ports: readonly string[]
  readonly output: Json
  /** Whether the output is, or has in it, a reference to a large value. */
  readonly hasLarge: boolean
}

/** The failure that ended a frame: of a step whose `onError` is `stop`. */
export type FrameFailure = {
  readonly stepId: string
  readonly error: StepErrorDetails
  /** Whether it is one that is tried again, and was as often as its step allows. */
  readonly exhausted: boolean
}

/**
 * One pass through steps that belong together: the zap itself, or one round of a loop's body. Inner loops are single steps of
 * their frame; their rounds are frames of their own.
 */
export type Frame = {
  /** Indices of the rounds that it lies in, the outermost first: '' for the zap itself, `3`, `3.0`. */
  readonly scope: string
  /** The loop whose round it is; null for the zap itself. */
  readonly loop: LoopWork | null
  /** Its steps, in the order of the zap. */
  readonly steps: readonly string[]
  readonly outcomes: Map<string, StepOutcome>
  /** Steps that were begun and may be under way, waiting, or done. */
  readonly started: Set<string>
  /** What templates may read. */
  readonly values: Record<string, unknown>
  /** Those of the values that are, or have in them, references to large ones. */
  readonly large: Set<string>
  /** Inner loops that are under way. */
  readonly loops: Set<LoopWork>
  /** Steps that wait, by id. */
  readonly waiting: Set<string>
  /** Steps under way, inner loops included. */
  open: number
  failure: FrameFailure | null
  isOver: boolean
}

/** A plan of which all items are in memory. */
export type ReadyPlan = LoopPlan & { readonly rounds: readonly Json[] | number }

/** A loop that is under way: which of its rounds are done, and what they gave. */
export type LoopWork = {
  readonly stepId: string
  /** The frame that the loop is a step of. */
  readonly frame: Frame
  readonly loop: Loop<Record<string, unknown>>
  readonly input: Record<string, unknown>
  readonly plan: ReadyPlan
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

function frameOf(scope: string, loop: LoopWork | null, steps: readonly string[]): Frame {
  return {
    scope,
    loop,
    steps,
    outcomes: new Map(),
    started: new Set(),
    // Without a prototype, so that no word of a template finds anything that was not put there.
    values: Object.create(null),
    large: new Set(),
    loops: new Set(),
    waiting: new Set(),
    open: 0,
    failure: null,
    isOver: false,
  }
}

/** The frame of the zap itself. */
export function rootFrame(zap: CompiledZap): Frame {
  return frameOf(
    '',
    null,
    zap.order.filter((id) => zap.steps.get(id)?.loops.length === 0),
  )
}

/** The frame of a loop's round: it sees all that the loop sees, and its own `item` and `index`. */
export function roundFrame(zap: CompiledZap, loop: LoopWork, index: number, item: Json): Frame {
  const { frame, stepId } = loop
  const scope = frame.scope === '' ? String(index) : `${frame.scope}.${index}`
  const round = frameOf(scope, loop, zap.bodies.get(stepId) ?? [])
  Object.assign(round.values, frame.values, { item, index })
  for (const root of frame.large) round.large.add(root)
  if (frame.large.size > 0 && holdsLarge(item)) round.large.add('item')
  // Seen from the body, its loop is a step that has taken its port `each`.
  round.outcomes.set(stepId, { ports: [EACH_PORT], output: null, hasLarge: false })
  return round
}

/** Prepares a frame's values for the templates of a step that begins at `at`, in milliseconds since 1970 UTC. */
export function beginStep(frame: Frame, at: number): void {
  frame.values.now = new Date(at).toISOString()
  beginRendering(frame.values)
}

/** Notes how a step ended, for the steps behind it and for templates. */
export function settleStep(frame: Frame, stepId: string, outcome: StepOutcome): void {
  frame.outcomes.set(stepId, outcome)
  frame.values[stepId] = outcome.output
  if (outcome.hasLarge) frame.large.add(stepId)
}

/** Takes over what the journal, whose lines are given by {@link stepKey}, says of a frame's steps. */
export function restoreFrame(frame: Frame, zap: CompiledZap, journal: ReadonlyMap<string, StepRunRow>): void {
  for (const stepId of frame.steps) {
    const row = journal.get(stepKey(frame.scope, stepId))
    if (row?.ports == null) continue
    const output = row.output === null ? null : fromStored(row.output)
    const outcome = {
      ports: portsSchema.parse(JSON.parse(row.ports)),
      output,
      hasLarge: holdsLarge(output),
    }
    settleStep(frame, stepId, outcome)
    const step = zap.steps.get(stepId)?.step
    if (row.state !== 'failed' || step === undefined || (step.settings?.onError ?? 'stop') !== 'stop') continue
    const { exhausted } = row
    frame.failure ??= { stepId, error: { ...errorOf(outcome.output), retryable: exhausted }, exhausted }
  }
}

const portsSchema = z.array(z.string())

/** Whether nothing more may begin in a frame, as it or a frame around it has failed. */
export function isHalted(frame: Frame): boolean {
  for (let at: Frame | null = frame; at !== null; at = at.loop?.frame ?? null) {
    if (at.failure !== null || at.loop?.failure != null) return true
  }
  return false
}
