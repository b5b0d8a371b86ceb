import { randomBytes } from 'node:crypto'
import { delimiter, join } from 'node:path'
import { z } from 'zod'
import { createEventBus } from './api/event-bus.ts'
import { readStatus } from './api/read-status.ts'
import { createRouter } from './api/router.ts'
import { runSummary } from './api/run-view.ts'
import { tunnelView } from './api/tunnel.ts'
import { addWelcomeZap } from './api/welcome-zap.ts'
import type { Status, SystemInfo } from './contract/values.ts'
import { lockDataFolder } from './db/data-lock.ts'
import { openDatabase, prepareDataFolder } from './db/open.ts'
import { findRun, findRuns } from './db/runs.ts'
import { readSetting, writeSetting } from './db/settings.ts'
import { assumedNetwork } from './domain/adapters.ts'
import { systemClock } from './domain/clock.ts'
import { noFailpoint } from './domain/failpoint.ts'
import { isTerminal, runTransitions } from './domain/states.ts'
import { DEFAULT_MAX_PARALLEL, PRIORITY_SHARES, type ZapSettings } from './domain/zap-file.ts'
import { openAllowedFolders } from './engine/allowed-folders.ts'
import { createEngine } from './engine/engine.ts'
import { openCredential } from './engine/open-credential.ts'
import type { App, AppAdapters, RunningApp } from './host-interface.ts'
import { probeAlive } from './ingress/alive.ts'
import { createCalledZaps } from './ingress/called-zaps.ts'
import { createCaptures } from './ingress/captures.ts'
import { createSenderSecrets } from './ingress/check-sender.ts'
import { acceptFailure } from './ingress/failure-watch.ts'
import { createHeldRequests } from './ingress/held-requests.ts'
import { createInboxPruner } from './ingress/inbox-pruner.ts'
import { createLiveZaps } from './ingress/live-zaps.ts'
import { createScheduler } from './ingress/scheduler.ts'
import { createWebhookControl } from './ingress/webhook-control.ts'
import { createWebhookListener } from './ingress/webhook-listener.ts'
import { createDispatcher } from './outbox/dispatcher.ts'
import { createIncidentNotices } from './outbox/incident-notices.ts'
import type { ZapPolicy } from './outbox/lease-round.ts'
import { endNetworkWaits } from './outbox/network-waits.ts'
import { CRASH_LOOP_STARTS, noteStart } from './outbox/starts.ts'
import { createRunStopper } from './outbox/stop-run.ts'
import { createSweeper } from './outbox/sweeper.ts'
import { openTunnel } from './tunnel/providers.ts'
import { createTunnelKeeper } from './tunnel/tunnel-keeper.ts'

/** The folders that `HOOKLINE_ALLOW_FOLDERS` names, written like `PATH`. */
export function foldersFromEnvironment(env: Readonly<Record<string, string | undefined>>): string[] {
  return (env.HOOKLINE_ALLOW_FOLDERS ?? '').split(delimiter).filter((folder) => folder !== '')
}

/** The variables that templates may read as `env`: those whose names `HOOKLINE_ENV` lists, with commas between them. */
export function variablesFromEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const names = (env.HOOKLINE_ENV ?? '').split(',').map((name) => name.trim())
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])))
}

const MAX_BODY_BYTES = 5 * 1_048_576
const SLOTS = 128
/** Unless the setting `stuckAfterMinutes` says otherwise. */
const STUCK_AFTER_MINUTES = 15
const GRACE_MS = 10_000

const SAFE_MODE = `Hookline stopped unexpectedly ${CRASH_LOOP_STARTS} times in a row before any run was done, so it runs nothing for now. What comes in is taken in and kept. Switch off the zap that may be the cause or cancel its newest runs, then resume.`

/** Makes an app of a host's adapters. Nothing is touched before it is started; it is started once. */
export function createApp(adapters: AppAdapters): App {
  let opened: ReturnType<typeof open> | undefined
  return {
    async start() {
      opened ??= open(adapters)
      return (await opened).running
    },
    async stop() {
      // An app that could not start has nothing to stop.
      const app = await opened?.catch(() => undefined)
      await app?.close()
    },
  }
}

/** How the runs of a zap with these settings may run side by side. */
function policyOf({ concurrency, maxParallel, priority }: ZapSettings): ZapPolicy {
  return {
    mode: concurrency ?? 'parallel',
    maxParallel: maxParallel ?? DEFAULT_MAX_PARALLEL,
    share: PRIORITY_SHARES[priority ?? 'normal'],
  }
}

async function open(adapters: AppAdapters): Promise<{ running: RunningApp; close(): Promise<void> }> {
  const { dataDir, log } = adapters
  const clock = adapters.clock ?? systemClock
  const failpoint = adapters.failpoint ?? noFailpoint
  prepareDataFolder(dataDir)
  const unlock = lockDataFolder(dataDir, adapters.lockHolder ?? (() => ''))
  const closers: (() => Promise<void> | void)[] = [unlock]
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    const database = openDatabase(dataDir, undefined, failpoint)
    closers.push(() => database.close())
    const { reader } = database
    const secretBox = await adapters.secretBox()
    const hostWord = randomBytes(9).toString('base64url')
    const pathSecret = (await readSetting(reader, 'pathSecret', z.string())) ?? randomBytes(32).toString('base64url')
    let paused = (await readSetting(reader, 'paused', z.boolean())) ?? false
    const starts = await noteStart({ database, clock, log })
    closers.push(() => starts.stop())
    await database.write((tx) => writeSetting(tx, 'pathSecret', pathSecret))

    const network = adapters.network ?? assumedNetwork
    const folders = await openAllowedFolders(database, { dataDir, fromEnvironment: adapters.allowedFolders ?? [] })
    const bus = createEventBus(clock, log, {
      runs: async (ids) => (await findRuns(reader, ids)).map(runSummary),
      status,
    })
    const changed = (runIds: readonly string[]): void => bus.runsChanged(runIds)
    const wake = (zapId: string): void => dispatcher.wake(zapId)
    const held = createHeldRequests(clock)
    const captures = createCaptures()
    const engine = createEngine({
      database,
      clock,
      failpoint,
      network,
      secretBox,
      notifier: adapters.notifier,
      dataDir,
      folders,
      variables: adapters.variables ?? {},
      callsOf: (caller) => callsOf(caller),
      answerSender: held.answer,
      acceptFailure: (tx, run) => acceptFailure(tx, run, liveZaps.current().failures),
      wake,
      abandoned(runIds) {
        stopper
          .stopAbandoned(runIds)
          .catch((error: unknown) =>
            log.error('Runs that nobody waits for could not be ended; they go on.', { runIds, error: String(error) }),
          )
      },
      changed: (runId) => changed([runId]),
    })
    closers.push(() => engine.close())
    const { versions, values, endings, news } = engine
    const callsOf = createCalledZaps({ database, clock, values, accepted: wake })
    const senderSecrets = createSenderSecrets((name) => openCredential(database, secretBox, name))
    const listener = createWebhookListener({
      secrets: senderSecrets,
      captures,
      held,
      packText: values.packText,
      keepBytes: values.keepBytes,
      database,
      clock,
      log,
      failpoint,
      port: adapters.hookPort,
      maxBodyBytes: MAX_BODY_BYTES,
      aliveKey: pathSecret,
      admit(event, settings) {
        const zap = versions.peek(event.zapId, event.version)
        if (zap === undefined) return undefined
        const { json = JSON.stringify(event.data) } = event
        return dispatcher.admit({ ...event, json, zap, policy: policyOf(settings) })
      },
      received: () => bus.inboxChanged(),
      accepted: wake,
    })
    const webhooks = await createWebhookControl(database, listener)
    const tunnels = createTunnelKeeper({
      database,
      clock,
      log,
      pidFile: join(dataDir, 'tunnel.pid'),
      open: openTunnel,
      probe: (url, signal) => probeAlive(url, pathSecret, signal),
      changed() {
        const access = tunnels.access()
        if (webhooks.setTunnel(access && { ...access, baseUrl: access.url })) {
          bus.zapsChanged([...new Set(liveZaps.current().webhooks.map((webhook) => webhook.zapId))])
        }
        bus.statusChanged()
      },
    })
    const inboxPruner = createInboxPruner({ database, clock, log, keepDays: () => webhooks.settings().keepDays })
    const scheduler = createScheduler({ database, clock, log, accepted: (zapIds) => zapIds.forEach(wake) })
    const liveZaps = createLiveZaps({ database, pathSecret, listener, scheduler })
    const dispatcher = createDispatcher({
      database,
      clock,
      log,
      failpoint,
      host: hostWord,
      slots: SLOTS,
      policyOf: (tx, zapId) => policyOf(versions.settingsOf(tx, zapId) ?? {}),
      begin: engine.begin,
      execute(run, signal) {
        const { runId } = run.message
        const done = engine.execute(run, signal)
        return held.isHeld(runId) ? done.then(() => releaseEnded(runId)) : done
      },
      end: engine.end,
      tell: endings.tell,
      progressed: starts.progressed,
      changed,
    })
    const stopper = createRunStopper({ database, clock, dispatcher, endings, changed })
    const notices = createIncidentNotices({ clock, notifier: adapters.notifier, log })
    closers.push(() => notices.stop())
    const stuckAfterMinutes = await readSetting(
      reader,
      'stuckAfterMinutes',
      z.number().min(1).catch(STUCK_AFTER_MINUTES),
    )
    const sweeper = createSweeper({
      database,
      clock,
      log,
      host: hostWord,
      stuckAfterMs: (stuckAfterMinutes ?? STUCK_AFTER_MINUTES) * 60_000,
      isHeld: (messageId) => dispatcher.isHeld(messageId),
      reclaimed(zapIds, hasSuspects) {
        if (hasSuspects) dispatcher.expectSuspects()
        for (const zapId of zapIds) dispatcher.wake(zapId)
      },
      endOverdueTests: engine.endOverdueTests,
      incidents: notices.add,
      incidentsChanged: bus.statusChanged,
      changed,
    })

    let hooksUrl = ''
    const info = (): SystemInfo => ({
      version: adapters.version,
      host: adapters.host,
      dataDir,
      hooksUrl,
      secretProtection: secretBox.protection,
      allowedFolders: [...folders.all()],
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    })

    function status(): Promise<Status> {
      return readStatus(reader, clock.now(), {
        listener: { state: hooksUrl === '' ? 'down' : paused ? 'paused' : 'listening', url: hooksUrl },
        paused: isPaused(),
        network: network.isOnline() ? 'up' : 'down',
        safeMode: safeMode(),
        tunnel: tunnelView(tunnels, liveZaps.current().webhooks),
      })
    }

    const safeMode = (): string | null => (starts.isCrashLoop() ? SAFE_MODE : null)
    const isPaused = (): boolean => paused || starts.isCrashLoop()

    function applyPause(): void {
      listener.setPaused(paused)
      scheduler.setPaused(paused)
      dispatcher.setPaused(isPaused())
    }

    /** Lets the sender of an ended run go that still waits for a step which was never reached. */
    async function releaseEnded(runId: string): Promise<void> {
      const run = await findRun(reader, runId)
      if (run === undefined || isTerminal(runTransitions, run.state) || run.state === 'needs-review')
        held.release(runId)
    }

    async function setPaused(wanted: boolean): Promise<void> {
      await database.write((tx) => writeSetting(tx, 'paused', wanted))
      paused = wanted
      if (!wanted) await starts.giveAnotherTry()
      applyPause()
      bus.statusChanged()
    }

    const router = createRouter({
      database,
      clock,
      log,
      dispatcher,
      sweeper,
      versions,
      liveZaps,
      secretBox,
      senderSecrets,
      bus,
      webhooks,
      tunnels,
      captures,
      pathSecret,
      endings,
      stopper,
      values,
      folders,
      news: news.tell,
      info,
      status,
      setPaused,
    })

    async function networkChanged(): Promise<void> {
      bus.statusChanged()
      if (!network.isOnline()) return
      const { runIds, zapIds } = await endNetworkWaits(database, clock.now())
      for (const zapId of zapIds) dispatcher.wake(zapId)
      for (const runId of runIds) news.tell(runId)
    }

    await addWelcomeZap(database, clock)
    applyPause()
    closers.push(
      network.watch(() => {
        networkChanged().catch((error: unknown) =>
          log.error('Runs that wait for the network could not go on.', { error: String(error) }),
        )
      }),
    )
    closers.push(async () => {
      // First of all, so that senders hear from their own side that nobody is here.
      await tunnels.stop()
      bus.close()
      scheduler.stop()
      inboxPruner.stop()
      sweeper.stop()
      // Side by side: while the last requests are answered, the runs that are under way come to their end.
      await Promise.all([listener.stop(), dispatcher.stop(GRACE_MS)])
    })
    // The listener must know its webhooks before anybody can reach it: a sender takes a 404 for an answer.
    await liveZaps.refresh()
    hooksUrl = await listener.start()
    await sweeper.runOnce()
    dispatcher.start()
    sweeper.start()
    inboxPruner.start()
    await scheduler.start()
    await tunnels.start(Number(new URL(hooksUrl).port))
    const why = safeMode()
    if (why !== null) {
      log.warn(why)
      adapters.notifier
        .show({ title: 'Hookline runs nothing for now', body: why })
        .catch((error: unknown) => log.warn('A notification could not be shown.', { error: String(error) }))
    }

    let looking = Promise.resolve()
    let isClosing = false
    closers.push(async () => {
      isClosing = true
      await looking.catch(() => undefined)
    })
    async function look(): Promise<void> {
      if (isClosing) return
      scheduler.look()
      await sweeper.runOnce()
      await dispatcher.look()
    }
    function resumed(): Promise<void> {
      looking = looking.catch(() => undefined).then(look)
      return looking
    }

    return { running: { router, hooksUrl, info: info(), setPaused, isPaused, safeMode, resumed }, close }
  } catch (error) {
    await close()
    throw error
  }
}

export { readRendererFile, SECURITY_HEADERS } from './api/renderer-files.ts'
export type { AppRouter } from './api/router.ts'
export { inspectDatabase, restoreDatabase } from './db/restore.ts'
export type { Network, Notifier, SecretBox } from './domain/adapters.ts'
export { type Clock, systemClock } from './domain/clock.ts'
export { watchClock } from './domain/clock-watch.ts'
export { FAILPOINTS, type Failpoint, noFailpoint, UPKEEP_FAILPOINTS } from './domain/failpoint.ts'
export type { Log } from './domain/log.ts'
export type { App, AppAdapters, RunningApp } from './host-interface.ts'
