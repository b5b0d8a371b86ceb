import type { RunSummary } from '../../core/contract/values.ts'
import type { RunState } from '../../core/domain/states.ts'
import { api } from '../api/client.ts'
import { hostFilter, type RunFilter } from '../stores/run-filter.ts'
import { type BulkChoice, bulkTarget } from './bulk-target.ts'

/** How many runs there are of each status; `isWhole` is false where counting stopped before the end. */
export type BulkTally = { readonly counts: ReadonlyMap<RunState, number>; readonly isWhole: boolean }

/** The contract's largest page. */
const PAGE = 500
/** Runs after which counting stops: a larger number would not change what a person decides. */
const COUNTED = 10_000

/** Counts runs that are at hand. */
export function tallyOf(runs: readonly Pick<RunSummary, 'status'>[], isWhole = true): BulkTally {
  const counts = new Map<RunState, number>()
  for (const { status } of runs) counts.set(status, (counts.get(status) ?? 0) + 1)
  return { counts, isWhole }
}

/** Counts what a filter finds at the host, shown or not. */
export async function countMatching(filter: RunFilter): Promise<BulkTally> {
  const asked = hostFilter(filter, Date.now())
  const found: RunSummary[] = []
  let cursor: string | null = null
  do {
    const page: { runs: RunSummary[]; next: string | null } = await api.runs.list({
      ...asked,
      limit: PAGE,
      ...(cursor !== null && { cursor }),
    })
    found.push(...page.runs)
    cursor = page.next
  } while (cursor !== null && found.length < COUNTED)
  return tallyOf(found, cursor === null)
}

/** How many runs there are, or, with a choice, how many it is for. */
export function countIn({ counts }: BulkTally, choice?: BulkChoice): number {
  const isMeant = choice === undefined ? () => true : bulkTarget(choice)
  return [...counts].reduce((sum, [status, count]) => (isMeant(status) ? sum + count : sum), 0)
}
