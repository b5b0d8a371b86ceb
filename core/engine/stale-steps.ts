import { skippedRow } from './journal-rows.ts'
import type { RunWork } from './run-work.ts'
import { stepKey } from './step-key.ts'

/**
 * Closes what the journal still has open of a loop's body, in the rounds under `scope` ('' for all): those rounds have failed, and an
 * interruption kept the steps beside the failure from being closed with it.
 */
export function closeStaleSteps(work: RunWork, loopId: string, scope: string): void {
  const { begun, journal, services } = work
  for (const row of begun.journal) {
    if (row.state !== 'waiting' && row.state !== 'running') continue
    if (begun.zap.steps.get(row.stepId)?.loops.includes(loopId) !== true) continue
    const isWithin = scope === '' || `${row.scope}.`.startsWith(`${scope}.`)
    if (!isWithin || journal.hasClosed(stepKey(row.scope, row.stepId))) continue
    journal.step(skippedRow(row.stepId, row.scope, [], services.step.clock.now()))
  }
}
