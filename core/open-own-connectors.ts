import { join } from 'node:path'
import { z } from 'zod'
import type { Database } from './db/open.ts'
import { readSetting, writeSetting } from './db/settings.ts'
import type { StartIsolated } from './domain/host/adapters.ts'
import type { Log } from './domain/host/log.ts'
import type { Clock } from './domain/time/clock.ts'
import { isFamilyOfHookline } from './hookline-catalogue.ts'
import { createOwnConnectors, type OwnConnectors } from './own/own-connectors.ts'
import { ownFamilySchema } from './own/own-messages.ts'
import type { Signals } from './signals.ts'

const KEY = 'ownConnectors'
const approvedSchema = z.record(z.string(), z.object({ sha256: z.string(), family: ownFamilySchema }))

/** Opens the connectors of a person's own, as they were approved. */
export async function openOwnConnectors(host: {
  readonly dataDir: string
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly signals: Signals
  readonly start: StartIsolated
}): Promise<OwnConnectors> {
  const { dataDir, database, clock, log, signals, start } = host
  return createOwnConnectors({
    folder: join(dataDir, 'connectors'),
    clock,
    log,
    start,
    approved: (await readSetting(database.reader, KEY, approvedSchema)) ?? {},
    isTaken: isFamilyOfHookline,
    keep: (approved) => database.write((tx) => writeSetting(tx, KEY, approved)),
    changed: () => signals.emit('connectors:changed'),
  })
}
