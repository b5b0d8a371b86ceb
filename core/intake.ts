import { join } from 'node:path'
import type { EventBus } from './api/event-bus.ts'
import type { Catalogue } from './connectors/catalogue.ts'
import type { Database } from './db/open.ts'
import type { Clock } from './domain/clock.ts'
import type { Failpoint } from './domain/failpoint.ts'
import type { Log } from './domain/log.ts'
import type { WorkMarker } from './domain/work-marker.ts'
import type { Engine } from './engine/engine.ts'
import type { OpenedCredentials } from './engine/opened-credentials.ts'
import { zapAllowance } from './engine/step-permits.ts'
import { probeAlive } from './ingress/alive.ts'
import { type Captures, createCaptures } from './ingress/captures.ts'
import type { SenderSecrets } from './ingress/check-sender.ts'
import { createDiskRoom } from './ingress/disk-room.ts'
import type { HeldRequests } from './ingress/held-requests.ts'
import { createInboxPruner } from './ingress/inbox-pruner.ts'
import type { JsonReader } from './ingress/json-reader.ts'
import { createLiveZaps, type LiveZaps } from './ingress/live-zaps.ts'
import { type BodyReader, createBodyReader } from './ingress/parse-body.ts'
import { createScheduler } from './ingress/scheduler.ts'
import { createWebhookControl, type WebhookControl } from './ingress/webhook-control.ts'
import { createWebhookListener, type WebhookListenerConfig } from './ingress/webhook-listener.ts'
import { openTunnel } from './tunnel/providers.ts'
import { createTunnelKeeper, type TunnelKeeper } from './tunnel/tunnel-keeper.ts'

const MAX_BODY_BYTES = 5 * 1_048_576

/** All ways by which events come in: the webhook listener, the tunnel that leads to it, and schedules. */
export type Intake = {
  readonly captures: Captures
  readonly bodies: BodyReader
  readonly webhooks: WebhookControl
  readonly tunnels: TunnelKeeper
  readonly liveZaps: LiveZaps
  /** While paused, webhooks are answered 503, and schedules wait. */
  setPaused(paused: boolean): void
  /** Takes webhooks in from now on; gives the address at which they arrive. */
  listen(): Promise<string>
  /** Begins what comes in by itself, and lets the internet in if the user wants that. */
  start(): Promise<void>
  /** The computer slept, or its clock was set: schedules may be due. */
  look(): void
  /** Lets nothing new begin. The listener still answers, but is not reached from outside any more. */
  withdraw(): Promise<void>
  /** Answers the last requests, and listens no more. */
  close(): Promise<void>
}

export async function createIntake(config: {
  readonly catalogue: Catalogue
  readonly dataDir: string
  readonly port: number
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly failpoint: Failpoint
  readonly mark: WorkMarker
  readonly credentials: OpenedCredentials
  readonly pathSecret: string
  readonly values: Engine['values']
  readonly json: JsonReader
  readonly held: HeldRequests
  readonly bus: EventBus
  readonly admit: WebhookListenerConfig['admit']
  /** Called with each zap that has new work. */
  accepted(zapId: string): void
  /** Called when there is no room for webhooks any more, or some again. */
  roomChanged(): void
}): Promise<Intake> {
  const { catalogue, database, clock, log, pathSecret, values, bus, credentials, accepted } = config
  const captures = createCaptures()
  const senderSecrets: SenderSecrets = {
    open: async (name) => (await credentials.open(name)).secret,
    peek: (name) => credentials.peek(name)?.secret,
  }
  const bodies = createBodyReader({ keepBytes: values.keepBytes, json: config.json })
  const room = createDiskRoom({
    dataDir: config.dataDir,
    database,
    clock,
    log,
    quota: () => webhooks.settings().maxDataGb * 1e9,
    changed: config.roomChanged,
  })
  const listener = createWebhookListener({
    secrets: senderSecrets,
    captures,
    held: config.held,
    packText: values.packText,
    bodies,
    room,
    database,
    clock,
    log,
    failpoint: config.failpoint,
    mark: config.mark,
    port: config.port,
    maxBodyBytes: MAX_BODY_BYTES,
    aliveKey: pathSecret,
    admit: config.admit,
    received: () => bus.inboxChanged(),
    accepted,
  })
  const webhooks = await createWebhookControl(database, listener, () => void room.runOnce())
  const scheduler = createScheduler({ database, clock, log, accepted: (zapIds) => zapIds.forEach(accepted) })
  const liveZaps = createLiveZaps({
    catalogue,
    database,
    pathSecret,
    listener,
    scheduler,
    allowanceOf: (zap, permissions) => zapAllowance(catalogue, zap, permissions),
  })
  const inboxPruner = createInboxPruner({ database, clock, log, keepDays: () => webhooks.settings().keepDays })
  const tunnels = createTunnelKeeper({
    database,
    clock,
    log,
    pidFile: join(config.dataDir, 'tunnel.pid'),
    open: openTunnel,
    probe: (url, signal) => probeAlive(url, pathSecret, signal),
    changed() {
      const access = tunnels.access()
      if (webhooks.setTunnel(access && { ...access, baseUrl: access.url }, tunnels.hosts())) {
        bus.zapsChanged([...new Set(liveZaps.current().webhooks.map((webhook) => webhook.zapId))])
      }
      bus.statusChanged()
    },
  })
  let port = 0

  return {
    captures,
    bodies,
    webhooks,
    tunnels,
    liveZaps,
    setPaused(paused) {
      listener.setPaused(paused)
      scheduler.setPaused(paused)
    },
    async listen() {
      // The listener must know its webhooks before anybody can reach it: a sender takes a 404 for an answer.
      await liveZaps.refresh()
      const url = await listener.start()
      port = Number(new URL(url).port)
      return url
    },
    async start() {
      inboxPruner.start()
      await room.start()
      await scheduler.start()
      await tunnels.start(port)
    },
    look: scheduler.look,
    async withdraw() {
      // The tunnel first, so that senders hear from their own side that nobody is here.
      await tunnels.stop()
      await Promise.all([scheduler.stop(), inboxPruner.stop()])
    },
    async close() {
      await listener.stop()
      await room.stop()
    },
  }
}
