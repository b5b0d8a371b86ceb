import type { Database } from '../db/open.ts'
import { findZapVersion, listZaps } from '../db/zaps.ts'
import { type LiveTriggers, type LiveZap, readTriggers } from './live-triggers.ts'
import type { Scheduler } from './scheduler.ts'
import type { WebhookListener } from './webhook-listener.ts'

/** Keeps the intake in step with what is published and switched on. */
export type LiveZaps = {
  /** Reads the enabled zaps again and hands their triggers to the listener and the scheduler. */
  refresh(): Promise<void>
  /** The triggers of the last refresh. */
  current(): LiveTriggers
}

export function createLiveZaps(config: {
  database: Database
  pathSecret: string
  listener: WebhookListener
  scheduler: Scheduler
}): LiveZaps {
  let triggers: LiveTriggers = { webhooks: [], schedules: [], failures: [] }
  let last: Promise<void> = Promise.resolve()

  async function read(): Promise<void> {
    const { reader } = config.database
    const live: LiveZap[] = []
    for (const zap of await listZaps(reader)) {
      if (!zap.enabled || zap.liveVersion === null) continue
      const version = await findZapVersion(reader, zap.id, zap.liveVersion)
      if (version !== undefined) live.push({ id: zap.id, version: version.number, definition: version.definition })
    }
    triggers = readTriggers(live, config.pathSecret)
    config.listener.setWebhooks(triggers.webhooks)
    await config.scheduler.setSchedules(triggers.schedules)
  }

  return {
    refresh() {
      // One after the other: an older reading that is slower must not undo a newer one.
      last = last.catch(() => undefined).then(read)
      return last
    },
    current: () => triggers,
  }
}
