import { create } from 'zustand'
import type { RunSummary } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { onAppEvent, onResumed } from '../api/events.ts'
import { describeFailure, type Failure } from '../api/failure.ts'
import { appendPage, mergeRuns, type RunFilter } from './live-runs.ts'
import { throttle } from './throttle.ts'

const PAGE = 100
/** Runs that come in live before the list begins anew, so that a window that stays open for weeks does not fill up. */
const MAX_LIVE = 5000

type Runs = {
  readonly filter: RunFilter
  /** Newest first; null until the first page is there. */
  readonly runs: readonly RunSummary[] | null
  /** Cursor of the next older page; null when there is none. */
  readonly next: string | null
  readonly loadingMore: boolean
  readonly failure: Failure | null
}

/** The list of runs as the Runs screen shows it: narrowed, paged by scrolling, and live at its top. */
export const useRuns = create<Runs>(() => ({ filter: {}, runs: null, next: null, loadingMore: false, failure: null }))

/** Shows the list with another filter, from its first page. */
export async function showRuns(filter: RunFilter): Promise<void> {
  const before = useRuns.getState().filter
  const same = before.zapId === filter.zapId && before.status === filter.status
  useRuns.setState(same ? { filter } : { filter, runs: null, next: null, failure: null })
  await loadFirstPage()
}

/** Lets go of the list, and of following it, when no screen shows it any more. The filter stays. */
export function leaveRuns(): void {
  // A copy of the filter, so that answers which are still on their way find another one and are dropped.
  useRuns.setState(({ filter }) => ({ filter: { ...filter }, runs: null, next: null, failure: null }))
}

let cameLive = 0

async function loadFirstPage(): Promise<void> {
  const { filter } = useRuns.getState()
  cameLive = 0
  try {
    const page = await api.runs.list({ ...filter, limit: PAGE })
    if (useRuns.getState().filter !== filter) return
    useRuns.setState({ runs: page.runs, next: page.next, failure: null })
  } catch (thrown) {
    if (useRuns.getState().filter === filter) useRuns.setState({ failure: describeFailure(thrown) })
  }
}

/** Reads the next older page; nothing happens while one is on its way or when there is none. */
export async function loadOlderRuns(): Promise<void> {
  const { filter, next, loadingMore } = useRuns.getState()
  if (next === null || loadingMore) return
  useRuns.setState({ loadingMore: true })
  try {
    const page = await api.runs.list({ ...filter, limit: PAGE, cursor: next })
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

// Under load the host names only a part of what changed; then the top of the list is read again, but not too often.
const reloadSoon = throttle(1000, () => void reloadTop())

async function reloadTop(): Promise<void> {
  const { filter, runs } = useRuns.getState()
  if (runs === null) return
  try {
    const page = await api.runs.list({ ...filter, limit: PAGE })
    const now = useRuns.getState()
    if (now.filter !== filter || now.runs === null) return
    const known = new Set(now.runs.map((run) => run.id))
    // Where the new page does not reach down to what is shown, keeping both would leave a hole between them.
    const reaches = page.next === null || page.runs.some((run) => known.has(run.id))
    if (reaches) useRuns.setState({ runs: mergeRuns(now.runs, page.runs, filter, now.next === null) })
    else useRuns.setState({ runs: page.runs, next: page.next })
  } catch {
    // The next change, or the connection's return, reads it again.
  }
}

onAppEvent((event) => {
  if (event.type !== 'runs') return
  const { runs, filter, next } = useRuns.getState()
  if (runs === null) return
  const merged = mergeRuns(runs, event.runs, filter, next === null)
  if (merged !== runs) useRuns.setState({ runs: merged })
  cameLive += Math.max(0, merged.length - runs.length)
  if (cameLive > MAX_LIVE) void loadFirstPage()
  else if (event.more) reloadSoon()
})
onResumed(() => {
  if (useRuns.getState().runs !== null) void loadFirstPage()
})
