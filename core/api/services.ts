import { implement } from '@orpc/server'
import { contract } from '../contract/contract.ts'
import type { Status, SystemInfo } from '../contract/values.ts'
import type { Database } from '../db/open.ts'
import type { SecretBox } from '../domain/adapters.ts'
import type { Clock } from '../domain/clock.ts'
import type { VersionCache } from '../engine/version-cache.ts'
import type { SenderSecrets } from '../ingress/check-sender.ts'
import type { LiveZaps } from '../ingress/live-zaps.ts'
import type { Dispatcher } from '../outbox/dispatcher.ts'
import type { EventBus } from './event-bus.ts'

/** What the procedures work with; wired in `core/app.ts`. */
export type ApiServices = {
  readonly database: Database
  readonly clock: Clock
  readonly dispatcher: Dispatcher
  readonly versions: VersionCache
  readonly liveZaps: LiveZaps
  readonly secretBox: SecretBox
  readonly senderSecrets: SenderSecrets
  readonly bus: EventBus
  /** Key of this data folder's unguessable webhook paths. */
  readonly pathSecret: string
  info(): SystemInfo
  status(): Promise<Status>
  setPaused(paused: boolean): Promise<void>
}

/** The contract, to be implemented procedure by procedure. */
export const procedures = implement(contract)
