import type { Tx } from '../db/executor.ts'
import { insertMessage } from '../db/outbox-messages.ts'
import { insertRun } from '../db/runs.ts'
import { writeStepRun } from '../db/step-runs.ts'
import type { PartOfZap } from '../domain/part-of-zap.ts'

export type TestRun = {
  readonly runId: string
  readonly zapId: string
  /** The version that holds the part of the zap. */
  readonly version: number
  readonly eventId: string
  readonly givable: PartOfZap['givable']
  /** What the steps before the tested one gave, as stored text, by their ids. Those without an entry are run. */
  readonly outputs: ReadonlyMap<string, string>
  readonly now: number
}

/**
 * Puts a run into the queue in whose journal steps are done already, with the outputs that are given for them. It goes on as a run
 * does that was interrupted behind them, so a test is the engine's everyday work.
 */
export function beginTest(tx: Tx, test: TestRun): void {
  const { runId, zapId, version, eventId, now } = test
  insertRun(tx, { id: runId, zapId, version, eventId, now })
  for (const [stepId, ports] of test.givable) {
    const output = test.outputs.get(stepId)
    if (output === undefined) continue
    writeStepRun(tx, runId, {
      stepId,
      scope: '',
      state: 'succeeded',
      ports: JSON.stringify(ports),
      input: null,
      output,
      attemptNo: 1,
      attemptStartedAt: now,
      finishedAt: now,
      nextAttemptAt: null,
      wait: null,
    })
  }
  insertMessage(tx, { kind: 'resume-run', zapId, version, eventId, runId, availableAt: now, now })
}
