import { countFailures, getAttemptError } from '../../db/attempts.ts'
import type { Tx } from '../../db/executor.ts'
import type { HeldMessage, LeasedMessage } from '../../db/message-leases.ts'
import { settleMessage } from '../../db/outbox-messages.ts'
import { getRunHead, insertRun, resumeRun } from '../../db/runs.ts'
import { getStepRunsInside, getStepRunsOutside, type StepRunRow } from '../../db/step-runs.ts'
import { getStepping } from '../../db/test-runs.ts'
import { getEvent, type TriggerEventRow } from '../../db/trigger-events.ts'
import { isTerminal, runTransitions, stepTransitions } from '../../domain/runs/states.ts'
import type { Json } from '../../domain/values/json.ts'
import type { CompiledZap } from '../../domain/zap/graph.ts'
import type { Stepping } from '../../domain/zap/stepping.ts'
import type { VersionCache } from '../version-cache.ts'
import { TIMEOUT } from './execute-step.ts'
import { stepKey } from './run-journal.ts'

/** A step that was begun earlier and is not done: what its journal says. */
export type OpenStep = {
  readonly row: StepRunRow
  /** Attempts that failed by themselves. */
  readonly failures: number
  /** Whether the attempt of the row is known to have taken too long, so it was not the end of the process that cut it off. */
  readonly timedOut: boolean
}

/** A run as it is when its message was leased: new, or as far as the journal says. */
export type BegunRun = {
  readonly message: HeldMessage
  readonly zap: CompiledZap
  readonly event: TriggerEventRow
  readonly journal: readonly StepRunRow[]
  /** Steps that were begun and are not done, by {@link stepKey}. */
  readonly open: ReadonlyMap<string, OpenStep>
  readonly startedAt: number
  /** How it is stepped through, if it is a test that a person steps through. */
  readonly stepping?: Stepping | undefined
  /** Of a run that begins while its event is being stored: resolves when that is done, rejects when the event was not stored. */
  readonly stored?: Promise<unknown>
  /** The trigger's output, where it is at hand. */
  readonly data?: Json
}

/**
 * Begins or resumes the run of a leased message, in the transaction of its lease. Undefined when there is nothing to do
 * any more (the run was cancelled, or waits for a person): the message is settled then.
 */
export function beginRun(tx: Tx, message: LeasedMessage, versions: VersionCache, now: number): BegunRun | undefined {
  const isFirst = message.kind === 'start-run' && message.deliveries === 1
  if (message.kind === 'start-run') {
    insertRun(tx, {
      id: message.runId,
      zapId: message.zapId,
      version: message.version,
      eventId: message.eventId,
      now,
    })
  }
  let startedAt = now
  if (!isFirst) {
    const head = getRunHead(tx, message.runId)
    if (head === undefined) throw new Error(`the run ${message.runId} of message ${message.id} does not exist`)
    const { state } = head
    startedAt = head.startedAt
    if (isTerminal(runTransitions, state) || state === 'needs-review') {
      settleMessage(tx, message, 'delivered', now)
      return undefined
    }
    if (state === 'waiting') resumeRun(tx, message.runId)
  }
  const event = getEvent(tx, message.eventId)
  if (event === undefined) throw new Error(`the event ${message.eventId} of message ${message.id} does not exist`)
  const zap = versions.get(tx, message.zapId, message.version)
  const journal = isFirst ? [] : openJournal(tx, message.runId, zap)
  const open = new Map<string, OpenStep>()
  for (const row of journal) {
    if (row.state !== 'running' && row.state !== 'waiting') continue
    open.set(stepKey(row.scope, row.stepId), {
      row,
      failures: countFailures(tx, message.runId, row.stepId, row.scope),
      timedOut: row.state === 'running' && getAttemptError(tx, message.runId, row) === TIMEOUT,
    })
  }
  // A test that is stepped through has a message of its own kind, so that no ordinary run is looked up.
  const stepping = isFirst ? undefined : getStepping(tx, message.runId)
  return { message, zap, event, journal, open, startedAt, stepping }
}

/**
 * What a run needs of its journal to go on: of the rounds of a loop that is done, only what they gave together, but for one whose
 * failure ends the run, as its rounds say why.
 */
function openJournal(tx: Tx, runId: string, zap: CompiledZap): StepRunRow[] {
  const outside = getStepRunsOutside(tx, runId)
  const endsRun = ({ state, stepId }: StepRunRow): boolean =>
    state === 'failed' && (zap.steps.get(stepId)?.step.settings?.onError ?? 'stop') === 'stop'
  const done = new Set(
    outside.filter((row) => isTerminal(stepTransitions, row.state) && !endsRun(row)).map((row) => row.stepId),
  )
  const inside = [...zap.steps.values()].filter(
    ({ loops: [outermost] }) => outermost !== undefined && !done.has(outermost),
  )
  if (inside.length === 0) return outside
  return [
    ...outside,
    ...getStepRunsInside(
      tx,
      runId,
      inside.map(({ step }) => step.id),
    ),
  ]
}
