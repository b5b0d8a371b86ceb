import type { RunSummary } from '../../core/contract/values.ts'
import type { RunState } from '../../core/domain/states.ts'

/** What a list of runs is narrowed to; an absent part narrows nothing. */
export type RunFilter = { readonly zapId?: string; readonly status?: RunState }

/** Whether a run belongs into a list with this filter. */
function matchesFilter(run: RunSummary, filter: RunFilter): boolean {
  return (
    (filter.zapId === undefined || run.zapId === filter.zapId) &&
    (filter.status === undefined || run.status === filter.status)
  )
}

/** Newest first, as the host pages: ids begin with their time, so they alone decide. */
function byNewest(a: RunSummary, b: RunSummary): number {
  if (a.id === b.id) return 0
  return a.id < b.id ? 1 : -1
}

/**
 * The shown pages of a list with changed runs worked in: known ones are replaced, or go when the filter no longer wants
 * them; new ones come in at their place. `complete` says that no older page is left; otherwise a run that is older than
 * everything shown is left to its page, so that paging neither repeats nor skips it.
 */
export function mergeRuns(
  shown: readonly RunSummary[],
  changed: readonly RunSummary[],
  filter: RunFilter,
  complete: boolean,
): readonly RunSummary[] {
  const news = new Map(changed.map((run) => [run.id, run]))
  const kept: RunSummary[] = []
  let touched = false
  for (const run of shown) {
    const newer = news.get(run.id)
    news.delete(run.id)
    if (newer === undefined) kept.push(run)
    else {
      touched = true
      if (matchesFilter(newer, filter)) kept.push(newer)
    }
  }
  const oldest = shown.at(-1)
  const added = [...news.values()].filter(
    (run) => matchesFilter(run, filter) && (complete || oldest === undefined || byNewest(run, oldest) < 0),
  )
  if (added.length === 0) return touched ? kept : shown
  return [...kept, ...added].sort(byNewest)
}

/** Two neighbouring pages as one list; a run that slid over the border by a new arrival appears once. */
export function appendPage(shown: readonly RunSummary[], page: readonly RunSummary[]): readonly RunSummary[] {
  const known = new Set(shown.map((run) => run.id))
  return [...shown, ...page.filter((run) => !known.has(run.id))]
}
