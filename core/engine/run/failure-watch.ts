import { acceptEvent } from '../../db/accept-event.ts'
import type { Tx } from '../../db/executor.ts'
import { getCallChain } from '../../db/trigger-events.ts'
import { type RunReason, reasonText } from '../../domain/runs/run-reason.ts'
import type { Json } from '../../domain/values/json.ts'
import { fromStored } from '../../domain/values/stored-json.ts'

/** A run that failed, as a watching zap hears of it. */
export type FailedRun = {
  readonly runId: string
  readonly zapId: string
  readonly zapName: string
  readonly reason: RunReason | null
  readonly failure: {
    readonly id: string
    readonly name: string
    readonly error: { readonly code: string; readonly message: string }
  } | null
  /** What started it; `data` is its output as stored. */
  readonly event: { readonly id: string; readonly data: string }
  readonly startedAt: number
  readonly finishedAt: number
}

/** A zap that is started by failed runs of others: of those named by id or name, or of all when null. */
export type WatchingZap = {
  readonly zapId: string
  readonly version: number
  readonly stepId: string
  readonly zaps: readonly string[] | null
}

/** The zaps that watch for failures of others. */
export type FailureWatch = {
  /** Replaces the watching zaps. */
  set(watching: readonly WatchingZap[]): void
  /**
   * Stores an event for every zap that watches for the failure of a run, in the transaction that ends the run. Returns the ids of those
   * zaps. A run that a failure has started starts nothing by failing itself, nor do those that it calls, so that zaps cannot set each
   * other off for ever.
   */
  accept(tx: Tx, run: FailedRun): readonly string[]
}

export function createFailureWatch(): FailureWatch {
  let watches: readonly WatchingZap[] = []
  return {
    set(watching) {
      watches = watching
    },
    accept(tx, run) {
      const watching = watches.filter(({ zapId, zaps }) => {
        if (zapId === run.zapId) return false
        return zaps === null || zaps.includes(run.zapId) || zaps.includes(run.zapName)
      })
      if (watching.length === 0 || isOfWatcher(tx, run, watches)) return []
      const data = failureEvent(run)
      for (const watch of watching) {
        acceptEvent(tx, {
          zapId: watch.zapId,
          version: watch.version,
          triggerStepId: watch.stepId,
          dedupeKey: `failed:${run.runId}`,
          data,
          receivedAt: run.finishedAt,
        })
      }
      return watching.map((watch) => watch.zapId)
    },
  }
}

/** What a watching zap hears of a failed run. */
function failureEvent(run: FailedRun): Json {
  const { failure } = run
  return {
    zap: { id: run.zapId, name: run.zapName },
    run: { id: run.runId, startedAt: isoTime(run.startedAt), finishedAt: isoTime(run.finishedAt) },
    reason: run.reason === null ? 'The run failed.' : reasonText(run.reason),
    step: failure && { id: failure.id, name: failure.name },
    error: failure && { code: failure.error.code, message: failure.error.message },
    event: fromStored(run.event.data),
  }
}

/** Whether a failure has started a run, or one that called it. */
function isOfWatcher(tx: Tx, run: FailedRun, watches: readonly WatchingZap[]): boolean {
  return getCallChain(tx, run.event).some(({ zapId, triggerStepId }) =>
    watches.some((watch) => watch.zapId === zapId && watch.stepId === triggerStepId),
  )
}

const isoTime = (ms: number): string => new Date(ms).toISOString()
