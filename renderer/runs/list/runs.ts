import { create } from 'zustand'
import type { RunSummary } from '../../../core/contract/values.ts'
import { api } from '../../api/client.ts'
import { onAppEvent, onResumed } from '../../api/events.ts'
import { describeFailure, type Failure } from '../../api/failure.ts'
import { throttle } from '../../stores/throttle.ts'
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

/** How a search for a text stands. The host answers bit by bit; `run-search.ts` asks on until a page is full. */
export type RunSearch = {
  /** `resting` when a page was filled: scrolling goes on. */
  readonly state: 'going' | 'stopped' | 'resting'
  /** How far back it looked: when the last run that was looked at began, ISO; null before the first answer. */
  readonly searchedTo: string | null
  /** Whether runs may have changed that were not looked at. */
  readonly hasMissed: boolean
}

type Runs = {
  readonly filter: RunFilter
  /** Newest first; null until the first page is there. */
  readonly runs: readonly RunSummary[] | null
  /** Cursor of the next older page; null when there is none. */
  readonly next: string | null
  readonly loadingMore: boolean
  readonly failure: Failure | null
  /** How the search for the filter's text goes; null where it has none. */
  readonly search: RunSearch | null
}

const NOTHING_YET = { runs: null, next: null, failure: null, search: null } as const

/** The list of runs as the Runs screen shows it: narrowed, paged by scrolling, and live at its top. */
export const useRuns = create<Runs>(() => ({ filter: {}, loadingMore: false, ...NOTHING_YET }))

/** Shows the list with another filter, from its first page. What a filter with a text finds, `run-search.ts` reads. */
export async function showRuns(filter: RunFilter): Promise<void> {
  const isSame = runsAddress(useRuns.getState().filter) === runsAddress(filter)
  useRuns.setState(isSame ? { filter } : { filter, ...NOTHING_YET })
  if (filter.text === undefined) await readFromTop(PAGE)
}

/** Lets go of the list, and of following it, when no screen shows it any more. The filter stays. */
export function leaveRuns(): void {
  // A copy of the filter, so that answers which are still on their way find another one and are dropped.
  useRuns.setState(({ filter }) => ({ filter: { ...filter }, ...NOTHING_YET }))
}

let cameLive = 0
/** One list for each read that is under way: what changed since it began, as its answer may be older than that. */
const changesDuringReads = new Set<RunSummary[]>()

const belongsTo = (filter: RunFilter) => (run: RunSummary) => letsThrough(filter, run, Date.now())

/** Reads the newest `count` runs and shows them in place of what was there. */
async function readFromTop(count: number): Promise<void> {
  const { filter } = useRuns.getState()
  const changed: RunSummary[] = []
  changesDuringReads.add(changed)
  cameLive = 0
  try {
    const asked = hostFilter(filter, Date.now())
    let runs: readonly RunSummary[] = []
    let next: string | null = null
    do {
      const limit = Math.min(count - runs.length, LARGEST_PAGE)
      const page = await api.runs.list({ ...asked, limit, ...(next === null ? {} : { cursor: next }) })
      if (useRuns.getState().filter !== filter) return
      runs = appendPage(runs, page.runs)
      next = page.next
    } while (next !== null && runs.length < count)
    useRuns.setState({ runs: mergeRuns(runs, changed, belongsTo(filter), next), next, failure: null })
  } catch (thrown) {
    if (useRuns.getState().filter === filter) useRuns.setState({ failure: describeFailure(thrown) })
  } finally {
    changesDuringReads.delete(changed)
  }
}

/** Reads the list again down to the place that is shown, as far as that is reasonable. */
async function readAgain(): Promise<void> {
  const { runs, filter } = useRuns.getState()
  if (runs === null || filter.text !== undefined) return
  await readFromTop(Math.min(Math.max(runs.length, PAGE), MAX_REREAD))
}

/** Reads the next older page; nothing happens while one is on its way or when there is none. */
export async function loadOlderRuns(): Promise<void> {
  const { filter, next, loadingMore } = useRuns.getState()
  if (next === null || loadingMore) return
  useRuns.setState({ loadingMore: true })
  try {
    const page = await api.runs.list({ ...hostFilter(filter, Date.now()), limit: PAGE, cursor: next })
    const now = useRuns.getState()
    // Another filter was chosen, or the list began anew, while this page was on its way.
    if (now.filter !== filter || now.next !== next) return
    useRuns.setState({ runs: appendPage(now.runs ?? [], page.runs), next: page.next })
  } catch (thrown) {
    useRuns.setState({ failure: describeFailure(thrown) })
  } finally {
    useRuns.setState({ loadingMore: false })
  }
}

// Under load the host names only a part of what changed: the list would have holes if it were not read again.
const readAgainSoon = throttle(1000, () => void readAgain())

onAppEvent((event) => {
  if (event.type !== 'runs') return
  for (const changed of changesDuringReads) changed.push(...event.runs)
  const { runs, filter, next } = useRuns.getState()
  if (runs === null || filter.text !== undefined) return
  const merged = mergeRuns(runs, event.runs, belongsTo(filter), next)
  if (merged !== runs) useRuns.setState({ runs: merged })
  cameLive += Math.max(0, merged.length - runs.length)
  if (cameLive > MAX_LIVE) void readFromTop(PAGE)
  else if (event.more) readAgainSoon()
})
onResumed(() => void readAgain())
