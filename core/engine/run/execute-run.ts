import { answerTo, getWaitingSteps } from '../../db/step-runs.ts'
import { NEVER } from '../../domain/runs/states.ts'
import { hostZone } from '../../domain/time/zone.ts'
import { holdsLarge } from '../../domain/values/large-value.ts'
import { MAIN_PORT } from '../../domain/zap/zap-file.ts'
import { variablesFor } from '../step-permits.ts'
import { advance, type Traits, targetsIn } from './advance.ts'
import { answerLinks, askingSteps } from './answer-links.ts'
import type { BegunRun } from './begin-run.ts'
import { endRun, progressOf } from './end-run.ts'
import { type Frame, isHalted, restoreFrame, settleStep } from './frame.ts'
import { endedByStep, skippedRow } from './journal-rows.ts'
import { pauseBefore, stopsHere } from './paused-steps.ts'
import { createRun, type Delivery, type DeliveryTerms, isEnding, type Run, type RunServices } from './run.ts'
import { stepKey } from './run-journal.ts'
import { closeStaleSteps, startLoop } from './run-loop.ts'
import { actionOf, attempt, joinsAny, runStep } from './run-step.ts'
import type { FinalEnd, StepEnd } from './step-end.ts'

/** Milliseconds of waiting for which a run does not give up its slot. */
const HOLD_MS = 100

/**
 * Works on a run until it ends, waits, or is aborted, and settles its outbox message in the same commit as its last line. Steps start
 * as soon as all their inbound edges are settled and at least one of them was taken, so branches run side by side. `run.ts` has its states.
 *
 * A resumed run repeats nothing that is in its journal, takes the same branches, and knows which call was interrupted. While
 * something is under way, steps that wait go on by themselves when their time comes; when everything waits, the run gives up its
 * slot, and its message becomes due when the first of them does.
 *
 * What is written after it has called `delivery.leave` comes after its last commit, and shares its fate or finds it on the disk.
 *
 * @throws LeaseLostError when the run has become another worker's; any other error means that nothing was settled.
 */
export async function executeRun(begun: BegunRun, delivery: DeliveryTerms, services: RunServices): Promise<Delivery> {
  const { zap, message } = begun
  const { catalogue, clock } = services.step
  const loading = catalogue.load(zap.file.steps)
  if (loading !== undefined) await loading
  const run = createRun(begun, delivery, services)
  await takeOver(run)

  const abort = (): void => run.abort(delivery.signal.reason)
  if (delivery.signal.aborted) abort()
  delivery.signal.addEventListener('abort', abort, { once: true })
  const deadline = deadlineOf(begun)
  const stopWatching = watchDeadline(run, deadline)
  const work = createWork(run)
  const stopListening = services.news.listen(message.runId, () => {
    if (run.busy > 0) work.keepBusy(() => hearNews(run))
  })
  await work.untilIdle()
  stopWatching()
  stopListening()
  delivery.signal.removeEventListener('abort', abort)

  if (run.broken !== null) throw run.broken.error
  return endRun(run, progressOf(run, deadline), clock.now())
}

/** Takes over what is done: the trigger's event, and what an earlier delivery journaled. */
async function takeOver(run: Run): Promise<void> {
  const { begun, root, services } = run
  const { zap, event, message } = begun
  const { catalogue, env, permissionsOf, values } = services.step
  const { zapId, version } = message
  root.values.zap = { id: zapId, name: zap.file.name, version, timezone: zap.file.settings?.timezone ?? hostZone() }
  root.values.run = runValues(run, root)
  root.values.env = variablesFor(catalogue, env, { zapId, zap }, permissionsOf(zapId))
  for (const trigger of zap.triggers) {
    const isOurs = trigger === event.triggerStepId
    const data = isOurs && begun.data === undefined ? await attempt(() => values.unpack(event.data)) : null
    if (data?.ok === false) run.endedBy ??= { stepId: trigger, as: 'failed', message: data.error.message }
    const output = data?.ok === true ? data.value : isOurs ? (begun.data ?? null) : null
    const hasLarge = event.data.includes('$blob":') && holdsLarge(output)
    settleStep(root, trigger, { ports: isOurs ? [MAIN_PORT] : [], output, hasLarge })
  }
  restoreFrame(root, zap, run.lines)
  run.endedBy ??= endedByStep(begun.journal)
  for (const row of begun.journal) {
    if (row.scope === '' && row.state === 'succeeded' && row.ports === '[]') run.stoppers.add(row.stepId)
  }
}

/** What templates of a frame read as `run`. */
function runValues({ begun, services }: Run, frame: Frame): object {
  const { message, startedAt, zap } = begun
  const values = { id: message.runId, startedAt: new Date(startedAt).toISOString() }
  if (askingSteps(zap).length === 0) return values
  return { ...values, approval: answerLinks(zap, frame, message.runId, services.step.answerLink) }
}

/** When the run has to be over; {@link NEVER} when its zap sets no limit. A person who steps through a test takes the time that it takes. */
function deadlineOf({ zap, startedAt, stepping }: BegunRun): number {
  const { runTimeoutMs } = zap.file.settings ?? {}
  return runTimeoutMs === undefined || stepping !== undefined ? NEVER : startedAt + runTimeoutMs
}

/** Ends the run at its time limit. A timer may be shorter than the rest of it, so it looks again. The returned function ends the watching. */
function watchDeadline(run: Run, deadline: number): () => void {
  const { clock } = run.services.step
  let cancel = (): void => undefined
  const look = (): void => {
    if (deadline === NEVER) return
    const left = deadline - clock.now()
    if (left <= 0) run.abort('timed-out')
    else cancel = clock.after(left, look)
  }
  look()
  return () => cancel()
}

/** Something came from outside: an answer, or the end of a wait. */
async function hearNews({ begun, services, resting, opened }: Run): Promise<void> {
  const waiting = await services.database.write((tx) => getWaitingSteps(tx, begun.message.runId))
  const now = services.step.clock.now()
  const awake = new Map(
    waiting
      .filter((row) => answerTo(row.wait) !== null || (row.nextAttemptAt ?? NEVER) <= now)
      .map((row) => [stepKey(row.scope, row.stepId), row]),
  )
  resting.wake((key) => {
    const row = awake.get(key)
    const known = opened.get(key)
    if (row !== undefined) opened.set(key, { row, failures: known?.failures ?? 0, timedOut: false })
    return row !== undefined
  })
}

/** What performs a run: it starts the steps that `advance` names, and takes up how they end. */
type Work = {
  /** Does something that keeps the run's slot until it is done. */
  keepBusy(doing: () => Promise<void>): void
  /** Begins; resolves when nothing is under way and nothing goes on in a moment. */
  untilIdle(): Promise<void>
}

function createWork(run: Run): Work {
  const { begun, journal, services, resting, root, standing } = run
  const { zap, message } = begun
  const { catalogue, clock } = services.step
  const idle = Promise.withResolvers<void>()
  let cancelTimer = (): void => undefined
  const traits: Traits = {
    joinsAny: (step) => joinsAny(actionOf(catalogue, step.uses), step),
    passThrough: (step) => actionOf(catalogue, step.uses).passThrough ?? MAIN_PORT,
  }

  function keepBusy(doing: () => Promise<void>): void {
    run.busy++
    void doing()
      .catch((error: unknown) => {
        run.broken ??= { error }
      })
      .finally(() => {
        run.busy--
        if (run.busy > 0) armTimer()
        else if (!holdOn()) idle.resolve()
      })
  }

  /**
   * Keeps the run's slot when something goes on in a moment: fifty items of a loop that wait side by side would otherwise have the
   * run given up and read again fifty times. False when there is no such thing.
   */
  function holdOn(): boolean {
    const left = resting.soonest() - clock.now()
    if (left > HOLD_MS || isEnding(run) || root.failure !== null) return false
    keepBusy(async () => {
      const passed = Promise.withResolvers<void>()
      clock.after(left, passed.resolve)
      await passed.promise
      resting.wakeDue()
    })
    return true
  }

  /** Only while something is under way: a run of which everything waits gives up its slot. */
  function armTimer(): void {
    cancelTimer()
    const next = resting.soonest()
    if (next === NEVER || run.busy === 0) return
    cancelTimer = clock.after(next - clock.now(), () => {
      resting.wakeDue()
      armTimer()
    })
  }

  /** Starts or skips what is ready among the given steps, and what is behind those that are skipped. */
  function goOn(frame: Frame, from: Iterable<string>): void {
    if (isEnding(run) || isHalted(frame)) return
    const { outcomes, started, scope, loop } = frame
    for (const decision of advance(zap, { outcomes, started, loopId: loop?.stepId }, from, traits)) {
      const { stepId } = decision
      if (decision.do === 'start') start(frame, stepId)
      else {
        const { ports } = decision
        journal.step(skippedRow(stepId, scope, ports, clock.now()))
        settleStep(frame, stepId, { ports, output: null, hasLarge: false })
      }
    }
  }

  function start(frame: Frame, stepId: string): void {
    const compiled = zap.steps.get(stepId)
    if (compiled === undefined) throw new Error(`the step ${stepId} is not part of its zap`)
    frame.started.add(stepId)
    frame.open++
    if (begun.stepping !== undefined && stopsHere(run, frame, stepId)) {
      keepBusy(async () => {
        standing.set(stepKey(frame.scope, stepId), { stepId, problem: await pauseBefore(run, frame, compiled) })
        await onStepEnd(frame, stepId, { kind: 'waiting', until: NEVER })
      })
      return
    }
    const { loop } = actionOf(catalogue, compiled.step.uses)
    if (loop === undefined) {
      keepBusy(async () => onStepEnd(frame, stepId, await runStep(run, frame, compiled)))
      return
    }
    keepBusy(() =>
      startLoop(run, frame, compiled, loop, {
        begin: beginRound,
        keepBusy,
        rest: (until, wake) => resting.rest({ frame, stepId, until, wake }),
        halt,
        ended(end) {
          frame.open--
          resting.drop(frame, stepId)
          if (end !== null) settleEnd(frame, stepId, end)
          closeIfOver(frame)
        },
      }),
    )
  }

  function beginRound(round: Frame): void {
    if (askingSteps(zap).length > 0) round.values.run = runValues(run, round)
    restoreFrame(round, zap, run.lines)
    if (round.failure !== null && round.loop !== null) closeStaleSteps(run, round.loop.stepId, round.scope)
    goOn(round, round.steps)
    closeIfOver(round)
  }

  async function onStepEnd(frame: Frame, stepId: string, end: StepEnd): Promise<void> {
    frame.open--
    if (end.kind === 'aborted') return
    if (end.kind === 'review') {
      run.review ??= { stepId, cause: end.cause }
      return
    }
    if (end.kind === 'waiting') {
      frame.waiting.add(stepId)
      resting.rest({ frame, stepId, until: end.until, wake: () => wakeStep(frame, stepId) })
    } else settleEnd(frame, stepId, end)
    closeIfOver(frame)
    // What is done must be durable soon, also while a slow neighbour keeps the run open.
    if (run.busy > 1) await journal.flush()
    services.signals.emit('run:changed', [message.runId])
  }

  function settleEnd(frame: Frame, stepId: string, end: FinalEnd): void {
    if (end.kind === 'failed') {
      frame.failure ??= end.failure
      for (const loop of [...frame.loops]) loop.halt()
      return
    }
    settleStep(frame, stepId, end.outcome)
    if (end.endRun !== undefined) run.endedBy ??= { stepId, ...end.endRun }
    else if (end.outcome.ports.length === 0 && frame.loop === null) run.stoppers.add(stepId)
    goOn(frame, targetsIn(zap, stepId, frame.loop?.stepId))
  }

  /** Ends the rounds inside a round that goes no further, and the round itself when nothing of it is under way. */
  function halt(round: Frame): void {
    for (const loop of [...round.loops]) loop.halt()
    closeIfOver(round)
  }

  /** Tells a loop that one of its rounds is over. */
  function closeIfOver(frame: Frame): void {
    if (frame.loop === null || frame.isOver || frame.open > 0 || isEnding(run)) return
    if (frame.waiting.size > 0 && !isHalted(frame)) return
    frame.isOver = true
    for (const stepId of frame.waiting) {
      resting.drop(frame, stepId)
      standing.delete(stepKey(frame.scope, stepId))
      journal.step(skippedRow(stepId, frame.scope, [], clock.now()))
    }
    frame.loop.roundOver(frame)
  }

  function wakeStep(frame: Frame, stepId: string): void {
    frame.waiting.delete(stepId)
    frame.started.delete(stepId)
    start(frame, stepId)
  }

  return {
    keepBusy,
    async untilIdle() {
      keepBusy(async () => goOn(root, root.steps))
      await idle.promise
      cancelTimer()
    },
  }
}
