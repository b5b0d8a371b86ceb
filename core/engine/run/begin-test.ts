import type { Tx } from '../../db/executor.ts'
import { insertMessage } from '../../db/outbox-messages.ts'
import { insertRun } from '../../db/runs.ts'
import { writeStepRun } from '../../db/step-runs.ts'
import { insertTestRun } from '../../db/test-runs.ts'
import type { PartOfZap } from '../../domain/zap/part-of-zap.ts'
import type { GivenFrom, Stepping } from '../../domain/zap/stepping.ts'
import { doneRow } from './journal-rows.ts'

/** An output that a test is given instead of running its step: as stored text, and where it came from. */
export type GivenOutput = { readonly output: string; readonly from: GivenFrom }

export type TestRun = {
  readonly runId: string
  readonly zapId: string
  /** The version that holds the part of the zap. */
  readonly version: number
  readonly eventId: string
  readonly givable: PartOfZap['givable']
  /** What steps are taken to have given, by their ids, the trigger's among them. Those without an entry are run. */
  readonly given: ReadonlyMap<string, GivenOutput>
  /** Where it stops; null when it does not. */
  readonly stepping: Stepping | null
  readonly now: number
}

/**
 * Puts a run into the queue in whose journal steps are done already, with the outputs that are given for them. It goes on as a run
 * does that was interrupted behind them, so a test is the engine's everyday work.
 */
export function beginTest(tx: Tx, test: TestRun): void {
  const { runId, zapId, version, eventId, now } = test
  insertRun(tx, { id: runId, zapId, version, eventId, now })
  insertTestRun(tx, {
    runId,
    given: Object.fromEntries([...test.given].map(([id, { from }]) => [id, from])),
    stepping: test.stepping,
  })
  for (const [stepId, ports] of test.givable) {
    const given = test.given.get(stepId)
    if (given === undefined) continue
    // It was not attempted: what was given must not be taken for what the step returned.
    const line = { stepId, scope: '', input: null, attemptNo: 0, startedAt: null }
    writeStepRun(tx, runId, doneRow(line, 'succeeded', { ports, output: given.output, finishedAt: now }))
  }
  insertMessage(tx, { kind: 'resume-run', zapId, version, eventId, runId, availableAt: now, now })
}
