import type { Knex } from 'knex'
import type { Status } from '../contract/values.ts'
import { countOpenApprovals } from '../db/approvals.ts'
import { listOpenIncidents } from '../db/incidents.ts'
import { countOpenMessages } from '../db/outbox-counts.ts'
import { findNextSchedule } from '../db/schedules.ts'
import type { Network } from '../domain/host/adapters.ts'
import type { Clock } from '../domain/time/clock.ts'
import { claimsOf } from '../ingress/live-triggers.ts'
import type { LiveZaps } from '../ingress/live-zaps.ts'
import type { Pause } from '../pause.ts'
import type { TunnelKeeper } from '../tunnel/tunnel-keeper.ts'
import { incidentView } from './incidents.ts'
import { toIso } from './run-view.ts'
import { tunnelView } from './tunnel.ts'

/** Makes the function that reads what the status bar shows. */
export function createStatusReader(config: {
  readonly reader: Knex
  readonly clock: Clock
  readonly network: Network
  readonly pause: Pick<Pause, 'ofIntake' | 'ofRuns' | 'safeMode'>
  readonly tunnels: TunnelKeeper
  readonly liveZaps: LiveZaps
  /** Where webhooks arrive; '' before the listener listens. */
  hooksUrl(): string
}): () => Promise<Status> {
  const { reader, clock, network, pause, tunnels, liveZaps } = config
  return async () => {
    const [counts, next, incidents, openApprovals] = await Promise.all([
      countOpenMessages(reader, clock.now()),
      findNextSchedule(reader),
      listOpenIncidents(reader),
      countOpenApprovals(reader),
    ])
    const { pending, waiting, leased, dead, oldestDueAt } = counts
    const oldestPendingMs = oldestDueAt === null ? 0 : Math.max(0, clock.now() - oldestDueAt)
    const url = config.hooksUrl()
    return {
      listener: { state: url === '' ? 'down' : pause.ofIntake() ? 'paused' : 'listening', url },
      paused: pause.ofRuns(),
      network: network.isOnline() ? 'up' : 'down',
      safeMode: pause.safeMode(),
      tunnel: tunnelView(tunnels, claimsOf(liveZaps.current())),
      queue: { pending, waiting, leased, dead, oldestPendingMs },
      nextScheduled: next === undefined ? null : { at: toIso(next.dueAt), zapId: next.zapId, zapName: next.zapName },
      openApprovals,
      incidents: incidents.map(incidentView),
    }
  }
}
