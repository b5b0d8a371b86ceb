import { setTimeout as pause } from 'node:timers/promises'
import type { Knex } from 'knex'
import type { RunRange } from '../db/run-rows.ts'
import { lookThroughRuns } from '../db/run-search.ts'

/** How long a search may take; milliseconds. */
export type Pace = {
  /** Nothing else is done meanwhile. */
  readonly slice: number
  /** After which it answers with what it has. */
  readonly answer: number
}

const PACE: Pace = { slice: 8, answer: 60 }

/** Runs of a first slice: few, as it is not known yet how much is in one. */
const FIRST = 20
const LARGEST = 2_000

export type SearchPage = {
  /** Newest first. */
  readonly ids: readonly string[]
  /** The last run that was looked through, where older ones are left. */
  readonly next: string | null
  /** When the last run that was looked through began; null when there was none. */
  readonly searchedTo: number | null
}

/**
 * Looks through a range of runs, the newest first, until `limit` of them have the pattern in them or its time is up. It goes on slice by
 * slice, each as large as fits its time, and rests between them for as long as they take: it has the thread that takes events in.
 */
export async function searchRuns(
  reader: Knex,
  range: RunRange,
  pattern: RegExp,
  limit: number,
  pace: Pace = PACE,
): Promise<SearchPage> {
  const startedAt = performance.now()
  const ids: string[] = []
  let searchedTo: number | null = null
  let before = range.before
  for (let size = FIRST; ; ) {
    const sliceAt = performance.now()
    const looked = await lookThroughRuns(reader, { ...range, before, limit: size }, pattern)
    const took = performance.now() - sliceAt
    for (const run of looked) {
      before = run.id
      searchedTo = run.startedAt
      if (run.isFound && ids.push(run.id) === limit) return { ids, next: run.id, searchedTo }
    }
    if (before === undefined || looked.length < size) return { ids, next: null, searchedTo }
    if (performance.now() - startedAt + took >= pace.answer) return { ids, next: before, searchedTo }
    size = Math.max(1, Math.min(LARGEST, size * 4, Math.floor((size * pace.slice) / took)))
    await pause(took)
  }
}
