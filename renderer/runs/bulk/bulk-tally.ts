import type { LeftOut, RunSummary } from '../../../core/contract/values.ts'
import type { RunState } from '../../../core/domain/runs/states.ts'
import { api } from '../../api/client.ts'
import { hostFilter, type RunFilter } from '../list/run-filter.ts'
import { type BulkChoice, bulkTarget, leftOutAs } from './bulk-target.ts'

/** Runs that are alike to every choice. */
type Kind = { readonly status: RunState; readonly leftOut: LeftOut | null; readonly count: number }

/** How many runs there are of each kind; `isWhole` is false where counting stopped before the end. */
export type BulkTally = { readonly kinds: readonly Kind[]; readonly isWhole: boolean }

/** The contract's largest page. */
const PAGE = 500
/** Runs after which counting stops: a larger number would not change what a person decides. */
const COUNTED = 10_000

/** Counts runs that are at hand. */
export function tallyOf(runs: readonly Pick<RunSummary, 'status' | 'test' | 'replays'>[], isWhole = true): BulkTally {
  const kinds = new Map<string, Kind>()
  for (const run of runs) {
    const { status } = run
    const leftOut = leftOutAs(run)
    const key = `${status} ${leftOut}`
    kinds.set(key, { status, leftOut, count: (kinds.get(key)?.count ?? 0) + 1 })
  }
  return { kinds: [...kinds.values()], isWhole }
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
export function countIn({ kinds }: BulkTally, choice?: BulkChoice): number {
  if (choice === undefined) return sumOf(kinds)
  return sumOf(kinds.filter((kind) => isOf(kind, choice) && !isLeftOut(kind, choice)))
}

/** How many runs a choice would be for, but for why it leaves them out. */
export function leftOutIn({ kinds }: BulkTally, choice: BulkChoice): Readonly<Record<LeftOut, number>> {
  const left = kinds.filter((kind) => isOf(kind, choice) && isLeftOut(kind, choice))
  const of = (why: LeftOut): number => sumOf(left.filter((kind) => kind.leftOut === why))
  return { replayed: of('replayed'), tests: of('tests') }
}

const sumOf = (kinds: readonly Kind[]): number => kinds.reduce((sum, { count }) => sum + count, 0)
const isOf = ({ status }: Kind, choice: BulkChoice): boolean => bulkTarget(choice)(status)
const isLeftOut = ({ leftOut }: Kind, { action, include = [] }: BulkChoice): boolean =>
  action === 'replay' && leftOut !== null && !include.includes(leftOut)
