import type { Catalogue } from '../connectors/catalogue.ts'
import type { TriggerKind } from '../connectors/trigger-sources.ts'
import type { Database } from '../db/open.ts'
import { findZapVersion, listZaps } from '../db/zaps.ts'
import { ALL_ALLOWED, type Allowance, awaitsReview, type ZapPermissions } from '../domain/trust/permissions.ts'
import type { ZapFile } from '../domain/zap/zap-file.ts'
import type { LiveZap } from './live-triggers.ts'
import { handDown, keptTriggers, type LiveTriggers, readTriggers, type TriggerServices } from './trigger-kinds.ts'

/** Keeps the intake in step with what is published and switched on. */
export type LiveZaps = {
  /** Reads the enabled zaps again and hands their triggers to what keeps each kind of them. */
  refresh(): Promise<void>
  /** The triggers of the last refresh. */
  current(): LiveTriggers
  /** Zaps of which something happens by itself, and not only when it is asked for from outside. */
  selfActing(): readonly string[]
}

/** Kinds of triggers by which something happens by itself: on one host at a time, where several are joined. */
const SELF_ACTING = [
  'schedule',
  'watch',
  'folder',
  'silence',
  'poll',
  'connection',
  'hook',
] as const satisfies readonly TriggerKind[]

export type LiveZapsConfig = {
  catalogue: Catalogue
  database: Database
  pathSecret: string
  services: TriggerServices
  /** What a zap of which these permissions are stored may touch. */
  allowanceOf(zap: ZapFile, permissions: ZapPermissions | null): Allowance
  /** Which triggers this host keeps, where hosts are joined; all when absent. */
  readonly keeps?: ((kind: TriggerKind, zapId: string) => boolean) | undefined
}

export function createLiveZaps(config: LiveZapsConfig): LiveZaps {
  let triggers = readTriggers(config.catalogue, [], config.pathSecret)
  let last: Promise<void> = Promise.resolve()

  async function read(): Promise<void> {
    const { reader } = config.database
    const live: LiveZap[] = []
    const allowances = new Map<string, Allowance>()
    for (const zap of await listZaps(reader)) {
      if (!zap.enabled || zap.liveVersion === null || awaitsReview(zap.permissions)) continue
      const version = await findZapVersion(reader, zap.id, zap.liveVersion)
      if (version === undefined) continue
      await config.catalogue.load(version.definition.steps)
      live.push({ id: zap.id, version: version.number, definition: version.definition })
      allowances.set(zap.id, config.allowanceOf(version.definition, zap.permissions))
    }
    const allowanceOf = (zapId: string): Allowance => allowances.get(zapId) ?? ALL_ALLOWED
    triggers = readTriggers(config.catalogue, live, config.pathSecret, allowanceOf)
    const { keeps } = config
    await handDown(keeps === undefined ? triggers : keptTriggers(triggers, keeps), config.services)
  }

  return {
    refresh() {
      // One after the other: an older reading that is slower must not undo a newer one.
      last = last.catch(() => undefined).then(read)
      return last
    },
    current: () => triggers,
    selfActing: () => [...new Set(SELF_ACTING.flatMap((kind) => triggers[kind].map(({ zapId }) => zapId)))],
  }
}
