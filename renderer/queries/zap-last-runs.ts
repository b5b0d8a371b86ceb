import type { RunSummary, ZapSummary } from '../../core/contract/values.ts'

/** The zaps with their last run brought up to date from runs that changed; the same list when none did. */
export function withLastRuns(zaps: ZapSummary[], runs: readonly RunSummary[]): ZapSummary[] {
  const newest = new Map<string, RunSummary>()
  for (const run of runs) {
    const other = newest.get(run.zapId)
    if (other === undefined || isNewer(run, other)) newest.set(run.zapId, run)
  }
  let touched = false
  const updated = zaps.map((zap) => {
    const run = newest.get(zap.id)
    const last = zap.lastRun
    if (run === undefined || (last !== null && last.id !== run.id && !isNewer(run, last))) return zap
    if (last !== null && last.id === run.id && last.shownAs === run.shownAs && last.status === run.status) return zap
    touched = true
    return { ...zap, lastRun: { id: run.id, status: run.status, shownAs: run.shownAs, startedAt: run.startedAt } }
  })
  return touched ? updated : zaps
}

// Ids begin with their time, and the host takes the greatest for the last run too.
function isNewer(a: { id: string }, b: { id: string }): boolean {
  return a.id > b.id
}
