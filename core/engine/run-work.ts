import type { Database } from '../db/open.ts'
import type { StepRunRow } from '../db/step-runs.ts'
import type { Failpoint } from '../domain/failpoint.ts'
import type { RunState } from '../domain/states.ts'
import type { BegunRun, OpenStep } from './begin-run.ts'
import type { RunEndings } from './run-endings.ts'
import type { RunJournal } from './run-journal.ts'
import type { StepServices } from './step-services.ts'

/** What the engine works with; wired in `core/app.ts`. */
export type RunServices = {
  readonly database: Database
  readonly step: StepServices
  readonly failpoint: Failpoint
  readonly endings: RunEndings
  /** Tells a run that is under way that something it waits for may have come; the returned function takes that back. */
  onNews(runId: string, listener: () => void): () => void
  /** Called whenever the stored state of a run has changed. */
  changed(runId: string): void
}

/** What makes a run end before its steps do. */
export type AbortReason = 'cancelled' | 'abandoned' | 'replaced' | 'timed-out' | 'shutdown' | 'lease-lost'

/** How a delivery left its message: settled for good, or in the queue again until it is due. */
export type Delivery = 'settled' | 'returned'

/** A delivery of a run that is under way. */
export type RunWork = {
  readonly begun: BegunRun
  readonly journal: RunJournal
  readonly services: RunServices
  /** Tells that the run's last commit is asked for, and nothing else is left to do. */
  leave(): void
  /** Whether a step has ended the run: what has begun and not called anything yet does not do so any more. */
  isEnded(): boolean
  /** Aborts with an {@link AbortReason}. */
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
