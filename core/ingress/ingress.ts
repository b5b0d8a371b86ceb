import type { Catalogue } from '../connectors/catalogue.ts'
import type { CallService } from '../connectors/service-context.ts'
import type { SystemEvents } from '../connectors/trigger-sources.ts'
import type { Database } from '../db/open.ts'
import { findZapVersion } from '../db/zaps.ts'
import type { SecretBox } from '../domain/host/adapters.ts'
import type { Desktop } from '../domain/host/desktop.ts'
import type { Log } from '../domain/host/log.ts'
import type { WorkMarker } from '../domain/runs/work-marker.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { FolderRules } from '../files/allowed-folders.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Signals } from '../signals.ts'
import { workerUrl } from '../threads/work-thread.ts'
import type { ApprovalLinks } from './approvals/approval-links.ts'
import { type ApprovalPages, createApprovalPages } from './approvals/approval-pages.ts'
import { type Captures, createCaptures } from './captures.ts'
import type { SenderSecrets } from './check-sender.ts'
import { type Connections, createConnections } from './connections.ts'
import type { CursorSharing } from './cursor-sharing.ts'
import { createDesktopEvents } from './desktop-events.ts'
import { createDiskRoom } from './disk-room.ts'
import type { FolderSharing } from './folders/folder-sharing.ts'
import { createFolderWatches } from './folders/folder-watches.ts'
import { createFilledForms } from './forms/filled-form.ts'
import { createForms } from './forms/forms.ts'
import type { HeldRequests } from './held-requests.ts'
import type { JsonReader } from './json-reader.ts'
import { claimsOf, type LiveWebhook } from './live-triggers.ts'
import { createLiveZaps, type LiveZaps, type LiveZapsConfig } from './live-zaps.ts'
import { type BodyReader, type BodyTools, createBodyReader } from './parse-body.ts'
import { createPolls, type LivePoll, type Polls, type PollsConfig } from './polls.ts'
import { createScheduler, type SchedulerConfig } from './scheduler.ts'
import { createSilences } from './silences.ts'
import { createSubscriptions, type SubscribedTriggers, type Subscriptions } from './subscriptions.ts'
import { readTriggers, type TriggerServices } from './trigger-kinds.ts'
import { createWatches } from './watches.ts'
import { createWebhookControl, type WebhookControl } from './webhook-control.ts'
import { createWebhookListener } from './webhook-listener.ts'

const MAX_BODY_BYTES = 5 * 1_048_576

/** Where events come in: the webhook listener and the schedules. */
export type Ingress = {
  readonly captures: Captures
  readonly bodies: BodyReader
  readonly webhooks: WebhookControl
  readonly liveZaps: LiveZaps
  readonly polls: Pick<Polls, 'pollNow' | 'of'>
  readonly connections: Pick<Connections, 'connectNow' | 'of'>
  readonly subscriptions: Pick<Subscriptions, 'of'>
  /** Pages for people who answer at another host of the fleet. */
  readonly approvals: Pick<ApprovalPages, 'answerHere'>
  /** Takes webhooks in from now on; resolves with the address at which they arrive. */
  listen(): Promise<string>
  /** Begins what comes in by itself. */
  start(): Promise<void>
  /** Lets nothing new begin by itself. The listener still answers. */
  withdraw(): Promise<void>
  /** Answers the last requests, and listens no more. */
  close(): Promise<void>
}

export async function createIngress(config: {
  readonly catalogue: Catalogue
  readonly dataDir: string
  readonly port: number
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly signals: Signals
  readonly mark: WorkMarker
  /** By which senders prove themselves. */
  readonly credentials: {
    open(name: string): Promise<{ readonly secret: string }>
    /** The credential, if it is open already. */
    peek(name: string): { readonly secret: string } | undefined
  }
  readonly pathSecret: string
  readonly approvalLinks: ApprovalLinks
  readonly values: Pick<BodyTools, 'keepBytes'> &
    Pick<PollsConfig, 'pack'> & { packText(json: string): string | Promise<string> }
  readonly secretBox: () => SecretBox | Promise<SecretBox>
  /** Calls services that are asked what is new. */
  readonly call: CallService
  readonly json: JsonReader
  /** In which folders triggers may watch. */
  readonly folders: FolderRules
  readonly held: HeldRequests
  readonly outbox: Outbox
  readonly failures: TriggerServices['failure']
  readonly tables: TriggerServices['table']
  readonly desktop: Desktop
  /** What happens to the computer. */
  readonly system: SystemEvents & { started(): void }
  readonly allowanceOf: LiveZapsConfig['allowanceOf']
  /** Absent on a host that stands alone. */
  readonly keeps?: LiveZapsConfig['keeps']
  readonly dueTimes?: SchedulerConfig['sharing']
  readonly cursors?: CursorSharing | undefined
  readonly sharedFolders?: FolderSharing | undefined
  readonly sharedSecret?: string | undefined
  readonly elsewhere?: Parameters<typeof createApprovalPages>[0]['elsewhere']
}): Promise<Ingress> {
  const { catalogue, allowanceOf, database, clock, log, signals, pathSecret, values, outbox } = config
  const captures = createCaptures()
  const secrets: SenderSecrets = {
    open: async (name) => (await config.credentials.open(name)).secret,
    peek: (name) => config.credentials.peek(name)?.secret,
  }
  const bodies = createBodyReader({ keepBytes: values.keepBytes, json: config.json })
  const room = createDiskRoom({
    dataDir: config.dataDir,
    database,
    clock,
    log,
    signals,
    quota: () => webhooks.settings().maxDataGb * 1e9,
  })
  const filled = createFilledForms({ secret: pathSecret, shared: config.sharedSecret, keepBytes: values.keepBytes })
  const approvals = createApprovalPages({
    database,
    clock,
    signals,
    links: config.approvalLinks,
    filled,
    outbox,
    pack: values.pack,
    elsewhere: config.elsewhere,
  })
  const forms = createForms({
    filled,
    outbox,
    signals,
    pack: values.pack,
    next: approvals.after,
    took: room.took,
  })
  const listener = createWebhookListener({
    forms,
    approvals,
    secrets,
    captures,
    held: config.held,
    packText: values.packText,
    bodies,
    room,
    database,
    clock,
    log,
    signals,
    mark: config.mark,
    port: config.port,
    maxBodyBytes: MAX_BODY_BYTES,
    aliveKey: pathSecret,
    outbox,
  })
  const webhooks = await createWebhookControl({
    database,
    signals,
    listener,
    changed: () => void room.runOnce(),
    moved: () => signals.emit('zaps:changed', [...new Set(claimsOf(liveZaps.current()).map(({ zapId }) => zapId))]),
  })
  const scheduler = createScheduler({ database, clock, log, outbox, sharing: config.dueTimes })
  const watches = createWatches({
    clock,
    log,
    outbox,
    system: config.system,
    desktop: createDesktopEvents({ desktop: config.desktop, clock, log }),
  })
  const silences = createSilences({ database, clock, log, outbox })
  const folders = createFolderWatches({
    database,
    clock,
    log,
    outbox,
    folders: config.folders,
    sharing: config.sharedFolders,
    worker: workerUrl(import.meta.url, '../files/scan-worker'),
  })
  const sharing = config.cursors
  const polls = createPolls({ database, clock, log, signals, outbox, call: config.call, pack: values.pack, sharing })
  const connections = createConnections({
    database,
    clock,
    log,
    signals,
    outbox,
    call: config.call,
    pack: values.pack,
    sharing,
  })
  // Webhooks and polls of their own, and those that follow from subscriptions.
  const own: { webhooks: readonly LiveWebhook[]; polls: readonly LivePoll[] } = { webhooks: [], polls: [] }
  let subscribed: SubscribedTriggers = { webhooks: [], polls: [] }
  const setWebhooks = (): void => listener.setWebhooks([...own.webhooks, ...subscribed.webhooks])
  const setPolls = (): Promise<void> => polls.set([...own.polls, ...subscribed.polls])
  const subscriptions = createSubscriptions({
    database,
    clock,
    log,
    signals,
    call: config.call,
    secret: pathSecret,
    urlOf: (path) => webhooks.publicUrlOf(path),
    seal: async (text, name) => (await config.secretBox()).seal(text, name),
    open: async (sealed, name) => (await config.secretBox()).open(sealed, name),
    async read(zapId, number, stepId) {
      const version = await findZapVersion(database.reader, zapId, number)
      if (version === undefined) return undefined
      await catalogue.load(version.definition.steps)
      const zap = { id: zapId, version: number, definition: version.definition }
      return readTriggers(catalogue, [zap], pathSecret).hook.find((hook) => hook.stepId === stepId)
    },
    async apply(triggers) {
      subscribed = triggers
      setWebhooks()
      await setPolls()
    },
  })
  const services: TriggerServices = {
    watch: watches,
    folder: folders,
    silence: silences,
    poll: {
      set(triggers) {
        own.polls = triggers
        return setPolls()
      },
    },
    connection: connections,
    hook: subscriptions,
    form: forms,
    webhook: {
      set(triggers) {
        own.webhooks = triggers
        setWebhooks()
      },
    },
    schedule: { set: scheduler.setSchedules },
    failure: config.failures,
    table: config.tables,
    // Such a trigger does nothing by itself.
    person: { set: () => undefined },
  }
  const liveZaps = createLiveZaps({ catalogue, database, pathSecret, services, allowanceOf, keeps: config.keeps })

  // While paused, webhooks are answered 503, and schedules wait.
  signals.on('pause:changed', ({ ofIntake }) => {
    listener.setPaused(ofIntake)
    scheduler.setPaused(ofIntake)
    watches.setPaused(ofIntake)
    folders.setPaused(ofIntake)
    silences.setPaused(ofIntake)
    polls.setPaused(ofIntake)
    connections.setPaused(ofIntake)
  })
  signals.on('clock:jumped', () => {
    scheduler.look()
    polls.look()
    connections.look()
    folders.look()
    subscriptions.look()
  })
  config.system.on((event) => {
    if (event === 'woke' || event === 'network-up') {
      folders.look()
      connections.look()
    }
    if (event !== 'network-up') return
    polls.networkIsBack()
    subscriptions.look()
  })
  signals.on('credential:signed-in', (name) => {
    polls.accountIsBack(name)
    connections.accountIsBack(name)
  })
  // Another address is told to services.
  signals.on('tunnel:changed', subscriptions.look)

  return {
    captures,
    bodies,
    webhooks,
    liveZaps,
    polls,
    connections,
    subscriptions,
    approvals,
    async listen() {
      // The listener must know its webhooks before it can be reached: a sender takes a 404 for an answer.
      await liveZaps.refresh()
      return listener.start()
    },
    async start() {
      await room.start()
      await scheduler.start()
      await polls.start()
      connections.start()
      folders.start()
      silences.start()
      await subscriptions.start()
      config.system.started()
    },
    async withdraw() {
      await Promise.all([
        scheduler.stop(),
        watches.stop(),
        folders.stop(),
        silences.stop(),
        polls.stop(),
        connections.stop(),
        subscriptions.stop(),
      ])
    },
    async close() {
      await listener.stop()
      await room.stop()
    },
  }
}
