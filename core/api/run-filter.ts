import type { RunFilter } from '../contract/values.ts'
import type { RunRange } from '../db/run-rows.ts'
import { encodeTimeAsId } from '../domain/host/ids.ts'

/** The range of runs that a filter names, but for its text; with a cursor only what lies behind it. */
export function rangeOf({ zapId, status, since, until }: RunFilter, cursor?: string): RunRange {
  const end = until === undefined ? undefined : lowestId(until)
  const before = end !== undefined && (cursor === undefined || end < cursor) ? end : cursor
  return { zapId, shown: status, from: since === undefined ? undefined : lowestId(since), before }
}

/** Whether an id lies in the time of a range: for runs that are not in the history yet. */
export function isInTime(id: string, { from, before }: RunRange): boolean {
  return (from === undefined || id >= from) && (before === undefined || id < before)
}

const lowestId = (iso: string): string => encodeTimeAsId('run', Date.parse(iso))
