import type { RunSummary } from '../../../core/contract/values.ts'

/** Newest first, as the host pages: ids begin with their time, so they alone decide. */
function byNewest(a: RunSummary, b: RunSummary): number {
  if (a.id === b.id) return 0
  return a.id < b.id ? 1 : -1
}

/**
 * The shown pages of a list with changed runs worked in: known ones are replaced, or go when they do not belong into it any more; new ones
 * come in at their place. `next` is the cursor of the next older page, null when there is none: what lies behind it is left to its page,
 * so that paging neither repeats nor skips it.
 */
export function mergeRuns(
  shown: readonly RunSummary[],
  changed: readonly RunSummary[],
  belongs: (run: RunSummary) => boolean,
  next: string | null,
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
      if (belongs(newer)) kept.push(newer)
    }
  }
  const added = [...news.values()].filter((run) => (next === null || run.id >= next) && belongs(run))
  if (added.length === 0) return touched ? kept : shown
  return [...kept, ...added].sort(byNewest)
}

/** Two neighbouring pages as one list; a run that slid over the border by a new arrival appears once. */
export function appendPage(shown: readonly RunSummary[], page: readonly RunSummary[]): readonly RunSummary[] {
  const known = new Set(shown.map((run) => run.id))
  return [...shown, ...page.filter((run) => !known.has(run.id))]
}
