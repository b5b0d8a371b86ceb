import { implement } from '@orpc/server'
import type { Catalogue } from '../connectors/catalogue.ts'
import { contract } from '../contract/contract.ts'
import type { Status, SystemInfo } from '../contract/values.ts'
import type { BlobStore } from '../db/blobs.ts'
import type { Database } from '../db/open.ts'
import type { SecretBox, Sessions } from '../domain/host/adapters.ts'
import type { Desktop } from '../domain/host/desktop.ts'
import type { Log } from '../domain/host/log.ts'
import type { Shell } from '../domain/host/shell.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { Apis } from '../engine/apis/apis.ts'
import type { Engine } from '../engine/engine.ts'
import type { SignIns } from '../engine/oauth/sign-ins.ts'
import type { OpenedCredentials } from '../engine/opened-credentials.ts'
import type { Sandbox } from '../engine/sandbox/sandbox.ts'
import type { ServiceCalls } from '../engine/service-calls.ts'
import type { AnswerLink } from '../engine/step-services.ts'
import type { StoredValues } from '../engine/stored-values.ts'
import type { Throughput } from '../engine/throughput.ts'
import type { VersionCache } from '../engine/version-cache.ts'
import type { PermissionBook } from '../engine/zap-permissions.ts'
import type { AllowedFolders } from '../files/allowed-folders.ts'
import type { PutBack } from '../files/put-back.ts'
import type { Fleet } from '../fleet/fleet-host.ts'
import type { Captures } from '../ingress/captures.ts'
import type { Connections } from '../ingress/connections.ts'
import type { LiveZaps } from '../ingress/live-zaps.ts'
import type { BodyReader } from '../ingress/parse-body.ts'
import type { Polls } from '../ingress/polls.ts'
import type { Subscriptions } from '../ingress/subscriptions.ts'
import type { WebhookControl } from '../ingress/webhook-control.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { OwnConnectors } from '../own/own-connectors.ts'
import type { Settings } from '../settings.ts'
import type { Signals } from '../signals.ts'
import type { TunnelKeeper } from '../tunnel/tunnel-keeper.ts'
import type { BackupKeeper } from '../upkeep/backup-keeper.ts'
import type { HistoryKeeper } from '../upkeep/history-keeper.ts'
import type { Sweeper } from '../upkeep/sweeper.ts'
import type { EventBus } from './event-bus.ts'

/** What the procedures of nearly every screen work with. */
export type CoreServices = {
  readonly catalogue: Catalogue
  readonly database: Database
  readonly clock: Clock
  readonly signals: Signals
  readonly settings: Settings
  readonly sandbox: Sandbox
}

/** How runs are begun and read: zaps, runs, approvals and the inbox do so. */
export type RunningServices = CoreServices & {
  readonly outbox: Outbox
  readonly values: StoredValues
  readonly apis: Apis
}

export type ZapServices = RunningServices & {
  readonly liveZaps: LiveZaps
  readonly permissions: PermissionBook
  readonly folders: AllowedFolders
  readonly webhooks: WebhookControl
  readonly polls: Pick<Polls, 'of' | 'pollNow'>
  readonly connections: Pick<Connections, 'of' | 'connectNow'>
  readonly subscriptions: Pick<Subscriptions, 'of'>
  /** Key of this data folder's unguessable webhook paths. */
  readonly pathSecret: string
  readonly rehearse: Engine['rehearse']
  readonly desktop: Desktop
  info(): SystemInfo
}

export type RunServices = RunningServices & {
  readonly versions: VersionCache
  readonly history: HistoryKeeper
  readonly sweeper: Sweeper
  readonly log: Log
  readonly answerLink: AnswerLink
  readonly putBack: PutBack
}

export type InboxServices = RunningServices &
  Pick<ZapServices, 'liveZaps' | 'pathSecret' | 'webhooks'> & {
    readonly captures: Captures
    readonly bodies: BodyReader
  }

export type OutboxServices = CoreServices & {
  readonly sweeper: Sweeper
  readonly throughput: Throughput
}

export type CredentialServices = CoreServices & {
  readonly secretBox: SecretBox
  readonly credentials: OpenedCredentials
  readonly signIns: SignIns
  readonly calls: ServiceCalls
}

/** What concerns the host as a whole, most of it shown in the settings. */
export type HostServices = CoreServices & {
  readonly secretBox: SecretBox
  readonly bus: EventBus
  readonly history: HistoryKeeper
  readonly blobs: BlobStore
  readonly backups: BackupKeeper
  readonly folders: AllowedFolders
  readonly tunnels: TunnelKeeper
  readonly sessions: Sessions | undefined
  readonly shell: Shell | undefined
  info(): SystemInfo
  status(): Promise<Status>
  setPaused(paused: boolean): Promise<void>
}

/** APIs and connectors that people add, and the choices that services have. */
export type AppServices = CoreServices & {
  readonly apis: Apis
  readonly own: OwnConnectors
  readonly calls: ServiceCalls
  readonly credentials: OpenedCredentials
}

/** Tables, and what steps keep by name. */
export type TableServices = CoreServices & Pick<Engine, 'tables' | 'heavy'>

export type FleetServices = CoreServices & {
  /** Absent on a host that stands alone. */
  readonly fleet: Fleet | undefined
}

/** All of it, wired in `core/app.ts`. */
export type ApiServices = ZapServices &
  RunServices &
  InboxServices &
  OutboxServices &
  CredentialServices &
  AppServices &
  TableServices &
  FleetServices &
  HostServices

/** What a transport tells of the caller: the session of the browser that it serves, where there is one. */
export type CallContext = { readonly session?: string }

/** The contract, to be implemented procedure by procedure. */
export const procedures = implement(contract).$context<CallContext>()
