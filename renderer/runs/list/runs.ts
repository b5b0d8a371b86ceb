import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { RunSummary } from '../../../core/contract/values.ts'
import { api } from '../../api/client.ts'
import { onAppEvent } from '../../api/events.ts'
import { describeFailure, type Failure } from '../../api/failure.ts'
import { readAgain } from '../../queries/invalidate.ts'
import { cache, patchAnswer } from '../../queries/queries.ts'
import { letsThrough } from './lets-through.ts'
import { appendPage, mergeRuns } from './live-runs.ts'
import { runsAddress } from './run-address.ts'
import { hostFilter, type RunFilter } from './run-filter.ts'

/** Runs of a page that is asked for. */
export const PAGE = 100
/** The contract's largest page. */
const LARGEST_PAGE = 500
/** Rows that are read again, to keep the scrolled place, when the list has to begin anew. */
const MAX_REREAD = 1000
/** Runs that come in live before the list begins anew, so that a window that stays open for weeks does not fill up. */
const MAX_LIVE = 5000

/** A part of the list of runs, from the newest on. */
type RunPages = {
  readonly runs: readonly RunSummary[]
  /** Cursor of the next older page; null when there is none. */
  readonly next: string | null
}

/** The list as the Runs screen shows it. */
export type RunList = {
  /** Newest first; null until the first page is there. */
  readonly runs: readonly RunSummary[] | null
  readonly next: string | null
  readonly failure: Failure | null
  reload(): void
  /** Reads the next older page; nothing happens while one is on its way or when there is none. */
  loadOlder(): void
}

const keyOf = (filter: RunFilter) => ['run list', runsAddress(filter)]

let lastAddress = runsAddress({})

/** Where the list is shown as it was left: the way back from a run. */
export function lastRunsAddress(): string {
  return lastAddress
}

/** The runs that a filter without a text lets through: paged by scrolling, and live at the top. */
export function useRunList(filter: RunFilter): RunList {
  const isAsked = filter.text === undefined
  const queryKey = keyOf(filter)
  const { data, error, refetch } = useQuery({
    queryKey,
    queryFn: () => readFromTop(filter, cache.getQueryData<RunPages>(queryKey)?.runs.length ?? 0),
    enabled: isAsked,
    // Nothing follows a list that no screen shows.
    gcTime: 0,
  })
  useEffect(() => {
    lastAddress = runsAddress(filter)
    return isAsked ? followRuns(filter) : undefined
  }, [filter, isAsked])

  const [older, setOlder] = useState<{ isOnItsWay: boolean; failure: Failure | null }>(NONE_ASKED)
  const loadOlder = async (): Promise<void> => {
    const cursor = data?.next ?? null
    if (cursor === null || older.isOnItsWay) return
    setOlder({ isOnItsWay: true, failure: null })
    try {
      const page = await api.runs.list({ ...hostFilter(filter, Date.now()), limit: PAGE, cursor })
      // Dropped where the list began anew while this page was on its way.
      patchAnswer<RunPages>(queryKey, (now) =>
        now.next === cursor ? { runs: appendPage(now.runs, page.runs), next: page.next } : now,
      )
      setOlder(NONE_ASKED)
    } catch (thrown) {
      setOlder({ isOnItsWay: false, failure: describeFailure(thrown) })
    }
  }
  return {
    runs: data?.runs ?? null,
    next: data?.next ?? null,
    failure: error === null ? older.failure : describeFailure(error),
    reload: () => void refetch(),
    loadOlder: () => void loadOlder(),
  }
}

const NONE_ASKED = { isOnItsWay: false, failure: null } as const

/** Reads as many of the newest runs as are shown, as far as that is reasonable. */
async function readFromTop(filter: RunFilter, shown: number): Promise<RunPages> {
  const count = Math.min(Math.max(shown, PAGE), MAX_REREAD)
  const asked = hostFilter(filter, Date.now())
  let runs: readonly RunSummary[] = []
  let next: string | null = null
  do {
    const limit = Math.min(count - runs.length, LARGEST_PAGE)
    const page = await api.runs.list({ ...asked, limit, ...(next === null ? {} : { cursor: next }) })
    runs = appendPage(runs, page.runs)
    next = page.next
  } while (next !== null && runs.length < count)
  return { runs, next }
}

/** Works what changes into the list of a filter, until the returned function is called. */
function followRuns(filter: RunFilter): () => void {
  const queryKey = keyOf(filter)
  const belongs = (run: RunSummary) => letsThrough(filter, run, Date.now())
  let cameLive = 0
  return onAppEvent((event) => {
    if (event.type !== 'runs') return
    patchAnswer<RunPages>(queryKey, (shown) => {
      const runs = mergeRuns(shown.runs, event.runs, belongs, shown.next)
      cameLive += Math.max(0, runs.length - shown.runs.length)
      return runs === shown.runs ? shown : { ...shown, runs }
    })
    if (cameLive > MAX_LIVE) {
      cameLive = 0
      // A cursor is the id of the last run before it.
      patchAnswer<RunPages>(queryKey, ({ runs, next }) => ({
        runs: runs.slice(0, PAGE),
        next: runs.length > PAGE ? (runs[PAGE - 1]?.id ?? next) : next,
      }))
    }
    // Under load the host names only a part of what changed, and an answer that is on its way may be older than this event.
    if (event.more || cache.getQueryState(queryKey)?.fetchStatus === 'fetching')
      void readAgain({ queryKey, everyMs: 1_000 })
  })
}
