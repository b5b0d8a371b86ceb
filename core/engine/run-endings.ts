import type { Tx } from '../db/executor.ts'
import { wakeMessage } from '../db/outbox-messages.ts'
import { getRunZap } from '../db/runs.ts'
import { abandonedRuns, answerCallers } from '../db/step-runs.ts'
import type { TriggerEventRow } from '../db/trigger-events.ts'
import type { StepErrorDetails } from '../domain/step-error.ts'

/** A run that ends in this very transaction. */
export type EndedRun = {
  readonly runId: string
  readonly zapId: string
  readonly zapName: string
  readonly event: TriggerEventRow
  readonly state: 'succeeded' | 'failed' | 'cancelled'
  readonly reason: string | null
  /** The step that failed it, if one did, with its error. */
  readonly failure: { readonly id: string; readonly name: string; readonly error: StepErrorDetails } | null
  readonly startedAt: number
  readonly finishedAt: number
}

/** What the end of a run starts elsewhere, to be announced once that end is committed. */
export type EndEffects = {
  readonly state: EndedRun['state']
  readonly finishedAt: number
  /** Zaps that have something due. */
  readonly zapIds: readonly string[]
  /** Runs for which something has come that they wait for. */
  readonly runIds: readonly string[]
  /** Runs that this one called, and that nobody waits for any more. */
  readonly abandonedIds: readonly string[]
}

/**
 * What the end of a run starts elsewhere: the run that called it goes on, those that it called and did not wait out are ended,
 * and zaps that watch for failures get an event.
 */
export type RunEndings = {
  /** To be called in the transaction that ends a run, and its result given to `announce` after the commit. */
  record(tx: Tx, run: EndedRun): EndEffects
  announce(effects: EndEffects): void
}

const NOBODY: readonly string[] = []

export function createRunEndings(config: {
  /** Stores an event for every zap that watches for the failure of this one; gives their ids. */
  acceptFailure(tx: Tx, run: EndedRun): readonly string[]
  /** The end of a run is stored. */
  ended(state: EndedRun['state'], at: number): void
  /** Something of this zap is due. */
  wake(zapId: string): void
  /** Something that this run waits for has come. */
  news(runId: string): void
  /** Nobody waits for these runs any more. */
  abandoned(runIds: readonly string[]): void
}): RunEndings {
  return {
    record(tx, run) {
      const watchers = run.state === 'failed' ? config.acceptFailure(tx, run) : []
      // One that succeeded has waited out all that it called.
      const abandonedIds = run.state === 'succeeded' ? NOBODY : abandonedRuns(tx, run.runId)
      const { state, finishedAt } = run
      const others = { state, finishedAt, zapIds: watchers, runIds: NOBODY, abandonedIds }
      const { parentRunId } = run.event
      if (parentRunId === null) return others
      const isAwaited = answerCallers(tx, parentRunId, run.runId) > 0
      const callerZap = isAwaited ? getRunZap(tx, parentRunId) : undefined
      if (callerZap === undefined) return others
      wakeMessage(tx, parentRunId, run.finishedAt)
      return { ...others, zapIds: [...watchers, callerZap], runIds: [parentRunId] }
    },
    announce({ state, finishedAt, zapIds, runIds, abandonedIds }) {
      config.ended(state, finishedAt)
      for (const zapId of zapIds) config.wake(zapId)
      for (const runId of runIds) config.news(runId)
      if (abandonedIds.length > 0) config.abandoned(abandonedIds)
    },
  }
}
