import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createRouterClient } from '@orpc/server'
import { app, crashReporter, nativeTheme, powerMonitor, systemPreferences } from 'electron'
import {
  type AppRouter,
  foldersFromEnvironment,
  makeFolder,
  type Notice,
  readFleetOptions,
  variablesFromEnvironment,
} from '../../core/app.ts'
import type { StartWish } from '../../core/contract/start-values.ts'
import type { Status } from '../../core/contract/values.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { registerAppScheme, serveRenderer } from './app-protocol.ts'
import { createAwake } from './awake.ts'
import { type CoreHost, startCoreHost } from './core-host.ts'
import { createDesktop, takeLinks } from './desktop.ts'
import { logLostProcesses, restartOnErrors, startAgain, tooManyRestarts } from './failures.ts'
import { startUtility } from './isolated-process.ts'
import { beginRunning, endedInOrder, keepWhy } from './last-end.ts'
import { createAppLog } from './log.ts'
import { isStartedHidden } from './login-item.ts'
import { addLoginShellPath } from './login-shell-path.ts'
import { createMainWindow } from './main-window.ts'
import { setAppMenu } from './menu.ts'
import { createNetwork } from './network.ts'
import { createNotifier } from './notifier.ts'
import { createOpenedQueue, isLink, openedWords, startsZaps } from './opened.ts'
import { acceptPorts } from './port-handover.ts'
import { createQuickRun } from './quick-run.ts'
import { createSafeStorageSecretBox } from './safe-storage-secret-box.ts'
import { createShell } from './shell.ts'
import { openShellFile } from './shell-file.ts'
import { createStartTeller } from './start-state.ts'
import { createTray, showBadge, type TrayIcon } from './tray.ts'
import { createUpdates, loadUpdater } from './updates.ts'
import { givePermissions, guardAllContents } from './window.ts'
import { hookPortOf, StartError, startErrorOf } from './words.ts'

/** Milliseconds for which the core waits for the PATH of a person's shell: what comes later counts from then on. */
const PATH_MS = 1_000

/** Starts the desktop app: its window at once, and the core behind it, in this process. Call once, before the app is ready. */
export function startDesktopApp(): void {
  // As the installer's shortcut has it: without that, Windows shows no notifications.
  app.setAppUserModelId('app.hookline.desktop')
  app.enableSandbox()
  hearKeysOnWayland()
  registerAppScheme()

  const dataDir = resolve(process.env.HOOKLINE_DATA || app.getPath('userData'))
  const log = createAppLog(dataDir)
  const file = openShellFile(dataDir)
  restartOnErrors(log, (why) => keepWhy(file, why))
  logLostProcesses(log)
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  keepCrashReports(join(dataDir, 'crashes'))

  // An icon without a reference is collected as garbage, and vanishes from the tray.
  let tray: TrayIcon | undefined
  let host: CoreHost | undefined
  let isQuitting = false
  /** The start that is under way. */
  let starting: Promise<void> | undefined
  /** The end that is under way. */
  let stopping: Promise<void> | undefined
  /** A port that a person chose in the window, over what the environment says. */
  let chosenPort: number | null = null
  const awake = createAwake()
  const router = Promise.withResolvers<AppRouter>()

  const network = createNetwork()
  const desktop = createDesktop()
  const teller = createStartTeller(grant)
  const quickRun = createQuickRun(log, () => shell.changed())
  const opened = createOpenedQueue(() => {
    showWindow()
    shell.changed()
  })
  const window = createMainWindow({
    file,
    log,
    tell,
    quit: () => app.quit(),
    onClose() {
      if (isQuitting) return 'is-quitting'
      return file.settings().closeToTray && teller.state().kind !== 'failed' ? 'hide' : 'quit'
    },
  })
  const notifier = createNotifier(log, { open: openScreen, answer: answerQuestion })
  const updates = createUpdates({
    load: loadUpdater,
    hindrance: updateHindrance(),
    log,
    changed: () => shell.changed(),
    beforeInstall: async () => {
      isQuitting = true
      await stopCore()
    },
    // The core has ended for it: it comes back with the app as it is.
    afterFailure() {
      startAgain()
      app.exit(0)
    },
  })
  const shell = createShell({
    file,
    dataDir,
    version: packageJson.version,
    quickRun,
    updates,
    opened,
    apply: applySettings,
    openScreen,
  })

  app.on('second-instance', (_event, argv, workingFolder) => {
    const words = openedWords(argv.slice(1))
    void opened.openWords(words, workingFolder)
    // What a link starts needs no window.
    if (!words.some((word) => isLink(word) && startsZaps(word))) showWindow()
  })
  app.on('open-url', (event, link) => {
    event.preventDefault()
    void opened.openWords([link], '/')
  })
  app.on('open-file', (event, path) => {
    event.preventDefault()
    void opened.openWords([path], '/')
  })
  app.on('activate', showWindow)
  app.on('window-all-closed', () => {
    // It works on in the tray.
  })
  app.on('before-quit', () => {
    isQuitting = true
  })
  app.on('will-quit', (event) => {
    if (host === undefined && starting === undefined && stopping === undefined) return
    event.preventDefault()
    // An impatient person quits twice: the end that is under way is waited for all the same.
    if (stopping === undefined) void stopCore().finally(() => app.quit())
  })
  app
    .whenReady()
    .then(begin)
    .catch((error: unknown) => fail(error))

  function begin(): void {
    nativeTheme.themeSource = file.content().theme
    // A Mac that saves power holds up the timers of apps without a window; due times are to be met.
    if (process.platform === 'darwin') systemPreferences.registerDefaults({ NSAppSleepDisabled: true })
    // The system waits a little, where it is told to: enough to end in order.
    powerMonitor.on('shutdown', (event?: { preventDefault(): void }) => {
      event?.preventDefault()
      app.quit()
    })
    // In development it would take the links of the app that is installed.
    if (app.isPackaged) takeLinks()
    serveRenderer(join(import.meta.dirname, '../renderer'))
    givePermissions()
    guardAllContents()
    setAppMenu({
      open: openScreen,
      checkForUpdates: () => void updates.check().catch(() => undefined),
      showLog: () => void shell.showLog().catch(() => undefined),
    })
    acceptPorts({
      windows: () => [window.current(), quickRun.window()].filter((one) => one !== undefined),
      router: router.promise,
      serveStart: teller.serve,
    })
    tray = createTray({
      open: (path) => openScreen(path),
      quickRun: quickRun.show,
      setPaused: async (isPaused) => host?.app.setPaused(isPaused),
      quit: () => app.quit(),
    })
    if (!isStartedHidden()) showWindow()
    void opened.openWords(process.argv.slice(1), process.cwd())
    const why = tooManyRestarts(process.argv, Date.now())
    if (why === null) startCore()
    else fail(new StartError(why))
  }

  function startCore(): void {
    if (starting !== undefined || host !== undefined || isQuitting) return
    starting = tryStart().finally(() => {
      starting = undefined
    })
  }

  async function tryStart(): Promise<void> {
    teller.set({ kind: 'starting', checkedBytes: null })
    try {
      const port = chosenPort ?? hookPortOf(process.env.HOOKLINE_HOOK_PORT, file.settings().hookPort)
      if (app.isPackaged) await Promise.race([addLoginShellPath(), delay(PATH_MS, undefined, { ref: false })])
      host = await startCoreHost({
        host: 'desktop',
        version: packageJson.version,
        dataDir,
        isWatched: true,
        hookPort: port,
        allowedFolders: foldersFromEnvironment(process.env),
        variables: variablesFromEnvironment(process.env),
        fleet: readFleetOptions({}, process.env),
        secretBox: () => createSafeStorageSecretBox(),
        notifier,
        log,
        network,
        desktop,
        shell,
        startIsolated: startUtility,
        onChecking: (checkedBytes) => teller.set({ kind: 'starting', checkedBytes }),
      }).catch((error: unknown) => {
        throw startErrorOf(error, port, dataDir)
      })
      started(host)
    } catch (error) {
      fail(error)
    }
  }

  function started({ app: core }: CoreHost): void {
    router.resolve(core.router)
    teller.set({ kind: 'ready' })
    core.watchStatus(standAs)
    applySettings()
    beginRunning(file, log, tell)
  }

  function fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    log.error('Hookline cannot start.', { error: message })
    teller.set({ kind: 'failed', message, port: error instanceof StartError ? error.port : null, dataDir })
    showWindow()
  }

  /** What the person at a window wants that says why the app could not start. */
  function grant(wish: StartWish): void {
    switch (wish.kind) {
      case 'use-port':
        chosenPort = wish.port
        file.keep({ settings: { ...file.settings(), hookPort: wish.port } })
        startCore()
        break
      case 'try-again':
        startCore()
        break
      case 'show-log':
        void shell.showLog().catch(() => undefined)
        break
      case 'quit':
        app.quit()
    }
  }

  function showWindow(): void {
    if (app.isReady()) window.show()
  }

  function openScreen(path?: string): void {
    if (path === undefined) showWindow()
    else opened.add({ kind: 'screen', path })
  }

  function tell(notice: Notice): void {
    void notifier.show(notice).catch(() => undefined)
  }

  function answerQuestion({ runId, step, scope }: NonNullable<Notice['asks']>, decision: string): void {
    if (host === undefined) return
    createRouterClient(host.app.router, { context: {} })
      .approvals.decide({ runId, step, scope, decision })
      .catch((error: unknown) => {
        const body = error instanceof Error ? error.message : String(error)
        tell({ title: 'The answer was not taken', body, opens: '/approvals' })
      })
  }

  function standAs(status: Status): void {
    const { paused: isPaused, openApprovals: approvals, incidents, queue } = status
    const standing = { isPaused, approvals, incidents: incidents.length }
    tray?.show(standing)
    showBadge(standing, window.current())
    updates.setBusy(queue.leased > 0)
    awake.set(queue.leased > 0 && file.settings().keepAwake)
  }

  /** Puts the settings to work that concern the app itself. */
  function applySettings(): void {
    const settings = file.settings()
    quickRun.setKeys(settings.quickRunKeys)
    updates.setChannel(settings.updates)
    // Switched on it counts from the next run on.
    if (!settings.keepAwake) awake.set(false)
    shell.changed()
  }

  /** Lets what is under way end before the process does. */
  function stopCore(): Promise<void> {
    stopping ??= endCore().finally(() => {
      stopping = undefined
    })
    return stopping
  }

  async function endCore(): Promise<void> {
    // What has begun to start is first let do so: to leave it in the middle would be no end in order.
    await starting
    const running = host
    host = undefined
    awake.set(false)
    updates.close()
    quickRun.close()
    network.close()
    desktop.close()
    try {
      await running?.stop()
      if (running !== undefined) endedInOrder(file)
    } catch (error) {
      log.error('Hookline did not stop cleanly.', { error: String(error) })
    }
  }
}

/** Reports of crashes stay on this computer, beside the log. */
function keepCrashReports(folder: string): void {
  try {
    // Electron takes no folder that is not there.
    makeFolder(folder)
    app.setPath('crashDumps', folder)
  } catch {
    // What keeps it from being made keeps the core from starting, which says so.
  }
  crashReporter.start({ uploadToServer: false })
}

/** On Wayland keys are to be had from the desktop's portal alone (https://electronjs.org/docs/api/global-shortcut). */
function hearKeysOnWayland(platform: NodeJS.Platform = process.platform): void {
  if (platform !== 'linux') return
  // What a person asked for besides stays.
  const asked = app.commandLine.getSwitchValue('enable-features').split(',').filter(Boolean)
  app.commandLine.appendSwitch('enable-features', [...asked, 'GlobalShortcutsPortal'].join(','))
}

/** Why this copy of the app cannot put an update in its own place; null where it can. */
function updateHindrance(env: NodeJS.ProcessEnv = process.env): string | null {
  if (!app.isPackaged) return 'This is a development build: it is updated by hand.'
  // What packs it writes the address of the updates there, where there is one.
  if (!existsSync(join(process.resourcesPath ?? import.meta.dirname, 'app-update.yml')))
    return 'This copy was built without a place for updates: it is updated by hand.'
  if (process.platform === 'linux' && (env.APPIMAGE ?? '') === '')
    return 'Your system’s package manager updates this copy.'
  return null
}
