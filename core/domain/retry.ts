import type { StepErrorDetails } from './step-error.ts'
import type { StepSettings } from './zap-file.ts'
export function isRetried(error: StepErrorDetails, on: NonNullable<StepSettings['retry']>['on']): boolean {
  return error.retryable && on === undefined
}
