import { z } from 'zod'
import { type Loop, type LoopPlan, MOST_ROUNDS, tooManyRounds } from '../../connectors/logic.ts'
import type { StepRunRow } from '../../db/step-runs.ts'
import { StepError } from '../../domain/runs/step-error.ts'
import { beginRendering, type RenderOptions, renderValue } from '../../domain/templates/template.ts'
import type { Json } from '../../domain/values/json.ts'
import { holdsLarge, isLargeValue, LAZY_BYTES } from '../../domain/values/large-value.ts'
import { fromStored } from '../../domain/values/stored-json.ts'
import type { CompiledStep } from '../../domain/zap/graph.ts'
import { lastOutput } from '../../domain/zap/last-output.ts'
import { DONE_PORT, type Step } from '../../domain/zap/zap-file.ts'
import { largeItems, renderLarge, withoutLarge } from '../large-inputs.ts'
import type { StepServices } from '../step-services.ts'
import { checkInput, errorOutput, renderInput } from './execute-step.ts'
import {
  beginStep,
  type Frame,
  type FrameFailure,
  isHalted,
  type LoopWork,
  type ReadyPlan,
  roundFrame,
} from './frame.ts'
import { type AttemptLine, doneRow, failedAttempt, runningRow, skippedRow, waitingRow } from './journal-rows.ts'
import { isEnding, type Run } from './run.ts'
import { stepKey } from './run-journal.ts'
import { type Attempted, actionOf, attempt } from './run-step.ts'
import { type FinalEnd, failureEnd, policyOf } from './step-end.ts'

/** How a loop ends: like any step, or null when it was given up because a step beside it failed. */
export type LoopEnd = FinalEnd | null

/** What a loop needs of the run around it. */
export type LoopHooks = {
  /** Runs a round's frame, as far as it gets. */
  begin(round: Frame): void
  /** Keeps the run's slot until something is done. */
  keepBusy(doing: () => Promise<void>): void
  /** Calls `wake` at a time; until then the run may give up its slot. */
  rest(until: number, wake: () => void): void
  /** Ends what a frame still waits for, and closes it when nothing of it is under way. */
  halt(round: Frame): void
  ended(end: LoopEnd): void
}

/**
 * Rounds after which the journal is written and others get their turn. All count, also those that begin when another is over: rounds
 * that wait for nothing follow each other without a turn of the event loop between them.
 */
const BURST = 200

/**
 * Runs a loop: its rounds in order, as many at once as it allows. A round that is in the journal is taken from there. The items of a
 * loop are stored when it begins, so that a resumed run goes through the same ones.
 */
export async function startLoop(
  run: Run,
  frame: Frame,
  compiled: CompiledStep,
  loop: Loop<Record<string, unknown>>,
  hooks: LoopHooks,
): Promise<void> {
  const { journal, services } = run
  const { clock } = services.step
  const { step } = compiled
  const action = actionOf(services.step.catalogue, step.uses)
  const before = run.opened.get(stepKey(frame.scope, step.id))?.row
  const startedAt = before?.attemptStartedAt ?? clock.now()
  let isPumping = false
  let isOver = false
  /** Rounds that were begun since others had their turn. */
  let begun = 0
  beginStep(frame, startedAt)

  let line: AttemptLine = { stepId: step.id, scope: frame.scope, input: null, attemptNo: 1, startedAt }
  const stored = before?.input == null ? null : await services.step.values.unpack(before.input)
  const prepared = await attempt(async () => {
    const rendered = await renderLarge(action, step, frame, services.step)
    const wanted = stored ?? renderInput(action, step, frame.values, rendered)
    const { input, shown } = checkInput(action, step, await withoutLarge(action, step, wanted, services.step))
    return { input, shown, plan: await readyPlan(loop.plan(input), step, services.step) }
  })
  if (!prepared.ok) return fail({ error: prepared.error, exhausted: false })
  const { input, shown, plan } = prepared.value
  line = { ...line, input: before?.input ?? (await services.step.values.pack(shown)) }
  if (before === undefined) journal.step(runningRow(line))

  const loopWork: LoopWork = {
    stepId: step.id,
    frame,
    loop,
    input,
    plan,
    line,
    results: [],
    errors: [],
    rounds: new Set(),
    next: 0,
    pause: before?.state === 'waiting' ? pauseOf(before) : null,
    isDone: false,
    failure: null,
    roundOver,
    halt() {
      for (const round of [...loopWork.rounds]) hooks.halt(round)
      pump()
    },
  }
  frame.loops.add(loopWork)
  pump()

  /** Begins as many rounds as may be under way. */
  function pump(): void {
    // A round that ends at once must not begin the next one inside itself: ten thousand of them would overflow the stack.
    if (isPumping || isOver) return
    isPumping = true
    while (mayBegin() && loopWork.rounds.size < plan.parallel && !isPaused()) {
      if (begun === BURST) {
        hooks.keepBusy(async () => {
          await journal.flush()
          begun = 0
          isPumping = false
          pump()
        })
        return
      }
      begun++
      const index = loopWork.next++
      const round = roundFrame(run.begun.zap, loopWork, index, itemOf(loopWork, index))
      loopWork.rounds.add(round)
      hooks.begin(round)
    }
    isPumping = false
    if (loopWork.rounds.size === 0 && (!hasMoreRounds(loopWork) || isHalted(frame)) && !isEnding(run)) finish()
  }

  function mayBegin(): boolean {
    return hasMoreRounds(loopWork) && !isHalted(frame) && !isEnding(run)
  }

  /** Whether the next round has to wait for its pause; begins the pause when it is due. */
  function isPaused(): boolean {
    const index = loopWork.next
    const scope = frame.scope === '' ? String(index) : `${frame.scope}.${index}`
    if (index === 0 || plan.pauseMs === 0 || run.scopes.has(scope)) return false
    const now = clock.now()
    if (loopWork.pause?.before !== index) {
      const until = now + plan.pauseMs
      loopWork.pause = { before: index, until }
      const wait = { for: 'time' as const, since: now, data: JSON.stringify({ before: index }) }
      journal.step(waitingRow(line, until, wait))
    } else if (loopWork.pause.until <= now) {
      journal.step(runningRow(line))
      return false
    }
    hooks.rest(loopWork.pause.until, pump)
    return true
  }

  function roundOver(round: Frame): void {
    if (loop.isLast === undefined || round.large.size === 0) takeRound(round, undefined)
    else
      hooks.keepBusy(async () => takeRound(round, await attempt(() => renderLarge(action, step, round, services.step))))
  }

  /** Takes up what a round gave. `rendered` are those of the loop's own templates that look into large values. */
  function takeRound(round: Frame, rendered: Attempted<RenderOptions['rendered']> | undefined): void {
    loopWork.rounds.delete(round)
    const index = Number(round.values.index)
    const { failure } = round
    if (failure === null) {
      loopWork.results[index] = lastOutput(run.begun.zap, step.id, (stepId) => round.outcomes.get(stepId))
      beginRendering(round.values)
      const last = attempt(() => {
        if (rendered?.ok === false) throw new StepError(rendered.error)
        const texts = { rendered: rendered?.value }
        return loop.isLast?.(input, (value, options) => renderValue(value, round.values, { ...options, ...texts }))
      })
      if (!last.ok) loopWork.failure ??= { stepId: step.id, error: last.error, exhausted: false }
      else if (last.value === true) loopWork.isDone = true
    } else if (plan.onError === 'collect') {
      loopWork.results[index] = null
      loopWork.errors.push({ index, error: { code: failure.error.code, message: failure.error.message } })
    } else {
      const message = `Round ${index + 1}, step "${failure.stepId}": ${failure.error.message}`
      loopWork.failure ??= { ...failure, error: { ...failure.error, message } }
    }
    if (loopWork.failure !== null) for (const other of [...loopWork.rounds]) hooks.halt(other)
    pump()
  }

  function fail({ error, exhausted }: Omit<FrameFailure, 'stepId'>): void {
    const end = failureEnd(step, policyOf(step).onError, { error, exhausted })
    const ports = end.kind === 'settled' ? end.outcome.ports : []
    const now = clock.now()
    const output = JSON.stringify(errorOutput(error))
    journal.step(doneRow(line, 'failed', { ports, output, finishedAt: now, exhausted }))
    journal.attempt(failedAttempt(line, error, now))
    hooks.ended(end)
  }

  function finish(): void {
    isOver = true
    frame.loops.delete(loopWork)
    closeStaleSteps(run, step.id, frame.scope)
    if (isHalted(frame)) {
      journal.step(skippedRow(step.id, frame.scope, [], clock.now()))
      hooks.ended(null)
      return
    }
    hooks.keepBusy(async () => {
      if (loopWork.failure !== null) return fail(loopWork.failure)
      const { results, errors, isDone } = loopWork
      const collected = attempt(() =>
        loop.collect(input, { results, errors: errors.sort((a, b) => a.index - b.index), isDone }),
      )
      if (!collected.ok) return fail({ error: collected.error, exhausted: false })
      const output = await services.step.values.packPiecewise(collected.value)
      journal.step(doneRow(line, 'succeeded', { ports: [DONE_PORT], output, finishedAt: clock.now() }))
      const mayHoldLarge = output.includes('$blob":')
      // What is too large to be read into a run is let go of, as a run that goes on after a crash would not have it either.
      const stored = mayHoldLarge ? fromStored(output) : null
      const value = isLargeValue(stored) && stored.bytes > LAZY_BYTES ? stored : collected.value
      const outcome = { ports: [DONE_PORT], output: value, hasLarge: mayHoldLarge && holdsLarge(value) }
      hooks.ended({ kind: 'settled', outcome, endRun: undefined })
    })
  }
}

/** The pause that a stored loop was in. */
function pauseOf(row: StepRunRow): LoopWork['pause'] {
  const stored = row.wait?.for === 'time' ? row.wait.data : null
  const data = pauseSchema.safeParse(JSON.parse(stored ?? 'null'))
  return data.success ? { before: data.data.before, until: row.nextAttemptAt ?? 0 } : null
}

const pauseSchema = z.object({ before: z.int() })

/** A plan with the items of a list that is too large for a run, which are read in turns with everything else. */
async function readyPlan(plan: LoopPlan, step: Step, services: StepServices): Promise<ReadyPlan> {
  const { rounds } = plan
  if (!isLargeValue(rounds)) return { ...plan, rounds }
  const items = await largeItems(rounds, step, services)
  if (items.length <= MOST_ROUNDS) return { ...plan, rounds: items }
  const message = `The list of the step "${step.name ?? step.id}" ${tooManyRounds(items.length)}.`
  throw new StepError({ code: 'bad-input', message, retryable: false })
}

/** How many rounds a loop has at most. */
function roundCount({ plan }: Pick<LoopWork, 'plan'>): number {
  return typeof plan.rounds === 'number' ? plan.rounds : plan.rounds.length
}

/** The `item` of a round; in a loop without items the last round's result. */
function itemOf({ plan, results }: Pick<LoopWork, 'plan' | 'results'>, index: number): Json {
  return typeof plan.rounds === 'number' ? (results[index - 1] ?? null) : (plan.rounds[index] ?? null)
}

/** Whether another round may follow, at once or when one of those under way is over. */
function hasMoreRounds(work: LoopWork): boolean {
  return !work.isDone && work.failure === null && work.next < roundCount(work)
}

/**
 * Closes what the journal still has open of a loop's body, in the rounds under `scope` ('' for all): those rounds have failed, and an
 * interruption kept the steps beside the failure from being closed with it.
 */
export function closeStaleSteps(run: Run, loopId: string, scope: string): void {
  const { begun, journal, services } = run
  for (const row of begun.journal) {
    if (row.state !== 'waiting' && row.state !== 'running') continue
    if (begun.zap.steps.get(row.stepId)?.loops.includes(loopId) !== true) continue
    const isWithin = scope === '' || `${row.scope}.`.startsWith(`${scope}.`)
    if (!isWithin || journal.hasClosed(stepKey(row.scope, row.stepId))) continue
    journal.step(skippedRow(row.stepId, row.scope, [], services.step.clock.now()))
  }
}
