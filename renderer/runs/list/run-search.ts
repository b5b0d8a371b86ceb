import { useEffect } from 'react'
import { create } from 'zustand'
import type { RunSummary } from '../../../core/contract/values.ts'
import { api } from '../../api/client.ts'
import { onAppEvent, onResumed } from '../../api/events.ts'
import { describeFailure, type Failure } from '../../api/failure.ts'
import { appendPage, mergeRuns } from './live-runs.ts'
import { hostFilter, type RunFilter } from './run-filter.ts'
import { PAGE } from './runs.ts'

/** How a search for a text stands. The host answers bit by bit; this asks on until a page is full. */
export type RunSearch = {
  /** `resting` when a page was filled: scrolling goes on. */
  readonly state: 'going' | 'stopped' | 'resting'
  /** How far back it looked: when the last run that was looked at began, ISO; null before the first answer. */
  readonly searchedTo: string | null
  /** Whether runs may have changed that were not looked at. */
  readonly hasMissed: boolean
}

type Found = {
  readonly filter: RunFilter
  /** Newest first; null until the first answer. */
  readonly runs: readonly RunSummary[] | null
  /** Cursor of what lies further back; null when all was looked at. */
  readonly next: string | null
  readonly failure: Failure | null
  /** Null where nothing is searched for. */
  readonly search: RunSearch | null
}

const NOTHING: Found = { filter: {}, runs: null, next: null, failure: null, search: null }
const STARTING: RunSearch = { state: 'going', searchedTo: null, hasMissed: false }

/**
 * The search for a text in runs. It is a job that goes on and can be stopped rather than an answer to a question, so it is not among those
 * that `queries.ts` keeps.
 */
const useFound = create<Found>(() => NOTHING)

/** Changed runs that are tested at once, at most: as many as the contract takes. */
const MAX_TESTED = 500

/** Milliseconds in which changed runs are gathered before they are tested. */
const TEST_PAUSE_MS = 300

/** Counts the beginnings and stops of searches: an answer of before the last one is dropped. */
let turn = 0

/** Changed runs that may have the text in them, or not. */
const heard = new Map<string, RunSummary>()

/** What the search for a filter's text has found so far. It begins when another filter is shown, and ends with the screen. */
export function useRunSearch(filter: RunFilter): Found {
  useEffect(() => {
    if (filter.text === undefined) return
    void beginSearch(filter)
    return endSearch
  }, [filter])
  return useFound()
}

/** Searches once more from the newest run on. */
export function searchAgain(): void {
  void beginSearch(useFound.getState().filter)
}

async function beginSearch(filter: RunFilter): Promise<void> {
  heard.clear()
  useFound.setState({ ...NOTHING, filter, search: STARTING })
  await goOn()
}

function endSearch(): void {
  turn += 1
  useFound.setState(NOTHING)
}

/** Stops a search where it is. */
export function stopSearch(): void {
  turn += 1
  change({ state: 'stopped' })
  testSoon()
}

/** Looks further back, until another page is full. Nothing happens while it does so already, or when all was looked at. */
export async function searchFurther(): Promise<void> {
  const { search, runs, next } = useFound.getState()
  if (search === null || search.state === 'going' || (runs !== null && next === null)) return
  change({ state: 'going' })
  await goOn()
}

function change(part: Partial<RunSearch>): void {
  useFound.setState(({ search }) => ({ search: search === null ? null : { ...search, ...part } }))
}

async function goOn(): Promise<void> {
  turn += 1
  const mine = turn
  const { filter } = useFound.getState()
  const isOver = (): boolean => mine !== turn || useFound.getState().filter !== filter
  try {
    for (let found = 0; ; ) {
      const { next: cursor } = useFound.getState()
      const asked = { ...hostFilter(filter, Date.now()), limit: PAGE, ...(cursor === null ? {} : { cursor }) }
      const page = await api.runs.list(asked)
      if (isOver()) return
      found += page.runs.length
      const isDone = page.next === null || found >= PAGE
      useFound.setState(({ runs, search }) => ({
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
    if (!isOver()) useFound.setState({ failure: describeFailure(thrown) })
    if (!isOver()) change({ state: 'stopped' })
  }
}

/** Asks the host which of the changed runs have the text in them, and works those into the list. */
async function testHeard(): Promise<void> {
  const { filter } = useFound.getState()
  if (heard.size === 0) return
  const changed = [...heard.values()]
  heard.clear()
  if (changed.length > MAX_TESTED) return change({ hasMissed: true })
  try {
    const ids = changed.map((run) => run.id)
    const matching = new Set((await api.runs.matching({ ids, filter: hostFilter(filter, Date.now()) })).ids)
    const { runs, next, filter: now } = useFound.getState()
    if (now !== filter || runs === null) return
    useFound.setState({ runs: mergeRuns(runs, changed, (run) => matching.has(run.id), next) })
  } catch {
    change({ hasMissed: true })
  }
}

let isTestDue = false

function testSoon(): void {
  if (isTestDue) return
  isTestDue = true
  setTimeout(() => {
    isTestDue = false
    // While an answer is on its way, it is done when that has come.
    if (useFound.getState().search?.state !== 'going') void testHeard()
  }, TEST_PAUSE_MS)
}

onAppEvent((event) => {
  const { search } = useFound.getState()
  if (event.type !== 'runs' || search === null) return
  for (const run of event.runs) heard.set(run.id, run)
  if (event.more) change({ hasMissed: true })
  testSoon()
})
// Changes during the gap were not reported.
onResumed(() => change({ hasMissed: true }))
