import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { z } from 'zod'
import { createEventBus } from './api/event-bus.ts'
import { historyJobView } from './api/history.ts'
import { readStatus } from './api/read-status.ts'
import { createRouter } from './api/router.ts'
import { runSummaries } from './api/run-view.ts'
import { tunnelView } from './api/tunnel.ts'
import { addWelcomeZap } from './api/welcome-zap.ts'
import { createBackupKeeper } from './backup/backup-keeper.ts'
import { builtInConnectors } from './connectors/built-in.ts'
import { createCatalogue, loadedList } from './connectors/catalogue.ts'
import type { Status, SystemInfo } from './contract/values.ts'
import { lockDataFolder } from './db/data-lock.ts'
import { openDatabase, prepareDataFolder } from './db/open.ts'
import { findReplayedBy } from './db/replays.ts'
import { findRun, findRuns } from './db/runs.ts'
import { readSetting, writeSetting } from './db/settings.ts'
import type { Notifier } from './domain/adapters.ts'
import { assumedNetwork } from './domain/adapters.ts'
import { systemClock } from './domain/clock.ts'
import { noFailpoint } from './domain/failpoint.ts'
import { isTerminal, runTransitions } from './domain/states.ts'
import { toStored } from './domain/stored-json.ts'
import { noMarker } from './domain/work-marker.ts'
import { DEFAULT_MAX_PARALLEL, PRIORITY_SHARES, type ZapSettings } from './domain/zap-file.ts'
import { openAllowedFolders } from './engine/allowed-folders.ts'
import { createEngine } from './engine/engine.ts'
import { folderRisk } from './engine/folder-risk.ts'
import { openCredential } from './engine/open-credential.ts'
import { createOpenedCredentials, logWithout } from './engine/opened-credentials.ts'
import { createThroughput } from './engine/throughput.ts'
import { openPermissions } from './engine/zap-permissions.ts'
import type { App, AppAdapters, RunningApp } from './host-interface.ts'
import { createCalledZaps } from './ingress/called-zaps.ts'
import { acceptFailure } from './ingress/failure-watch.ts'
import { createHeldRequests } from './ingress/held-requests.ts'
import { createJsonReader } from './ingress/json-reader.ts'
import { createIntake } from './intake.ts'
import { createCrashLoopGuard } from './outbox/crash-loop-guard.ts'
import { createDispatcher } from './outbox/dispatcher.ts'
import { createHistoryKeeper } from './outbox/history-keeper.ts'
import { createIncidentNotices } from './outbox/incident-notices.ts'
import type { ZapPolicy } from './outbox/lease-round.ts'
import { endNetworkWaits } from './outbox/network-waits.ts'
import { createRunStopper } from './outbox/stop-run.ts'
import { createSweeper } from './outbox/sweeper.ts'
import { createWatchdog, forgetStandstill, readStandstill } from './outbox/watchdog.ts'
import { readPause } from './pause.ts'

const SLOTS = 128
const GRACE_MS = 10_000

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
  const { dataDir } = adapters
  const clock = adapters.clock ?? systemClock
  const catalogue = adapters.catalogue ?? createCatalogue([loadedList(builtInConnectors)])
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
    const credentials = createOpenedCredentials((name) => openCredential(database, secretBox, name))
    const permissions = await openPermissions(database)
    const log = logWithout(credentials.allSecrets, adapters.log)
    const processId = randomBytes(9).toString('base64url')
    const pathSecret = (await readSetting(reader, 'pathSecret', z.string())) ?? randomBytes(32).toString('base64url')
    const crashLoopGuard = await createCrashLoopGuard({ database, clock, log })
    closers.push(() => crashLoopGuard.stop())
    const pause = await readPause(database, crashLoopGuard)
    await database.write((tx) => writeSetting(tx, 'pathSecret', pathSecret))

    const watchdog = adapters.isWatched ? createWatchdog({ dataDir, clock: systemClock, log }) : undefined
    closers.push(() => watchdog?.stop())
    const mark = watchdog?.mark ?? noMarker
    const network = adapters.network ?? assumedNetwork
    const folders = await openAllowedFolders(database, { dataDir, fromEnvironment: adapters.allowedFolders ?? [] })
    for (const { path, from } of folders.list()) {
      const risk = from === 'hookline' ? null : await folderRisk(path)
      if (risk !== null) log.warn(`Steps may use the folder ${path}. ${risk}`, { from })
    }
    const bus = createEventBus(clock, log, {
      runs: async (ids) =>
        runSummaries(reader, await findRuns(reader, [...new Set([...ids, ...(await findReplayedBy(reader, ids))])])),
      status,
    })
    // Where a person may look: the desktop, and every open screen.
    const notifier: Notifier = {
      async show(notice) {
        const isOnScreen = bus.notify(notice)
        const isOnDesktop = await adapters.notifier.show(notice).catch((error: unknown) => {
          log.warn('The desktop could not show a notification.', { error: String(error) })
          return false
        })
        return isOnDesktop || isOnScreen
      },
    }
    const changed = (runIds: readonly string[]): void => bus.runsChanged(runIds)
    const wake = (zapId: string): void => dispatcher.wake(zapId)
    const held = createHeldRequests(clock)
    const throughput = await createThroughput(database, clock)
    const engine = createEngine({
      catalogue,
      database,
      clock,
      failpoint,
      network,
      credentials,
      permissions,
      notifier,
      dataDir,
      folders,
      variables: adapters.variables ?? {},
      mark,
      callsOf: (caller) => callsOf(caller),
      readJson: (text) => json.read(text),
      answerSender: held.answer,
      acceptFailure: (tx, run) => acceptFailure(tx, run, intake.liveZaps.current().failures),
      ended: throughput.note,
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
    const { versions, values, blobs, endings, news } = engine
    const json = createJsonReader((text) => blobs.keep([text], 'json'), clock)
    closers.push(() => json.close())
    const history = await createHistoryKeeper({
      database,
      blobs,
      clock,
      log,
      failpoint,
      changed: (job) => bus.historyChanged(historyJobView(job)),
    })
    const callsOf = createCalledZaps({ catalogue, database, clock, values, accepted: wake })
    const intake = await createIntake({
      catalogue,
      dataDir,
      port: adapters.hookPort,
      database,
      clock,
      log,
      failpoint,
      credentials,
      pathSecret,
      mark,
      values,
      json,
      held,
      bus,
      roomChanged: () => void sweeper.runOnce().catch(() => undefined), // It tries again by itself.
      admit(event, settings, store) {
        const zap = versions.peek(event.zapId, event.version)
        if (zap === undefined) return store(undefined)
        const { json = toStored(event.data) } = event
        dispatcher.admit({ ...event, json, zap, policy: policyOf(settings) }, store)
      },
      accepted: wake,
    })
    const { liveZaps, tunnels } = intake
    const dispatcher = createDispatcher({
      database,
      clock,
      log,
      failpoint,
      processId,
      slots: SLOTS,
      policyOf: (tx, zapId) => policyOf(versions.settingsOf(tx, zapId) ?? {}),
      begin: engine.begin,
      async execute(run, signal, leave) {
        const { runId } = run.message
        const isHeld = held.isHeld(runId)
        const delivery = await engine.execute(run, signal, leave)
        if (isHeld) await releaseEnded(runId)
        return delivery
      },
      end: engine.end,
      announce: endings.announce,
      progressed: crashLoopGuard.progressed,
      changed,
    })
    const stopper = createRunStopper({ database, clock, dispatcher, endings, changed })
    const notices = createIncidentNotices({ clock, notifier, log })
    closers.push(() => notices.stop())
    const sweeper = createSweeper({
      database,
      clock,
      log,
      processId,
      standstill: readStandstill(dataDir),
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

    const backups = await createBackupKeeper({
      dataDir,
      database,
      clock,
      log,
      mark: crc32(pathSecret) | 0,
      changed: bus.backupsChanged,
      failureChanged: sweeper.runOnce,
    })
    closers.push(() => backups.stop())

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
        listener: { state: hooksUrl === '' ? 'down' : pause.ofIntake() ? 'paused' : 'listening', url: hooksUrl },
        paused: pause.ofRuns(),
        network: network.isOnline() ? 'up' : 'down',
        safeMode: pause.safeMode(),
        tunnel: tunnelView(tunnels, liveZaps.current().webhooks),
      })
    }

    function applyPause(): void {
      intake.setPaused(pause.ofIntake())
      dispatcher.setPaused(pause.ofRuns())
    }

    /** Lets the sender of an ended run go that still waits for a step which was never reached. */
    async function releaseEnded(runId: string): Promise<void> {
      const run = await findRun(reader, runId)
      if (run === undefined || isTerminal(runTransitions, run.state) || run.state === 'needs-review')
        held.release(runId)
    }

    async function setPaused(wanted: boolean): Promise<void> {
      await pause.set(wanted)
      applyPause()
      bus.statusChanged()
    }

    const router = createRouter({
      catalogue,
      database,
      clock,
      log,
      dispatcher,
      sweeper,
      versions,
      liveZaps,
      secretBox,
      credentials,
      bus,
      webhooks: intake.webhooks,
      tunnels,
      backups,
      permissions,
      captures: intake.captures,
      bodies: intake.bodies,
      pathSecret,
      endings,
      stopper,
      throughput,
      values,
      blobs,
      history,
      folders,
      sessions: adapters.sessions,
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
      await intake.withdraw()
      bus.close()
      await sweeper.stop()
      // Side by side: while the last requests are answered, the runs that are under way come to their end.
      await Promise.all([history.stop(), intake.close(), dispatcher.stop(GRACE_MS)])
    })
    hooksUrl = await intake.listen()
    await sweeper.runOnce()
    forgetStandstill(dataDir)
    dispatcher.start()
    sweeper.start()
    history.start()
    await intake.start()
    backups.start()
    const why = pause.safeMode()
    if (why !== null) {
      log.warn(why)
      notifier
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
      intake.look()
      backups.look()
      await sweeper.runOnce()
      await dispatcher.look()
    }
    function resumed(): Promise<void> {
      looking = looking.catch(() => undefined).then(look)
      return looking
    }

    const { ofRuns: isPaused, safeMode } = pause
    return { running: { router, hooksUrl, info: info(), setPaused, isPaused, safeMode, resumed }, close }
  } catch (error) {
    await close()
    throw error
  }
}

export { readRendererFile, SECURITY_HEADERS } from './api/renderer-files.ts'
export type { AppRouter } from './api/router.ts'
export { blobFolder, createBlobStore } from './db/blobs.ts'
export { inspectDatabase, restoreDatabase } from './db/restore.ts'
export type { Network, Notifier, SecretBox, Sessions } from './domain/adapters.ts'
export { type Clock, systemClock } from './domain/clock.ts'
export { watchClock } from './domain/clock-watch.ts'
export { FAILPOINTS, type Failpoint, noFailpoint, UPKEEP_FAILPOINTS } from './domain/failpoint.ts'
export { createLineLog, type Log } from './domain/log.ts'
export { contentFor, nameBox, SealError, sealBroken, sealedBy } from './domain/sealed-secret.ts'
export { foldersFromEnvironment, variablesFromEnvironment } from './environment.ts'
export type { App, AppAdapters, RunningApp } from './host-interface.ts'
export { openLogFile } from './log-file.ts'
