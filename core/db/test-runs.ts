import type { Knex } from 'knex'
import { z } from 'zod'
import { type GivenFrom, givenFromSchema, type Stepping, steppingSchema } from '../domain/zap/stepping.ts'
import type { Tx } from './executor.ts'
import { rowOf, text } from './row.ts'

/** What is known of a run that is a test of a draft. */
export type TestRunRow = {
  /** Where the outputs came from that were given to it, by step id. */
  readonly given: Readonly<Record<string, GivenFrom>>
  /** Null when it is not stepped through. */
  readonly stepping: Stepping | null
  /** While it is paused: when it ends if nobody goes on. */
  readonly pausedUntil: number | null
}

type StoredTestRun = { given: string; pauses: string | null; breakpoints: string; paused_until: number | null }

const steppingRow = rowOf({ pauses: text, breakpoints: text })
const idRow = rowOf({ id: text })

const givenSchema = z.record(z.string(), givenFromSchema)

function toTestRun(row: StoredTestRun): TestRunRow {
  return {
    given: givenSchema.parse(JSON.parse(row.given)),
    stepping: row.pauses === null ? null : toStepping(row.pauses, row.breakpoints),
    pausedUntil: row.paused_until,
  }
}

const toStepping = (pauses: string, breakpoints: string): Stepping =>
  steppingSchema.parse({ pauses, breakpoints: JSON.parse(breakpoints) })

/** Notes that a run is a test. */
export function insertTestRun(
  tx: Tx,
  test: { runId: string; given: TestRunRow['given']; stepping: Stepping | null },
): void {
  const { runId, given, stepping } = test
  tx.run('INSERT INTO test_run (run_id, given, pauses, breakpoints) VALUES (?, ?, ?, ?)', [
    runId,
    JSON.stringify(given),
    stepping?.pauses ?? null,
    JSON.stringify(stepping?.breakpoints ?? []),
  ])
}

/** How a run is stepped through; undefined for all that are not. */
export function getStepping(tx: Tx, runId: string): Stepping | undefined {
  const row = tx.get(steppingRow, 'SELECT pauses, breakpoints FROM test_run WHERE run_id = ? AND pauses IS NOT NULL', [
    runId,
  ])
  return row === undefined ? undefined : toStepping(row.pauses, row.breakpoints)
}

export async function findTestRun(reader: Knex, runId: string): Promise<TestRunRow | undefined> {
  const row: StoredTestRun | undefined = await reader('test_run').where({ run_id: runId }).first()
  return row === undefined ? undefined : toTestRun(row)
}

/** The run stands still until somebody goes on, or until that time. */
export function pauseTest(tx: Tx, runId: string, until: number): void {
  tx.run('UPDATE test_run SET paused_until = ? WHERE run_id = ?', [until, runId])
}

/** A paused test goes on, from now on like this. False when it is not paused (any more). */
export function unpauseTest(tx: Tx, runId: string, { pauses, breakpoints }: Stepping): boolean {
  const changes = tx.run(
    `UPDATE test_run SET paused_until = NULL, pauses = ?, breakpoints = ? WHERE run_id = ? AND paused_until IS NOT NULL`,
    [pauses, JSON.stringify(breakpoints), runId],
  )
  return changes > 0
}

/** A run that may be paused is over. */
export function endPause(tx: Tx, runId: string): void {
  tx.run('UPDATE test_run SET paused_until = NULL WHERE run_id = ? AND paused_until IS NOT NULL', [runId])
}

/** Paused tests with which nobody went on in time. */
export function overdueTests(tx: Tx, now: number): string[] {
  return tx.all(idRow, 'SELECT run_id AS id FROM test_run WHERE paused_until <= ?', [now]).map(({ id }) => id)
}
