import type { EndRun } from '../../connectors/action-context.ts'
import type { CutOffBy } from '../../domain/runs/run-reason.ts'
import { DEFAULT_RETRY } from '../../domain/time/backoff.ts'
import { ERROR_PORT, MAIN_PORT, type Step } from '../../domain/zap/zap-file.ts'
import { errorOutput } from './execute-step.ts'
import type { FrameFailure, StepOutcome } from './frame.ts'

/** How one delivery of a step ends. */
export type StepEnd =
  | FinalEnd
  | { readonly kind: 'waiting'; readonly until: number }
  | { readonly kind: 'review'; readonly cause: CutOffBy }
  | { readonly kind: 'aborted' }

/** How a step ends for good. */
export type FinalEnd =
  | { readonly kind: 'settled'; readonly outcome: StepOutcome; readonly endRun: EndRun | undefined }
  /** It failed, and its `onError` is `stop`. */
  | { readonly kind: 'failed'; readonly failure: FrameFailure }

/** What a step that failed for good means for the steps behind it. */
export function failureEnd(
  step: Step,
  onError: 'stop' | 'continue' | 'route',
  { error, exhausted }: Omit<FrameFailure, 'stepId'>,
): FinalEnd {
  if (onError === 'stop') return { kind: 'failed', failure: { stepId: step.id, error, exhausted } }
  const ports = [onError === 'route' ? ERROR_PORT : MAIN_PORT]
  return { kind: 'settled', outcome: { ports, output: errorOutput(error), hasLarge: false }, endRun: undefined }
}

/** A step's settings with the defaults filled in. */
export function policyOf(step: Step): {
  onError: 'stop' | 'continue' | 'route'
  retry: { maxAttempts: number; baseMs: number; capMs: number }
} {
  const { onError = 'stop', retry } = step.settings ?? {}
  const { maxAttempts, baseMs, capMs } = DEFAULT_RETRY
  return {
    onError,
    retry: {
      maxAttempts: retry?.maxAttempts ?? maxAttempts,
      baseMs: retry?.baseMs ?? baseMs,
      capMs: retry?.capMs ?? capMs,
    },
  }
}
