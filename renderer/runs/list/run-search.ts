import type { RunSummary } from '../../../core/contract/values.ts'
import { api } from '../../api/client.ts'
import { onAppEvent, onResumed } from '../../api/events.ts'
import { describeFailure } from '../../api/failure.ts'
import { throttle } from '../../stores/throttle.ts'
import { appendPage, mergeRuns } from './live-runs.ts'
import { hostFilter, type RunFilter } from './run-filter.ts'
import { PAGE, type RunSearch, showRuns, useRuns } from './runs.ts'

const STARTING: RunSearch = { state: 'going', searchedTo: null, hasMissed: false }

/** Changed runs that are tested at once, at most: as many as the contract takes. */
const MAX_TESTED = 500

/** Counts the beginnings and stops of searches: an answer of before the last one is dropped. */
let turn = 0

/** Changed runs of which nobody knows yet whether the text is in them. */
const heard = new Map<string, RunSummary>()

/** Shows the runs that a filter finds, from the newest on: those of a page, or what a search for its text comes upon. */
export async function lookForRuns(filter: RunFilter): Promise<void> {
  const shown = showRuns(filter)
  if (filter.text === undefined) return shown
  heard.clear()
  useRuns.setState({ runs: null, next: null, failure: null, search: STARTING })
  await goOn()
}

/** Stops a search where it is. */
export function stopSearch(): void {
  turn += 1
  change({ state: 'stopped' })
  testSoon()
}

/** Looks further back, until another page is full. Nothing happens while it does so already, or when all was looked at. */
export async function searchFurther(): Promise<void> {
  const { search, runs, next } = useRuns.getState()
  if (search === null || search.state === 'going' || (runs !== null && next === null)) return
  change({ state: 'going' })
  await goOn()
}

function change(part: Partial<RunSearch>): void {
  useRuns.setState(({ search }) => ({ search: search === null ? null : { ...search, ...part } }))
}

async function goOn(): Promise<void> {
  turn += 1
  const mine = turn
  const { filter } = useRuns.getState()
  const isOver = (): boolean => mine !== turn || useRuns.getState().filter !== filter
  try {
    for (let found = 0; ; ) {
      const { next: cursor } = useRuns.getState()
      const asked = { ...hostFilter(filter, Date.now()), limit: PAGE, ...(cursor === null ? {} : { cursor }) }
      const page = await api.runs.list(asked)
      if (isOver()) return
      found += page.runs.length
      const isDone = page.next === null || found >= PAGE
      useRuns.setState(({ runs, search }) => ({
        runs: appendPage(runs ?? [], page.runs),
        next: page.next,
        failure: null,
        search: {
          ...(search ?? STARTING),
          state: isDone ? 'resting' : 'going',
          ...(page.searchedTo !== null && { searchedTo: page.searchedTo }),
        },
      }))
      // What changed while the answer was on its way may be in it as it was before.
      await testHeard()
      if (isDone || isOver()) return
    }
  } catch (thrown) {
    if (!isOver()) useRuns.setState({ failure: describeFailure(thrown) })
    if (!isOver()) change({ state: 'stopped' })
  }
}

/** Asks the host which of the changed runs have the text in them, and works those into the list. */
async function testHeard(): Promise<void> {
  const { filter } = useRuns.getState()
  if (heard.size === 0) return
  const changed = [...heard.values()]
  heard.clear()
  if (changed.length > MAX_TESTED) return change({ hasMissed: true })
  try {
    const ids = changed.map((run) => run.id)
    const matching = new Set((await api.runs.matching({ ids, filter: hostFilter(filter, Date.now()) })).ids)
    const { runs, next, filter: now } = useRuns.getState()
    if (now !== filter || runs === null) return
    useRuns.setState({ runs: mergeRuns(runs, changed, (run) => matching.has(run.id), next) })
  } catch {
    change({ hasMissed: true })
  }
}

const testSoon = throttle(300, () => {
  // While an answer is on its way, it is done when that has come.
  if (useRuns.getState().search?.state !== 'going') void testHeard()
})

onAppEvent((event) => {
  const { search } = useRuns.getState()
  if (event.type !== 'runs' || search === null) return
  for (const run of event.runs) heard.set(run.id, run)
  if (event.more) change({ hasMissed: true })
  testSoon()
})
// What happened while the host was away, nobody told.
onResumed(() => change({ hasMissed: true }))
