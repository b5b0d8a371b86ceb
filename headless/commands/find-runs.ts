import type { RunFilter, RunSummary } from '../../core/contract/values.ts'
import type { HostClient } from '../control/host-client.ts'
import { tellProgress } from '../terminal.ts'

/** Runs of one answer of the host, at most: the contract's largest page. */
const PAGE = 500

/** Runs that were found, the newest first, and the cursor of what comes behind them; null when that is nothing. */
export type FoundRuns = {
  readonly runs: readonly RunSummary[]
  readonly next: string | null
  /** How far back a text was looked for; null without one, and when there was nothing to look through. */
  readonly searchedTo: string | null
}

/**
 * Asks for runs until there are `limit` of them or no more. The host looks for a text bit by bit and may answer with nothing yet; how far it
 * has come is told on a terminal.
 */
export async function findRuns(
  client: HostClient,
  filter: RunFilter,
  limit: number,
  from: string | undefined,
): Promise<FoundRuns> {
  const runs: RunSummary[] = []
  let searchedTo: string | null = null
  for (let cursor = from; ; ) {
    const page = await client.runs.list({ ...filter, limit: Math.min(PAGE, limit - runs.length), cursor })
    runs.push(...page.runs)
    searchedTo = page.searchedTo ?? searchedTo
    const isDone = page.next === null || runs.length >= limit
    if (filter.text !== undefined) tellFound(runs.length, searchedTo, isDone)
    if (page.next === null || runs.length >= limit) return { runs, next: page.next, searchedTo }
    cursor = page.next
  }
}

/** One line that is written over again and again, and gone at the end. */
function tellFound(found: number, searchedTo: string | null, isDone: boolean): void {
  if (!process.stderr.isTTY) return
  tellProgress(isDone ? '' : `${found} found, searched back to ${searchedTo ?? 'now'} …`, false)
}
