import { testCatalogue } from '../connectors/test-catalogue.ts'
import type { Database } from '../db/open.ts'
import { assumedNetwork } from '../domain/host/adapters.ts'
import type { Log } from '../domain/host/log.ts'
import { noFailpoint } from '../domain/runs/failpoint.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { Engine } from '../engine/engine.ts'
import { createVersionCache } from '../engine/version-cache.ts'
import { createSignals } from '../signals.ts'
import { createOutbox, type Outbox } from './outbox.ts'

/** An outbox that is never started: events are stored, and no run begins. */
export function outboxAtRest(database: Database, clock: Clock, log: Log): Outbox {
  // Nothing else of the engine is asked for before the start.
  const engine = { versions: createVersionCache(testCatalogue) } as Engine
  return createOutbox({
    catalogue: testCatalogue,
    database,
    clock,
    log,
    failpoint: noFailpoint,
    signals: createSignals(log),
    network: assumedNetwork,
    engine,
    processId: 'test',
    slots: 1,
  })
}
