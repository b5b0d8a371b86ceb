import type { Knex } from 'knex'
import type { Status } from '../contract/values.ts'
import { countOpenApprovals } from '../db/approvals.ts'
import { listOpenIncidents } from '../db/incidents.ts'
import { countOpenMessages } from '../db/outbox-counts.ts'
import { findNextSchedule } from '../db/schedules.ts'
import { incidentView } from './incidents.ts'
import { toIso } from './run-view.ts'

/** What the status bar shows, as far as the database knows it; `live` is the rest. */
export async function readStatus(
  reader: Knex,
  now: number,
  live: Pick<Status, 'listener' | 'paused' | 'network' | 'safeMode' | 'tunnel'>,
): Promise<Status> {
  const [counts, next, incidents, openApprovals] = await Promise.all([
    countOpenMessages(reader, now),
    findNextSchedule(reader),
    listOpenIncidents(reader),
    countOpenApprovals(reader),
  ])
  const { pending, waiting, leased, dead, oldestDueAt } = counts
  return {
    ...live,
    queue: {
      pending,
      waiting,
      leased,
      dead,
      oldestPendingMs: oldestDueAt === null ? 0 : Math.max(0, now - oldestDueAt),
    },
    nextScheduled: next === undefined ? null : { at: toIso(next.dueAt), zapId: next.zapId, zapName: next.zapName },
    openApprovals,
    incidents: incidents.map(incidentView),
  }
}
