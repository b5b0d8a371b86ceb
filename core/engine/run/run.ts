import type { ZapCalls } from '../../connectors/action-context.ts'
import type { Database } from '../../db/open.ts'
import type { StepRunRow } from '../../db/step-runs.ts'
import type { Failpoint } from '../../domain/runs/failpoint.ts'
import type { CutOffBy } from '../../domain/runs/run-reason.ts'
import type { Signals } from '../../signals.ts'
import type { StepServices } from '../step-services.ts'
import type { BegunRun, OpenStep } from './begin-run.ts'
import { type Frame, isHalted, rootFrame } from './frame.ts'
import type { EndedByStep } from './journal-rows.ts'
import { createRestingSteps, type RestingSteps } from './resting-steps.ts'
import type { RunEndings } from './run-endings.ts'
import { createRunJournal, type RunJournal, stepKey } from './run-journal.ts'
import type { RunNews } from './run-news.ts'

/** What the engine works with; wired in `core/app.ts`. */
export type RunServices = {
  readonly database: Database
  readonly step: StepServices
  readonly failpoint: Failpoint
  readonly endings: RunEndings
  readonly news: RunNews
  readonly signals: Signals
}

/** What makes a run end before its steps do. */
export type AbortReason = 'cancelled' | 'abandoned' | 'replaced' | 'timed-out' | 'shutdown' | 'lease-lost'

/** How a delivery left its message: settled for good, or in the queue again until it is due. */
export type Delivery = 'settled' | 'returned'

/** What the queue that hands a run out has to do with it while it is under way. */
export type DeliveryTerms = {
  /** Aborts with an {@link AbortReason}. */
  readonly signal: AbortSignal
  /** To be called when nothing is left to do but the run's last commit, which is asked for by then. */
  leave(): void
  /** The zaps that a step may call; `key` is its idempotency key: the same key starts the same run. */
  zapsOf(caller: { readonly runId: string; readonly depth: number; readonly key: string }): ZapCalls
}

/** A step whose call was cut off and must not be repeated without a person's word. */
export type Review = { readonly stepId: string; readonly cause: CutOffBy }

/** The step before which a test stands still, and why its input cannot be filled in, if it cannot. */
export type StandsBefore = { readonly stepId: string; readonly problem: string | null }

/**
 * One delivery of a run: from when the queue hands it out until its message is settled or returned.
 *
 * - It *goes on* while steps are under way (`busy`): each that ends starts those behind it (`advance.ts`), those that rest go on by a timer.
 * - It *holds on* when nothing is under way but something that rests goes on in a moment: it keeps its slot in the queue.
 * - It is *ending* once a step has ended it (`endedBy`), a step needs a person's word (`review`), Hookline itself failed (`broken`), or the signal is
 *   aborted: then nothing begins any more, and what is under way comes to its end. A failure halts its frame alone; that of the root is the end.
 * - It is *idle* when nothing is under way and nothing goes on in a moment. Then `endRun` writes how the delivery ended, in the order of the list
 *   above read backwards: an abort first, then what is broken, a review, the word of a step, a failure; else it rests, or all its steps are done.
 */
export type Run = {
  readonly begun: BegunRun
  readonly journal: RunJournal
  readonly services: RunServices
  readonly delivery: DeliveryTerms
  /** Aborts with an {@link AbortReason}: from outside, or at the run's time limit. */
  readonly signal: AbortSignal
  abort(reason: AbortReason): void
  /** The journal's lines at the start, by {@link stepKey}. */
  readonly lines: ReadonlyMap<string, StepRunRow>
  /** Scopes in which the journal has lines. */
  readonly scopes: ReadonlySet<string>
  /** Steps that were begun and are not done, by {@link stepKey}. */
  readonly opened: Map<string, OpenStep>
  /** The frame of the zap itself; rounds of loops hang below it. */
  readonly root: Frame
  readonly resting: RestingSteps
  /** Steps outside loops that let nothing through. */
  readonly stoppers: Set<string>
  /** Where a test stands still, by {@link stepKey}. */
  readonly standing: Map<string, StandsBefore>
  endedBy: EndedByStep | null
  review: Review | null
  broken: { readonly error: unknown } | null
  /** Steps under way, loops not counted: they only wait for those in their rounds. */
  busy: number
}

export function createRun(begun: BegunRun, delivery: DeliveryTerms, services: RunServices): Run {
  const stop = new AbortController()
  const run: Run = {
    begun,
    journal: createRunJournal(services.database, begun.message),
    services,
    delivery,
    signal: stop.signal,
    abort: (reason) => stop.abort(reason),
    lines: new Map(begun.journal.map((row) => [stepKey(row.scope, row.stepId), row])),
    scopes: new Set(begun.journal.map((row) => row.scope)),
    opened: new Map(begun.open),
    root: rootFrame(begun.zap),
    resting: createRestingSteps(services.step.clock, ({ frame }) => !isEnding(run) && !isHalted(frame)),
    stoppers: new Set(),
    standing: new Map(),
    endedBy: null,
    review: null,
    broken: null,
    busy: 0,
  }
  return run
}

/** Whether nothing begins any more. */
export function isEnding({ endedBy, review, broken, signal }: Run): boolean {
  return endedBy !== null || review !== null || broken !== null || signal.aborted
}
