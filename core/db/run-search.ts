import type Sqlite from 'better-sqlite3'
import type { Knex } from 'knex'
import { readReason, reasonText } from '../domain/runs/run-reason.ts'
import { type RunRange, runsIn } from './run-rows.ts'

/**
 * Adds to a connection the SQL functions `reason_text(code, data, text)`, a stored reason as people read it, and `holds(text, pattern)`: whether a pattern (the source of a regular expression) is found in a text,
 * in any case. SQLite's own LIKE knows the cases of ASCII alone, and is slower.
 */
export function addTextSearch(connection: Sqlite.Database): void {
  const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  connection.function('reason_text', { deterministic: true, directOnly: true }, (code, data, text) => {
    const reason = readReason({ code: textOrNull(code), data: textOrNull(data), text: textOrNull(text) })
    return reason === null ? null : reasonText(reason)
  })
  let last = /$^/iu
  connection.function('holds', { deterministic: true, directOnly: true }, (text: unknown, pattern: unknown) => {
    if (typeof text !== 'string' || typeof pattern !== 'string') return 0
    if (last.source !== pattern) last = new RegExp(pattern, 'iu')
    return last.test(text) ? 1 : 0
  })
}

/** What is looked through of a run, the cheapest first. What is kept as a file is not. */
const IN_RUN = `holds(run.id, :pattern) OR holds(reason_text(run.reason_code, run.reason_data, run.reason), :pattern)
  OR EXISTS (SELECT 1 FROM trigger_event AS event WHERE event.id = run.event_id AND holds(event.data, :pattern))
  OR EXISTS (SELECT 1 FROM step_run AS step
    WHERE step.run_id = run.id AND (holds(step.input, :pattern) OR holds(step.output, :pattern)))
  OR EXISTS (SELECT 1 FROM attempt
    WHERE attempt.run_id = run.id AND (holds(error_message, :pattern) OR holds(error_code, :pattern)))`

/** A run that was looked through. */
export type LookedThrough = { readonly id: string; readonly startedAt: number; readonly isFound: boolean }

/** Looks through the newest `limit` runs of a range, and says of each whether the pattern is in it. */
export async function lookThroughRuns(
  reader: Knex,
  range: RunRange & { limit: number },
  pattern: RegExp,
): Promise<LookedThrough[]> {
  const rows: { id: string; startedAt: number; isFound: number }[] = await runsIn(reader, range)
    .limit(range.limit)
    .select({ id: 'run.id', startedAt: 'run.started_at', isFound: foundIn(reader, pattern) })
  return rows.map((row) => ({ ...row, isFound: row.isFound === 1 }))
}

/** Those of the named runs that are in a range and, with a pattern, have it in them. */
export async function findAmongRuns(
  reader: Knex,
  ids: readonly string[],
  range: RunRange,
  pattern: RegExp | undefined,
): Promise<string[]> {
  const query = runsIn(reader, range).whereIn('run.id', ids)
  if (pattern !== undefined) void query.where(foundIn(reader, pattern))
  return (await query.select('run.id as id')).map((row: { id: string }) => row.id)
}

const foundIn = (reader: Knex, pattern: RegExp): Knex.Raw => reader.raw(`(${IN_RUN})`, { pattern: pattern.source })
