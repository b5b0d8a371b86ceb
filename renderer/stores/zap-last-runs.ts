import type { RunSummary, ZapSummary } from '../../core/contract/values.ts'

/** The zaps with their last run brought up to date from runs that changed; the same list when none did. */
export function withLastRuns(zaps: readonly ZapSummary[], runs: readonly RunSummary[]): readonly ZapSummary[] {
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
    if (last !== null && last.id === run.id && last.status === run.status) return zap
    touched = true
    return { ...zap, lastRun: { id: run.id, status: run.status, startedAt: run.startedAt } }
  })
  return touched ? updated : zaps
}

function isNewer(a: { id: string; startedAt: string }, b: { id: string; startedAt: string }): boolean {
  return a.startedAt === b.startedAt ? a.id > b.id : a.startedAt > b.startedAt
}
