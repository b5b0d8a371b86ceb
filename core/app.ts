import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { createEventBus } from './api/event-bus.ts'

import { createStatusReader } from './api/read-status.ts'
import { answerRunsOf, createRouter } from './api/router.ts'
import { changedRuns } from './api/run-view.ts'
import { createStatusWatch } from './api/status-watch.ts'
import { addWelcomeZap } from './api/welcome-zap.ts'
import { createClosers } from './closers.ts'
import type { SystemInfo } from './contract/values.ts'
import { blobFolder, createBlobStore } from './db/blobs.ts'
import { prepareDataFolder, unusable } from './db/data-folder.ts'
import { lockDataFolder } from './db/data-lock.ts'
import { isKnownSound, openDatabase } from './db/open.ts'
import { databaseBytes, LARGE_BYTES, prepareInThread } from './db/prepare.ts'
import { assumedNetwork } from './domain/host/adapters.ts'
import { NO_DESKTOP } from './domain/host/desktop.ts'
import { noFailpoint } from './domain/runs/failpoint.ts'
import { noMarker } from './domain/runs/work-marker.ts'
import { systemClock } from './domain/time/clock.ts'
import { createApis } from './engine/apis/apis.ts'
import { createEngine } from './engine/engine.ts'
import { createGuardedConnect } from './engine/guarded-connect.ts'
import { createGuardedFetch } from './engine/guarded-fetch.ts'
import { createOAuth } from './engine/oauth/oauth.ts'
import { openCredential, storeRenewed } from './engine/open-credential.ts'
import { createOpenedCredentials, logWithout } from './engine/opened-credentials.ts'
import { createFailureWatch } from './engine/run/failure-watch.ts'
import { startChild } from './engine/sandbox/isolated-child.ts'
import { zapAllowance } from './engine/step-permits.ts'
import type { AnswerLink } from './engine/step-services.ts'
import { createTableWatch } from './engine/tables/table-watch.ts'
import { createThroughput } from './engine/throughput.ts'
import { openPermissions } from './engine/zap-permissions.ts'
import { openAllowedFolders } from './files/allowed-folders.ts'
import { warnOfFolderRisks } from './files/folder-risk.ts'
import { createKeptFiles } from './files/kept-files.ts'
import { createPutBack } from './files/put-back.ts'
import { hooklineCatalogue } from './hookline-catalogue.ts'
import type { App, AppAdapters, RunningApp } from './host-interface.ts'
import { probeAlive } from './ingress/alive.ts'
import { createApprovalLinks } from './ingress/approvals/approval-links.ts'
import { answerHereOf } from './ingress/approvals/approval-pages.ts'
import { createHeldRequests } from './ingress/held-requests.ts'
import { createIngress } from './ingress/ingress.ts'
import { createJsonReader } from './ingress/json-reader.ts'
import { readPathSecret } from './ingress/live-triggers.ts'
import { createSystemEvents } from './ingress/system-events.ts'
import { announceLocked } from './locked-secrets.ts'
import { openOwnConnectors } from './open-own-connectors.ts'
import { createOutbox } from './outbox/outbox.ts'
import { readPause } from './pause.ts'
import { hooklineSettings, storedSection } from './settings.ts'
import { createSignals } from './signals.ts'
import { openTunnel } from './tunnel/providers.ts'
import { createTunnelKeeper } from './tunnel/tunnel-keeper.ts'
import { createAfterSleep } from './upkeep/after-sleep.ts'
import { createBackupKeeper } from './upkeep/backup-keeper.ts'
import { createCrashLoopGuard } from './upkeep/crash-loop-guard.ts'
import { createHistoryKeeper } from './upkeep/history-keeper.ts'
import { createInboxPruner } from './upkeep/inbox-pruner.ts'
import { createIncidentNotices } from './upkeep/incident-notices.ts'
import { createSweeper } from './upkeep/sweeper.ts'
import { createWatchdog, forgetStandstill, readStandstill } from './upkeep/watchdog.ts'

/** What is made one after the other at a start takes some hundred milliseconds: between its parts everything else has its turn. */
const turn = (): Promise<void> => setImmediate()

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

async function open(adapters: AppAdapters): Promise<{ running: RunningApp; close(): Promise<void> }> {
  const { dataDir } = adapters
  const clock = adapters.clock ?? systemClock
  const failpoint = adapters.failpoint ?? noFailpoint
  const network = adapters.network ?? assumedNetwork
  const desktop = adapters.desktop ?? NO_DESKTOP
  const openness = prepareDataFolder(dataDir)
  if (openness !== null) adapters.log.warn(openness)
  const unlock = lockDataFolder(dataDir, adapters.lockHolder ?? (() => ''))
  const closers = createClosers(adapters.log)
  closers.add('the lock of its folder', unlock)
  try {
    const bytes = databaseBytes(dataDir)
    const isLong = bytes >= LARGE_BYTES && !isKnownSound(dataDir)
    if (isLong) {
      adapters.onChecking?.(bytes)
      await prepareInThread(dataDir)
    }
    const database = openDatabase(dataDir, undefined, failpoint, isLong)
    closers.add('the database', () => database.close())
    const { reader } = database
    const secretBox = await adapters.secretBox()
    const outgoing = createGuardedFetch(network)
    closers.add('the way out to the network', () => outgoing.close())
    await turn()
    const openStored = (name: string) => openCredential(database, secretBox, name)
    const signals = createSignals(adapters.log)
    const own = await openOwnConnectors({
      dataDir,
      database,
      clock,
      log: adapters.log,
      signals,
      start: adapters.startIsolated ?? startChild,
    })
    closers.add('connectors of one’s own', async () => own.close())
    const catalogue = adapters.catalogue ?? (await hooklineCatalogue(own))
    const oauth = createOAuth({
      catalogue,
      clock,
      log: adapters.log,
      database,
      secretBox,
      signals,
      fetch: outgoing.fetch,
    })
    closers.add('sign-ins under way', () => oauth.signIns.close())
    const credentials = createOpenedCredentials(catalogue, openStored, { ...oauth.tokens, clock })
    signals.on('credential:signed-in', credentials.forget)
    const log = logWithout(credentials.allSecrets, adapters.log)
    // Before anything that a stored run could crash.
    const crashLoopGuard = await createCrashLoopGuard({ database, clock, log, signals })
    closers.add('the guard against crash loops', () => crashLoopGuard.stop())
    const pause = await readPause({ database, log, signals, crashLoopGuard })
    const watchdog = adapters.isWatched ? createWatchdog({ dataDir, clock: systemClock, log }) : undefined
    closers.add('the watchdog', () => watchdog?.stop())
    const mark = watchdog?.mark ?? noMarker
    const processId = randomBytes(9).toString('base64url')
    const pathSecret = await readPathSecret(database)
    const permissions = await openPermissions(database)
    const folders = await openAllowedFolders(database, { dataDir, fromEnvironment: adapters.allowedFolders ?? [] })
    await warnOfFolderRisks(folders, log)
    const bus = createEventBus(clock, log, signals)
    const notifier = bus.notifier(adapters.notifier)
    adapters.sessions?.watch(() => signals.emit('sessions:changed'))

    await turn()
    // From the bottom up: what makes runs, what queues them, where events come in.
    const blobs = createBlobStore(blobFolder(dataDir))
    const json = createJsonReader((text) => blobs.keep([text], 'json'), clock)
    closers.add('the reader of large JSON', () => json.close())
    const held = createHeldRequests(clock, signals)
    // Nothing of it is loaded on a host that stands alone.
    const fleet =
      adapters.fleet &&
      (await (
        await import('./fleet/fleet.ts')
      ).createFleet({
        ...{ options: adapters.fleet, version: adapters.version, slots: SLOTS },
        ...{ database, blobs, secretBox, clock, log, signals, held, forget: credentials.forget, fetch: outgoing.fetch },
      }))
    closers.add('the way to the fleet', () => fleet?.stop())
    const failures = createFailureWatch()
    const kept = createKeptFiles(join(dataDir, 'kept'))
    const putBack = createPutBack({ database, clock, rules: folders, kept })
    const approvalLinks = createApprovalLinks(fleet?.pageSecret ?? pathSecret, pathSecret)
    // Where people reach this computer is known when the listener and the tunnel are there.
    const answerLink: AnswerLink = (at) => {
      const path = approvalLinks.pathOf(at)
      return ingress.webhooks.publicUrlOf(path) ?? hooksUrl + path
    }
    const tableWatch = createTableWatch()
    const throughput = await createThroughput(database, clock, signals)
    const engine = createEngine({
      catalogue,
      database,
      clock,
      failpoint,
      signals,
      network,
      credentials,
      async noteCredential(name, { secret: before }, fields) {
        const after = JSON.stringify({ ...JSON.parse(before), ...fields })
        if (await storeRenewed(database, secretBox, { name, before, after }, {})) credentials.forget(name)
      },
      fetch: outgoing.fetch,
      connect: createGuardedConnect(network),
      permissions,
      notifier,
      desktop,
      dataDir,
      blobs,
      folders,
      kept,
      startIsolated: adapters.startIsolated,
      variables: adapters.variables ?? {},
      mark,
      failures,
      tables: tableWatch,
      readJson: json.read,
      answerSender: (runId, answer) => held.answer(runId, answer) || fleet?.answerSender(runId, answer) === true,
      answerLink,
    })
    closers.add('the engine', () => engine.close())
    const { versions, values, calls, sandbox, tables, heavy } = engine
    const apis = createApis({ database, heavy, clock, fetch: outgoing.fetch })
    const outbox = createOutbox({
      catalogue,
      database,
      clock,
      log,
      failpoint,
      signals,
      network,
      engine,
      processId,
      slots: SLOTS,
      relay: fleet?.relay,
    })
    const system = createSystemEvents({ signals, network })
    closers.add('events of the system', () => system.stop())
    const ingress = await createIngress({
      system,
      desktop,
      folders,
      catalogue,
      dataDir,
      port: adapters.hookPort,
      database,
      clock,
      log,
      signals,
      mark,
      credentials,
      pathSecret,
      approvalLinks,
      values,
      call: calls.call,
      secretBox: () => secretBox,
      json,
      held,
      outbox,
      failures,
      tables: tableWatch,
      allowanceOf: (zap, allowed) => zapAllowance(catalogue, zap, allowed),
      keeps: fleet?.keeps,
      dueTimes: fleet?.dueTimes,
      cursors: fleet?.cursors,
      sharedFolders: fleet?.folders,
      sharedSecret: fleet?.pageSecret,
      elsewhere: fleet?.elsewhere,
    })
    const { liveZaps, webhooks, polls, connections, subscriptions, captures, bodies } = ingress
    const tunnels = createTunnelKeeper({
      database,
      clock,
      log,
      signals,
      pidFile: join(dataDir, 'tunnel.pid'),
      open: openTunnel,
      probe: (url, signal) => probeAlive(url, pathSecret, signal),
    })

    await turn()
    // Upkeep.
    const notifications = await storedSection(database, 'notifications')
    const notices = createIncidentNotices({
      clock,
      notifier,
      log,
      signals,
      isWanted: () => notifications.values().incidents,
    })
    closers.add('notices of incidents', () => notices.stop())
    const sweeper = createSweeper({
      database,
      clock,
      log,
      signals,
      processId,
      standstill: readStandstill(dataDir),
      isHeld: outbox.isHeld,
      engine,
      isJoined: fleet !== undefined,
    })
    const history = await createHistoryKeeper({
      database,
      blobs,
      clock,
      log,
      failpoint,
      signals,
      tidy: putBack.tidy,
    })
    const inboxPruner = createInboxPruner({ database, clock, log, keepDays: () => webhooks.settings().keepDays })
    const backups = await createBackupKeeper({ dataDir, database, clock, log, signals, mark: crc32(pathSecret) | 0 })
    closers.add('a backup', () => backups.stop())
    const settings = hooklineSettings({
      dataDir,
      database,
      signals,
      webhooks,
      sweeper,
      history,
      backups,
      notifications,
      desktop: adapters.shell?.settings,
    })
    const afterSleep = createAfterSleep({ signals, sweeper, outbox })

    // What people see.
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
    const status = createStatusReader({ reader, clock, network, pause, tunnels, liveZaps, hooksUrl: () => hooksUrl })
    adapters.shell?.watch(() => signals.emit('shell:changed'))
    const statusWatch = createStatusWatch({ clock, log, signals, status })
    bus.start({ runs: (ids) => changedRuns(reader, ids), status })
    const router = createRouter({
      catalogue,
      database,
      clock,
      log,
      signals,
      outbox,
      sweeper,
      versions,
      sandbox,
      liveZaps,
      secretBox,
      credentials,
      signIns: oauth.signIns,
      calls,
      apis,
      own,
      tables,
      heavy,
      permissions,
      bus,
      webhooks,
      polls,
      connections,
      subscriptions,
      tunnels,
      backups,
      captures,
      bodies,
      pathSecret,
      throughput,
      values,
      answerLink,
      putBack,
      rehearse: engine.rehearse,
      desktop,
      blobs,
      history,
      folders,
      settings,
      sessions: adapters.sessions,
      shell: adapters.shell,
      fleet,
      info,
      status,
      setPaused: pause.set,
    })

    await turn()
    // On each host of a fleet it would be another zap at the same address.
    if (fleet === undefined) await addWelcomeZap(database, clock)
    let isClosing = false
    closers.add('what is under way', async () => {
      isClosing = true
      // The tunnel first, so that senders hear from their own side that nothing is here.
      await closers.atOnce({ 'the tunnel': tunnels.stop() })
      statusWatch.stop()
      await closers.atOnce({
        triggers: ingress.withdraw(),
        'events of the fleet': Promise.resolve(fleet?.withdraw()),
        'clearing the inbox': inboxPruner.stop(),
      })
      bus.close()
      await closers.atOnce({ 'the sweeper': sweeper.stop() })
      // Side by side: while the last requests are answered, the runs that are under way come to their end.
      await closers.atOnce({
        'clearing the history': history.stop(),
        'requests under way': ingress.close(),
        'runs under way': outbox.stop(GRACE_MS),
      })
    })
    pause.announce(notifier)
    if (secretBox.protection === 'locked') void announceLocked(reader, log, notifier).catch(() => undefined)
    // Before anything is repeated: a program must not run twice at the same time.
    const leftovers = await engine.endLeftovers()
    if (leftovers > 0)
      log.warn(`Ended ${leftovers} processes of programs that went on when Hookline was ended by force.`)
    // Before a step is repeated: it would look as if the first time had done nothing.
    await putBack.reconcile()
    hooksUrl = await ingress.listen()
    await turn()
    await sweeper.runOnce()
    forgetStandstill(dataDir)
    // In a fleet when it is known that no other host works with a copy of this folder.
    if (fleet === undefined) outbox.start()
    else void fleet.cleared.then(() => isClosing || outbox.start())
    sweeper.start()
    history.start()
    inboxPruner.start()
    await ingress.start()
    await tunnels.start(Number(new URL(hooksUrl).port))
    fleet?.join({
      ...{
        outbox,
        throughput,
        address: hooksUrl,
        answerRuns: answerRunsOf(router),
        answerPage: answerHereOf(ingress.approvals),
      },
      selfActing: liveZaps.selfActing,
      async refresh() {
        await permissions.refresh()
        await liveZaps.refresh()
      },
    })
    backups.start()
    closers.add('the look after a sleep', () => afterSleep.stop())

    const { ofRuns: isPaused, safeMode } = pause
    return {
      running: {
        signInReturned: oauth.signIns.returned,
        router,
        hooksUrl,
        info: info(),
        setPaused: pause.set,
        isPaused,
        safeMode,
        resumed: afterSleep.look,
        watchStatus: statusWatch.watch,
      },
      close: closers.close,
    }
  } catch (error) {
    await closers.close()
    throw unusable(error, dataDir) ?? error
  }
}

export { readRendererFile, SECURITY_HEADERS } from './api/renderer-files.ts'
export type { AppRouter } from './api/router.ts'
export { createClosers, STOP_MS } from './closers.ts'
export { RETURN_PATH as SIGN_IN_RETURN } from './connectors/credential.ts'
export { blobFolder, createBlobStore } from './db/blobs.ts'
export { isOpenToOthers, makeFolder, openFolderWarning } from './db/data-folder.ts'
export { inspectDatabase, restoreDatabase } from './db/restore.ts'
export type { Network, Notice, Notifier, SecretBox, Sessions, StartIsolated } from './domain/host/adapters.ts'
export type { Desktop, OpenTarget } from './domain/host/desktop.ts'
export { createLineLog, type Log } from './domain/host/log.ts'
export type { Shell } from './domain/host/shell.ts'
export { FAILPOINTS, type Failpoint, noFailpoint, UPKEEP_FAILPOINTS } from './domain/runs/failpoint.ts'
export { readStoredSection, type SettingsOf } from './domain/settings/settings.ts'
export { type Clock, systemClock } from './domain/time/clock.ts'
export { watchClock } from './domain/time/clock-watch.ts'
export { contentFor, nameBox, SealError, sealBroken, sealedBy } from './domain/trust/sealed-secret.ts'
export { foldersFromEnvironment, variablesFromEnvironment } from './environment.ts'
export type { FleetOptions } from './fleet/options.ts'
export { readFleetOptions } from './fleet/read-options.ts'
export { hooklineCatalogue } from './hookline-catalogue.ts'
export type { App, AppAdapters, RunningApp } from './host-interface.ts'
export { openLogFile } from './log-file.ts'
