import type { RunFilter } from '../stores/live-runs.ts'
import { statusWord } from '../ui/status-badge.tsx'

/** What a filter finds: `runs`, `failed runs of Orders`. */
export function filterWords(filter: RunFilter, zapName: string | undefined): string {
  const status = filter.status === undefined ? '' : `${statusWord(filter.status).toLowerCase()} `
  const zap = filter.zapId === undefined ? '' : ` of ${zapName ?? 'this zap'}`
  return `${status}runs${zap}`
}
