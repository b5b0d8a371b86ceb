import { channel } from 'node:diagnostics_channel'
import type { Wait, Waited } from '../../connectors/action-context.ts'
import type { Catalogue } from '../../connectors/catalogue.ts'
import type { Action } from '../../connectors/define.ts'
import { placeholderFor } from '../../connectors/placeholder.ts'
import { expireApproval, insertApproval } from '../../db/approvals.ts'
import { answerTo, type StepRunRow, type StepWait } from '../../db/step-runs.ts'
import type { Question } from '../../domain/runs/question.ts'
import { CUT_OFF_TEXTS, type CutOffBy } from '../../domain/runs/run-reason.ts'
import { NEVER } from '../../domain/runs/states.ts'
import { StepError, type StepErrorDetails } from '../../domain/runs/step-error.ts'
import type { RenderedText } from '../../domain/templates/template.ts'
import { CUT_OFF, nextDelayMs, retries } from '../../domain/time/backoff.ts'
import { maskValue } from '../../domain/trust/secret-mask.ts'
import type { Json } from '../../domain/values/json.ts'
import { holdsLarge } from '../../domain/values/large-value.ts'
import { fromStored, toStored } from '../../domain/values/stored-json.ts'
import { linkedQuestions } from '../../domain/zap/answer-links.ts'
import type { CompiledStep } from '../../domain/zap/graph.ts'
import { portOf, type Step } from '../../domain/zap/zap-file.ts'
import { renderLarge, withoutLarge } from '../large-inputs.ts'
import { journaledInput, withSignIn } from '../step-secrets.ts'
import type { StepServices } from '../step-services.ts'
import {
  attemptStep,
  checkInput,
  errorOutput,
  type PreparedStep,
  prepareStep,
  renderInput,
  TIMEOUT,
} from './execute-step.ts'
import { beginStep, type Frame } from './frame.ts'
import { type AttemptLine, doneRow, failedAttempt, interruptedAttempt, runningRow, waitingRow } from './journal-rows.ts'
import { recordFiles } from './record-files.ts'
import type { Run } from './run.ts'
import { stepKey } from './run-journal.ts'
import { failureEnd, policyOf, type StepEnd } from './step-end.ts'

type Prepared = PreparedStep & { readonly rendered: ReadonlyMap<string, RenderedText> | undefined }

/** Where a benchmark that is loaded into the process hears what an event comes to; see `bench/trace`. */
const moments = channel('hookline:moment')

/** Milliseconds after which a step that waits for the network looks for itself, should no signal come. */
const NETWORK_LOOK_MS = 30_000
/** The same for one that waits for a sign-in: one that came just before the wait was stored has woken nothing. */
const ACCOUNT_LOOK_MS = 3_600_000

/**
 * Makes one attempt of a step that is ready, and writes into the journal how it went. Before an action has an effect, everything
 * before it and its own start are committed: it is called after that or, when it acts by `ctx.fetch` alone, that fetch waits.
 */
export async function runStep(run: Run, frame: Frame, compiled: CompiledStep): Promise<StepEnd> {
  const { journal, services, signal, begun } = run
  const { step } = compiled
  const { clock } = services.step
  const { runId } = begun.message
  const key = stepKey(frame.scope, step.id)
  const before = run.opened.get(key)
  const startedAt = clock.now()
  const until = restUntil(before?.row)
  if (until > startedAt) return { kind: 'waiting', until }

  const action = actionOf(services.step.catalogue, step.uses)
  let waited = waitedOf(before?.row)
  if (waited?.answer === null && before?.row.wait?.for === 'person') {
    // Its time is over; but an answer may have come between, and one of the two holds.
    const late: { answer: string | null } = { answer: null }
    journal.add((tx) => {
      late.answer = expireApproval(tx, { runId, stepId: step.id, scope: frame.scope }, startedAt)
    })
    await journal.flush()
    if (late.answer !== null) waited = { ...waited, answer: fromStored(late.answer) }
  }
  let line: AttemptLine = {
    stepId: step.id,
    scope: frame.scope,
    input: null,
    // A step that goes on after a wait is in the attempt that waited.
    attemptNo: (before?.row.attemptNo ?? 0) + (waited === null ? 1 : 0),
    startedAt: waited === null ? startedAt : (before?.row.attemptStartedAt ?? startedAt),
  }
  const failures = before?.failures ?? 0
  beginStep(frame, startedAt)
  if (moments.hasSubscribers) moments.publish('begun')

  const { values } = services.step
  // Nearly always all three are known at once; to wait for what is not to be waited for costs every step three turns.
  const opened = services.step.secretsOf(begun.zap)
  let secrets = opened instanceof Promise ? await opened : opened
  services.step.mark('run', runId)
  const preparing = prepare(action, step, frame, services.step)
  const prepared = preparing instanceof Promise ? await preparing : preparing
  if (!prepared.ok) return fail(line, prepared.error)
  if (moments.hasSubscribers) moments.publish('rendered')
  const { effect, whenCutOff } = prepared.value
  secrets = withSignIn(secrets, action, prepared.value.shown)
  const packed = values.pack(journaledInput(secrets, action, prepared.value.shown))
  line = { ...line, input: typeof packed === 'string' ? packed : await packed }
  if (before?.row.state === 'running' && waited === null) {
    if (effect === 'unsafe')
      return cutOff(before.timedOut ? 'timeout' : 'interrupted', {
        ...line,
        attemptNo: before.row.attemptNo,
        startedAt: before.row.attemptStartedAt,
      })
    journal.attempt(interruptedAttempt(before.row, startedAt))
  }
  // What has no effect needs no line before it, but must not be heard of before the event is stored.
  const recorded = effect === 'none' ? begun.stored : recordStart()
  const isEarly = effect === 'none' || action.actsByFetch === true
  if (!isEarly) {
    await recorded
    if (signal.aborted || run.endedBy !== null) return { kind: 'aborted' }
  }
  let isHeldBack = false
  const holdBack = (): void => {
    isHeldBack = run.endedBy !== null
    if (isHeldBack) throw new Error('another step has ended the run')
  }
  const mayCall = isEarly ? recorded?.then(holdBack) : undefined
  // It is awaited by what calls, which may be some time after it went wrong.
  mayCall?.catch(() => undefined)
  const place = `${step.id}${frame.scope === '' ? '' : `:${frame.scope}`}`
  const idempotencyKey = `${runId}:${place}`
  const { depth } = begun.event
  const context = {
    scope: frame.values,
    large: frame.large,
    idempotencyKey,
    eventKey: `${begun.event.id}:${place}`,
    signal,
    taken: takenOutputs(action, step, compiled, frame),
    waited,
    at: { zapId: begun.message.zapId, stepId: step.id, runId, eventId: begun.event.id, depth },
    rendered: prepared.value.rendered,
    mayCall,
    zap: begun.zap,
    secrets,
    zaps: run.delivery.zapsOf({ runId, depth, key: idempotencyKey }),
    recorder: () =>
      recordFiles({ database: services.database, clock, kept: services.step.kept }, journal, {
        runId,
        stepId: step.id,
        scope: frame.scope,
      }),
  }
  const result = await attempt(() => attemptStep(action, step, prepared.value, context, services.step))
  services.step.mark('run', runId)
  if (effect !== 'none') {
    await recorded
    services.failpoint('after-effect')
  }
  if (isHeldBack) return { kind: 'aborted' }
  if (result.ok) {
    if (result.value.shown !== prepared.value.shown) {
      line = { ...line, input: await values.pack(journaledInput(secrets, action, result.value.shown)) }
    }
    if ('wait' in result.value) return beginWait(result.value.wait)
    const { ports } = result.value
    const { output, endRun } = maskValue(secrets.text, result.value)
    const stored = await values.pack(output)
    journal.step(doneRow(line, 'succeeded', { ports, output: stored, finishedAt: clock.now(), endRun }))
    const hasLarge = stored.includes('$blob":') && holdsLarge(output)
    return { kind: 'settled', outcome: { ports, output, hasLarge }, endRun }
  }
  if (signal.aborted) return { kind: 'aborted' }
  if (effect === 'unsafe' && (result.error.code === TIMEOUT || result.error.maybeDone === true)) {
    // It may have been done, or still be: that is an interruption like any other.
    if (whenCutOff === 'ask') journal.attempt(failedAttempt(line, result.error, clock.now()))
    return cutOff(result.error.code === TIMEOUT ? 'timeout' : 'connection', line)
  }
  return fail(line, result.error)

  /** The call was cut off, and a repeat may do it twice: a person says what now, or the step fails if its zap says that. */
  function cutOff(cause: CutOffBy, at: AttemptLine): StepEnd {
    if (whenCutOff === 'ask') return { kind: 'review', cause }
    return fail(at, cutOffError(step, cause))
  }

  /** Commits the step's start, and all before it. Rejects with a LeaseLostError when the run is no longer this worker's. */
  async function recordStart(): Promise<void> {
    journal.step(runningRow(line))
    await journal.flush()
    services.signals.emit('run:changed', [runId])
    services.step.mark('run', runId)
    services.failpoint('during-step')
  }

  function beginWait(wait: Wait): StepEnd {
    const since = waited?.since ?? clock.now()
    const end = wait.until ?? NEVER
    const data = toStored(wait.data ?? null)
    const stored: StepWait =
      wait.for === 'time' ? { for: wait.for, since, data } : { for: wait.for, since, data, answer: null }
    rest(waitingRow(line, end, stored), failures)
    if (wait.for === 'person') {
      const { ask } = wait
      const isLinked = ask.question.follows === 'unless-sent' && linkedQuestions(begun.zap.file).has(step.id)
      const question: Question = isLinked ? { ...ask.question, follows: 'never' } : ask.question
      journal.add((tx) =>
        insertApproval(tx, {
          runId,
          stepId: step.id,
          scope: frame.scope,
          message: ask.message,
          data: toStored(ask.data),
          form: JSON.stringify(question),
          requestedAt: since,
          expiresAt: wait.until,
          linkUntil: ask.linkUntil,
        }),
      )
    }
    return { kind: 'waiting', until: end }
  }

  function fail(failed: AttemptLine, thrown: StepErrorDetails): StepEnd {
    const error = maskValue(secrets.text, thrown)
    const { retry, onError } = policyOf(step)
    const now = clock.now()
    if (error.needsNetwork === true) {
      const looksAt = now + NETWORK_LOOK_MS
      const wait = { for: 'network' as const, since: before?.row.wait?.since ?? now }
      rest(waitingRow({ ...failed, attemptNo: failed.attemptNo - 1, startedAt: null }, looksAt, wait), failures)
      return { kind: 'waiting', until: looksAt }
    }
    // In a test a person looks on, and is told at once.
    if (error.needsSignIn !== undefined && begun.message.version > 0) {
      const data = JSON.stringify({ credential: error.needsSignIn })
      const looksAt = now + ACCOUNT_LOOK_MS
      const wait = { for: 'account' as const, since: before?.row.wait?.since ?? now, data }
      rest(waitingRow({ ...failed, attemptNo: failed.attemptNo - 1, startedAt: null }, looksAt, wait), failures)
      return { kind: 'waiting', until: looksAt }
    }
    const isRetried = retries(error, step.settings?.retry?.on)
    if (isRetried && failures + 1 < retry.maxAttempts) {
      const random = services.step.random
      const nextAttemptAt = now + nextDelayMs({ ...retry, ...error, attempt: failures + 1, random })
      rest(waitingRow(failed, nextAttemptAt, { for: 'retry', since: now }), failures + 1)
      journal.attempt(failedAttempt(failed, error, now))
      return { kind: 'waiting', until: nextAttemptAt }
    }
    const end = failureEnd(step, onError, { error, exhausted: isRetried })
    const ports = end.kind === 'settled' ? end.outcome.ports : []
    const output = JSON.stringify(errorOutput(error))
    journal.step(doneRow(failed, 'failed', { ports, output, finishedAt: now, exhausted: isRetried }))
    journal.attempt(failedAttempt(failed, error, now))
    return end
  }

  function rest(row: StepRunRow, failuresSoFar: number): void {
    journal.step(row)
    run.opened.set(key, { row, failures: failuresSoFar, timedOut: false })
  }
}

/** Renders a step's input. Nearly always that is done at once; only large values have to be waited for. */
export function prepare(
  action: Action,
  step: Step,
  frame: Frame,
  services: StepServices,
): Attempted<Prepared> | Promise<Attempted<Prepared>> {
  if (frame.large.size === 0)
    return attempt(() => ({ ...prepareStep(action, step, frame.values), rendered: undefined }))
  return attempt(async () => {
    const rendered = await renderLarge(action, step, frame, services)
    const shown = renderInput(action, step, frame.values, rendered)
    const input = await withoutLarge(action, step, shown, services)
    return { ...checkInput(action, step, input), shown, rendered }
  })
}

/** The failure of a step that its zap says is never to be repeated. */
const cutOffError = (step: Step, cause: CutOffBy): StepErrorDetails => ({
  code: CUT_OFF,
  message: `The step "${step.name ?? step.id}" ${CUT_OFF_TEXTS[cause]}, and is not repeated, as it says: look whether it was done.`,
  retryable: false,
})

/** Until when a journaled step rests; 0 when it may go on. */
function restUntil(row: StepRunRow | undefined): number {
  return row?.state === 'waiting' && answerTo(row.wait) === null ? (row.nextAttemptAt ?? 0) : 0
}

/** What a step that goes on waited for; null for one that begins or begins anew. */
export function waitedOf(row: StepRunRow | undefined): Waited | null {
  const wait = row?.wait
  // What waited for an account is attempted anew.
  if (wait == null || !('data' in wait) || wait.for === 'account') return null
  const parse = (text: string | null): Json => (text === null ? null : fromStored(text))
  return { data: parse(wait.data), answer: parse(answerTo(wait)), since: wait.since }
}

/** What the steps before this one gave, of those whose connection was taken. */
function takenOutputs(
  action: Action,
  step: Step,
  compiled: CompiledStep,
  frame: Frame,
): Readonly<Record<string, Json>> {
  if (action.joins === undefined) return {}
  const taken = compiled.inbound.filter((edge) => frame.outcomes.get(edge.from)?.ports.includes(portOf(edge)))
  const used = joinsAny(action, step) ? taken.slice(0, 1) : taken
  return Object.fromEntries(used.map((edge) => [edge.from, frame.outcomes.get(edge.from)?.output ?? null]))
}

/** Whether a step runs as soon as one inbound edge was taken. */
export function joinsAny(action: Action, step: Step): boolean {
  if (action.joins === undefined) return false
  const input = action.input.safeParse(step.input)
  return input.success && action.joins(input.data) === 'any'
}

/** The action of a step; a placeholder where this Hookline does not have it. Its module was loaded when the run began. */
export function actionOf(catalogue: Catalogue, uses: string): Action {
  const connector = catalogue.find(uses)
  return connector?.kind === 'action' ? connector : placeholderFor(uses)
}

export type Attempted<T> = { ok: true; value: T } | { ok: false; error: StepErrorDetails }

/** Turns what an action or its preparation throws into the details of a step's failure. */
export function attempt<T>(work: () => Promise<T>): Promise<Attempted<T>>
export function attempt<T>(work: () => T): Attempted<T>
export function attempt<T>(work: () => T | Promise<T>): Attempted<T> | Promise<Attempted<T>> {
  const failed = (thrown: unknown): Attempted<T> => ({ ok: false, error: StepError.from(thrown) })
  try {
    const value = work()
    return value instanceof Promise
      ? value.then((result) => ({ ok: true, value: result }), failed)
      : { ok: true, value }
  } catch (thrown) {
    return failed(thrown)
  }
}
