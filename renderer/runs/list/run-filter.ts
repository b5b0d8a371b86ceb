import type { RunFilter as HostFilter } from '../../../core/contract/values.ts'
import type { ShownRunState } from '../../../core/domain/runs/states.ts'

/** Times that move on with the clock. */
export const RECENT = ['today', '24h', '7d'] as const
/** A range by this computer's calendar and clock, such as `2026-11-03T14:00`; an absent end is open. */
export type OwnRange = { readonly from?: string; readonly to?: string }
export type RunTime = (typeof RECENT)[number] | OwnRange

/** What a list of runs is narrowed to; an absent part narrows nothing. */
export type RunFilter = {
  readonly zapId?: string
  readonly status?: ShownRunState
  readonly when?: RunTime
  readonly text?: string
}

const DAY_MS = 86_400_000

/** When a time begins and ends, in milliseconds since 1970 UTC. */
export function boundsOf(when: RunTime | undefined, now: number): { since?: number; until?: number } {
  switch (when) {
    case undefined:
      return {}
    case 'today':
      return { since: new Date(now).setHours(0, 0, 0, 0) }
    case '24h':
      return { since: now - DAY_MS }
    case '7d':
      return { since: now - 7 * DAY_MS }
    default:
      return {
        ...(when.from !== undefined && { since: Date.parse(when.from) }),
        ...(when.to !== undefined && { until: Date.parse(when.to) }),
      }
  }
}

/** Whether a time ends before it begins, so that nothing can lie in it. */
export function isBackwards(when: RunTime | undefined): boolean {
  const { since, until } = boundsOf(when, 0)
  return since !== undefined && until !== undefined && until <= since
}

/** A filter as the host takes it, at this moment. */
export function hostFilter({ zapId, status, when, text }: RunFilter, now: number): HostFilter {
  const { since, until } = boundsOf(when, now)
  return {
    ...(zapId !== undefined && { zapId }),
    ...(status !== undefined && { status }),
    ...(since !== undefined && { since: new Date(since).toISOString() }),
    ...(until !== undefined && { until: new Date(until).toISOString() }),
    ...(text !== undefined && { text }),
  }
}
