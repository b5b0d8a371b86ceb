import type { ZapCalls } from '../connectors/action-context.ts'
import type { Database } from '../db/open.ts'
import type { StepRunRow } from '../db/step-runs.ts'
import type { Failpoint } from '../domain/failpoint.ts'
import type { RunState } from '../domain/states.ts'
import type { Signals } from '../signals.ts'
import type { BegunRun, OpenStep } from './begin-run.ts'
import type { RunEndings } from './run-endings.ts'
import type { RunJournal } from './run-journal.ts'
import type { RunNews } from './run-news.ts'
import type { StepServices } from './step-services.ts'

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

/** A delivery of a run that is under way. */
export type RunWork = {
  readonly begun: BegunRun
  readonly journal: RunJournal
  readonly services: RunServices
  readonly delivery: DeliveryTerms
  /** Whether a step has ended the run: what has begun and not called anything yet does not do so any more. */
  isEnded(): boolean
  /** Aborts with an {@link AbortReason}: from outside, or at the run's time limit. */
  readonly signal: AbortSignal
  /** The journal's lines at the start, by {@link stepKey}. */
  readonly lines: ReadonlyMap<string, StepRunRow>
  /** Scopes in which the journal has lines. */
  readonly scopes: ReadonlySet<string>
  /** Steps that were begun and are not done, by {@link stepKey}. */
  readonly opened: Map<string, OpenStep>
}

/** How a run ends by the word of one of its steps. */
export type EndedByStep = {
  readonly stepId: string
  readonly as: Extract<RunState, 'succeeded' | 'failed'>
  readonly message: string | null
}

/** A step whose call was cut off and must not be repeated without a person's word. */
export type Review = { readonly stepId: string; readonly cause: 'interrupted' | 'timeout' }
