import { answerTo, getWaitingSteps } from '../db/step-runs.ts'
import type { CompiledZap } from '../domain/graph.ts'
import { holdsLarge } from '../domain/large-value.ts'
import { NEVER } from '../domain/states.ts'
import { MAIN_PORT, portOf } from '../domain/zap-file.ts'
import { hostZone } from '../domain/zone.ts'
import type { BegunRun } from './begin-run.ts'
import { endRun, type RunProgress } from './end-run.ts'
import { endedByStep, type Frame, isHalted, restoreFrame, rootFrame, settleStep, targetsIn } from './frame.ts'
import { skippedRow } from './journal-rows.ts'
import { pauseBefore, stopsHere } from './paused-steps.ts'
import { createRestingSteps } from './resting-steps.ts'
import { createRunJournal } from './run-journal.ts'
import { startLoop } from './run-loop.ts'
import { actionOf, attempt, type FinalEnd, joinsAny, runStep, type StepEnd } from './run-step.ts'
import type { AbortReason, Delivery, DeliveryTerms, RunServices, RunWork } from './run-work.ts'
import { closeStaleSteps } from './stale-steps.ts'
import { stepKey } from './step-key.ts'
import { variablesFor } from './step-permits.ts'

/** Milliseconds of waiting for which a run does not give up its slot. */
const HOLD_MS = 100

/**
 * Works on a run until it ends, waits, or is aborted, and settles its outbox message in the same commit as its last line. Steps start
 * as soon as all their inbound edges are settled and at least one of them was taken, so branches run side by side.
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
  const { zap, event, message } = begun
  const { catalogue, clock } = services.step
  const loading = catalogue.load(zap.file.steps)
  if (loading !== undefined) await loading
  const stop = new AbortController()
  const work: RunWork = {
    begun,
    journal: createRunJournal(services.database, message),
    services,
    delivery,
    isEnded: () => ended !== null,
    signal: stop.signal,
    lines: new Map(begun.journal.map((row) => [stepKey(row.scope, row.stepId), row])),
    scopes: new Set(begun.journal.map((row) => row.scope)),
    opened: new Map(begun.open),
  }
  const { journal } = work
  const resting = createRestingSteps(clock, ({ frame }) => !isEnding() && !isHalted(frame))
  let ended: RunProgress['ended'] = null
  let review: RunProgress['review'] = null
  /** Steps outside loops that let nothing through. */
  const stoppers = new Set<string>()
  /** Where a test stands still, by {@link stepKey}: before which step, and why its input cannot be filled in, or null. */
  const pausedBefore = new Map<string, { readonly stepId: string; readonly problem: string | null }>()
  let broken: { error: unknown } | null = null
  /** Steps under way, loops not counted: they only wait for those in their rounds. */
  let busy = 0
  const idle = Promise.withResolvers<void>()
  let cancelTimer = (): void => undefined

  const isEnding = (): boolean => ended !== null || review !== null || broken !== null || work.signal.aborted

  /** Does something that keeps the run's slot until it is done. */
  function keepBusy(doing: () => Promise<void>): void {
    busy++
    void doing()
      .catch((error: unknown) => {
        broken ??= { error }
      })
      .finally(() => {
        busy--
        if (busy > 0) armTimer()
        else if (!holdOn()) idle.resolve()
      })
  }

  /**
   * Keeps the run's slot when something goes on in a moment: fifty items of a loop that wait side by side would otherwise have the
   * run given up and read again fifty times. False when there is no such thing.
   */
  function holdOn(): boolean {
    const left = resting.soonest() - clock.now()
    if (left > HOLD_MS || isEnding() || root.failure !== null) return false
    keepBusy(async () => {
      const passed = Promise.withResolvers<void>()
      clock.after(left, passed.resolve)
      await passed.promise
      resting.wakeDue()
    })
    return true
  }

  /** Starts or skips whatever is ready among the given steps, and what is behind those that are skipped. */
  function advance(frame: Frame, from: Iterable<string>): void {
    const queue = [...from]
    for (let stepId = queue.pop(); stepId !== undefined; stepId = queue.pop()) {
      if (isEnding() || isHalted(frame)) return
      const compiled = zap.steps.get(stepId)
      if (compiled === undefined || compiled.kind === 'trigger') continue
      if (frame.started.has(stepId) || frame.outcomes.has(stepId)) continue
      const { step, inbound } = compiled
      const action = actionOf(catalogue, step.uses)
      const isTaken = inbound.some((edge) => frame.outcomes.get(edge.from)?.ports.includes(portOf(edge)))
      const isSettled = inbound.every((edge) => frame.outcomes.has(edge.from))
      if (!isSettled && !(isTaken && joinsAny(action, step))) continue
      if (isTaken && step.settings?.disabled !== true) {
        start(frame, stepId)
        continue
      }
      const ports = isTaken ? [action.passThrough ?? MAIN_PORT] : []
      journal.step(skippedRow(stepId, frame.scope, ports, clock.now()))
      settleStep(frame, stepId, { ports, output: null, hasLarge: false })
      queue.push(...targetsIn(frame, zap, stepId))
    }
  }

  function start(frame: Frame, stepId: string): void {
    const compiled = zap.steps.get(stepId)
    if (compiled === undefined) throw new Error(`the step ${stepId} is not part of its zap`)
    frame.started.add(stepId)
    frame.open++
    if (begun.stepping !== undefined && stopsHere(work, frame, stepId)) {
      keepBusy(async () => {
        pausedBefore.set(stepKey(frame.scope, stepId), { stepId, problem: await pauseBefore(work, frame, compiled) })
        await onStepEnd(frame, stepId, { kind: 'waiting', until: NEVER })
      })
      return
    }
    const { loop } = actionOf(catalogue, compiled.step.uses)
    if (loop === undefined) {
      keepBusy(async () => onStepEnd(frame, stepId, await runStep(work, frame, compiled)))
      return
    }
    keepBusy(() =>
      startLoop(work, frame, compiled, loop, {
        begin: beginRound,
        keepBusy,
        rest: (until, wake) => resting.rest({ frame, stepId, until, wake }),
        isEnding,
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
    restoreFrame(round, zap, work.lines)
    if (round.failure !== null && round.loop !== null) closeStaleSteps(work, round.loop.stepId, round.scope)
    advance(round, round.steps)
    closeIfOver(round)
  }

  async function onStepEnd(frame: Frame, stepId: string, end: StepEnd): Promise<void> {
    frame.open--
    if (end.kind === 'aborted') return
    if (end.kind === 'review') {
      review ??= { stepId, cause: end.cause }
      return
    }
    if (end.kind === 'waiting') {
      frame.waiting.add(stepId)
      resting.rest({ frame, stepId, until: end.until, wake: () => wakeStep(frame, stepId) })
    } else settleEnd(frame, stepId, end)
    closeIfOver(frame)
    // What is done must be durable soon, also while a slow neighbour keeps the run open.
    if (busy > 1) await journal.flush()
    services.signals.emit('run:changed', [message.runId])
  }

  function settleEnd(frame: Frame, stepId: string, end: FinalEnd): void {
    if (end.kind === 'failed') {
      frame.failure ??= end.failure
      for (const loop of [...frame.loops]) loop.halt()
      return
    }
    settleStep(frame, stepId, end.outcome)
    if (end.endRun !== undefined) ended ??= { stepId, ...end.endRun }
    else if (end.outcome.ports.length === 0 && frame.loop === null) stoppers.add(stepId)
    advance(frame, targetsIn(frame, zap, stepId))
  }

  /** Ends the rounds inside a round that goes no further, and the round itself when nothing of it is under way. */
  function halt(round: Frame): void {
    for (const loop of [...round.loops]) loop.halt()
    closeIfOver(round)
  }

  /** Tells a loop that one of its rounds is over. */
  function closeIfOver(frame: Frame): void {
    if (frame.loop === null || frame.isOver || frame.open > 0 || isEnding()) return
    if (frame.waiting.size > 0 && !isHalted(frame)) return
    frame.isOver = true
    for (const stepId of frame.waiting) {
      resting.drop(frame, stepId)
      pausedBefore.delete(stepKey(frame.scope, stepId))
      journal.step(skippedRow(stepId, frame.scope, [], clock.now()))
    }
    frame.loop.roundOver(frame)
  }

  function wakeStep(frame: Frame, stepId: string): void {
    frame.waiting.delete(stepId)
    frame.started.delete(stepId)
    start(frame, stepId)
  }

  /** Only while something is under way: a run of which everything waits gives up its slot. */
  function armTimer(): void {
    cancelTimer()
    const next = resting.soonest()
    if (next === NEVER || busy === 0) return
    cancelTimer = clock.after(next - clock.now(), () => {
      resting.wakeDue()
      armTimer()
    })
  }

  /** Ends the run at its time limit. A timer may be shorter than the rest of it, so it looks again. */
  function watchDeadline(): void {
    if (deadline === NEVER) return
    const left = deadline - clock.now()
    if (left <= 0) stop.abort('timed-out')
    else cancelDeadline = clock.after(left, watchDeadline)
  }

  /** Something came from outside: an answer, or the word not to wait any longer. */
  async function hearNews(): Promise<void> {
    const waiting = await services.database.write((tx) => getWaitingSteps(tx, message.runId))
    const now = clock.now()
    const awake = new Map(
      waiting
        .filter((row) => answerTo(row.wait) !== null || (row.nextAttemptAt ?? NEVER) <= now)
        .map((row) => [stepKey(row.scope, row.stepId), row]),
    )
    resting.wake((key) => {
      const row = awake.get(key)
      const known = work.opened.get(key)
      if (row !== undefined) work.opened.set(key, { row, failures: known?.failures ?? 0, timedOut: false })
      return row !== undefined
    })
  }

  const root = rootFrame(zap)
  root.values.zap = {
    id: message.zapId,
    name: zap.file.name,
    version: message.version,
    timezone: zap.file.settings?.timezone ?? hostZone(),
  }
  root.values.run = { id: message.runId, startedAt: new Date(begun.startedAt).toISOString() }
  root.values.env = variablesFor(
    catalogue,
    services.step.env,
    { zapId: message.zapId, zap },
    services.step.permissionsOf(message.zapId),
  )
  // Take over what is done: the trigger's event, and what an earlier delivery journaled.
  for (const trigger of zap.triggers) {
    const isOurs = trigger === event.triggerStepId
    const data =
      isOurs && begun.data === undefined ? await attempt(() => services.step.values.unpack(event.data)) : null
    if (data?.ok === false) ended ??= { stepId: trigger, as: 'failed', message: data.error.message }
    const output = data?.ok === true ? data.value : isOurs ? (begun.data ?? null) : null
    const hasLarge = event.data.includes('$blob":') && holdsLarge(output)
    settleStep(root, trigger, { ports: isOurs ? [MAIN_PORT] : [], output, hasLarge })
  }
  restoreFrame(root, zap, work.lines)
  ended ??= endedByStep(begun.journal)
  for (const row of begun.journal) {
    if (row.scope === '' && row.state === 'succeeded' && row.ports === '[]') stoppers.add(row.stepId)
  }

  const abort = (): void => stop.abort(delivery.signal.reason)
  if (delivery.signal.aborted) abort()
  delivery.signal.addEventListener('abort', abort, { once: true })
  const { runTimeoutMs } = zap.file.settings ?? {}
  // Whoever steps through a test takes the time that it takes.
  const deadline = runTimeoutMs === undefined || begun.stepping !== undefined ? NEVER : begun.startedAt + runTimeoutMs
  let cancelDeadline = (): void => undefined
  watchDeadline()
  const unsubscribe = services.news.listen(message.runId, () => {
    if (busy > 0) keepBusy(hearNews)
  })
  keepBusy(async () => advance(root, root.steps))
  await idle.promise
  cancelTimer()
  cancelDeadline()
  unsubscribe()
  delivery.signal.removeEventListener('abort', abort)

  const failed = broken as { error: unknown } | null // assigned inside closures, which narrowing does not see
  if (failed !== null) throw failed.error
  const abortReason: AbortReason | null = stop.signal.aborted ? stop.signal.reason : null
  const first = resting.first()
  const waits =
    first === undefined
      ? null
      : {
          stepId: first.stepId,
          until: Math.min(first.until, deadline),
          for: work.opened.get(stepKey(first.frame.scope, first.stepId))?.row.wait?.for ?? 'time',
        }
  const { failure } = root
  // Of several the first in the order of the zap, whichever came first this time.
  const stoppedBy = zap.order.find((stepId) => stoppers.has(stepId)) ?? null
  const isFiltered = stoppedBy !== null && !reachedAnEnd(root, zap)
  const stands = [...pausedBefore.values()]
  const standsBefore = zap.order.find((id) => stands.some(({ stepId }) => stepId === id))
  const paused = stands.find(({ stepId }) => stepId === standsBefore) ?? null
  return endRun(
    work,
    { waits, paused, failure, review, stoppedBy, isFiltered, ended, abortReason, limitMs: runTimeoutMs ?? null },
    clock.now(),
  )
}

/** Whether a step let something through behind which the zap has nothing more to do. */
function reachedAnEnd(root: Frame, zap: CompiledZap): boolean {
  return zap.order.some((stepId) => {
    const ports = root.outcomes.get(stepId)?.ports ?? []
    const compiled = zap.steps.get(stepId)
    if (ports.length === 0 || compiled?.kind !== 'action' || compiled.step.settings?.disabled === true) return false
    return !zap.file.edges.some((edge) => edge.from === stepId && ports.includes(portOf(edge)))
  })
}
