import type { Catalogue } from '../connectors/catalogue.ts'
import type { Database } from '../db/open.ts'
import { findZapVersion, listZaps } from '../db/zaps.ts'
import { ALL_ALLOWED, type Allowance, type ZapPermissions } from '../domain/permissions.ts'
import type { ZapFile } from '../domain/zap-file.ts'
import { type LiveFailureWatch, type LiveTriggers, type LiveZap, readTriggers } from './live-triggers.ts'
import type { Scheduler } from './scheduler.ts'
import type { WebhookListener } from './webhook-listener.ts'

/** Keeps the intake in step with what is published and switched on. */
export type LiveZaps = {
  /** Reads the enabled zaps again and hands their triggers to the listener and the scheduler. */
  refresh(): Promise<void>
  /** The triggers of the last refresh. */
  current(): LiveTriggers
}

export type LiveZapsConfig = {
  catalogue: Catalogue
  database: Database
  pathSecret: string
  listener: Pick<WebhookListener, 'setWebhooks'>
  scheduler: Pick<Scheduler, 'setSchedules'>
  /** The zaps that are started by failures of others. */
  failures: { set(watching: readonly LiveFailureWatch[]): void }
  /** What a zap of which these permissions are stored may touch. */
  allowanceOf(zap: ZapFile, permissions: ZapPermissions | null): Allowance
}

export function createLiveZaps(config: LiveZapsConfig): LiveZaps {
  let triggers: LiveTriggers = { webhooks: [], schedules: [], failures: [] }
  let last: Promise<void> = Promise.resolve()

  async function read(): Promise<void> {
    const { reader } = config.database
    const live: LiveZap[] = []
    const allowances = new Map<string, Allowance>()
    for (const zap of await listZaps(reader)) {
      if (!zap.enabled || zap.liveVersion === null) continue
      const version = await findZapVersion(reader, zap.id, zap.liveVersion)
      if (version === undefined) continue
      await config.catalogue.load(version.definition.steps)
      live.push({ id: zap.id, version: version.number, definition: version.definition })
      allowances.set(zap.id, config.allowanceOf(version.definition, zap.permissions))
    }
    triggers = permitted(
      readTriggers(config.catalogue, live, config.pathSecret),
      (zapId) => allowances.get(zapId) ?? ALL_ALLOWED,
    )
    config.listener.setWebhooks(triggers.webhooks)
    config.failures.set(triggers.failures)
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

/**
 * Triggers without what their zaps may not touch: a webhook takes no sender for proved by a credential that its zap may not use, and
 * no zap hears of failures that are not its to watch.
 */
function permitted(triggers: LiveTriggers, allowanceOf: (zapId: string) => Allowance): LiveTriggers {
  return {
    schedules: triggers.schedules,
    webhooks: triggers.webhooks.map((webhook) => {
      const { verify } = webhook.endpoint
      if (verify === null) return webhook
      const { allows } = allowanceOf(webhook.zapId)
      const secrets = verify.secrets.filter(({ $credential }) => allows({ kind: 'credential', what: $credential }))
      return { ...webhook, endpoint: { ...webhook.endpoint, verify: { ...verify, secrets } } }
    }),
    failures: triggers.failures.filter(({ zapId, zaps }) =>
      (zaps ?? ['*']).every((what) => allowanceOf(zapId).allows({ kind: 'failures', what })),
    ),
  }
}
