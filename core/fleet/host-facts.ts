import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Database } from '../db/open.ts'
import { countRelayed } from '../db/relayed-messages.ts'
import { readSetting, writeSetting } from '../db/settings.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { FleetHost } from './fleet-host.ts'
import type { MemberFacts } from './member-doc.ts'
import type { FleetRole } from './options.ts'
import type { FleetRelay } from './relay.ts'
import type { SharedCredentials } from './shared-credentials.ts'
import type { FleetWorker } from './worker.ts'
import type { FleetZaps } from './zaps.ts'

/** Makes the function that says how this host is, for the others. */
export function createHostFacts(config: {
  readonly version: string
  readonly roles: readonly FleetRole[]
  readonly database: Database
  readonly clock: Clock
  readonly relay: Pick<FleetRelay, 'lately'>
  readonly worker: Pick<FleetWorker, 'load'>
  readonly zaps: Pick<FleetZaps, 'lacking'>
  readonly credentials: Pick<SharedCredentials, 'names'>
  host(): FleetHost | undefined
  isDraining(): boolean
}): () => Promise<MemberFacts> {
  const { version, roles, database, clock, relay, worker, zaps, credentials } = config
  let toldAt = performance.now()
  let lastAdded: number | null = null

  return async () => {
    const { outgoing, relayed, oldestAt } = await countRelayed(database.reader)
    const { takenIn, addedMs } = relay.lately()
    const now = performance.now()
    const perSecond = Math.round((takenIn / Math.max(1, now - toldAt)) * 10_000) / 10
    toldAt = now
    lastAdded = addedMs ?? lastAdded
    const host = config.host()
    const running = host?.outbox.slotsUsed() ?? 0
    return {
      version,
      roles: [...roles],
      address: host?.address ?? '',
      isDraining: config.isDraining(),
      running,
      lag: Math.max(0, worker.load() - running),
      minutes: (host?.throughput.lastHour().minutes ?? []).map(({ succeeded, failed }) => succeeded + failed),
      takenIn: perSecond,
      outgoing,
      relayed,
      oldestMs: oldestAt === null ? null : Math.max(0, Math.round(clock.now() - oldestAt)),
      lacks: zaps.lacking().map(({ credential, zaps: of }) => ({ credential, zaps: [...of] })),
      shared: [...credentials.names()],
      addedMs: lastAdded,
    }
  }
}

/** Which data folder this is, so that another one under the same name is known; made when it joins first. */
export async function readInstance(database: Database): Promise<string> {
  const stored = await readSetting(database.reader, 'fleetInstance', z.string())
  if (stored !== undefined) return stored
  const made = randomBytes(12).toString('base64url')
  await database.write((tx) => writeSetting(tx, 'fleetInstance', made))
  return made
}
