import { join } from 'node:path'
import { app, type BrowserWindow, dialog, powerMonitor, type Tray } from 'electron'
import {
  type App,
  createApp,
  foldersFromEnvironment,
  systemClock,
  variablesFromEnvironment,
  watchClock,
} from '../../core/app.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { APP_ORIGIN, registerAppScheme, serveRenderer } from './app-protocol.ts'
import { createDesktop, isLink } from './desktop.ts'
import { logLostProcesses, reloadWhenGone, restartOnErrors } from './failures.ts'
import { startUtility } from './isolated-process.ts'
import { createAppLog } from './log.ts'
import { createNetwork } from './network.ts'
import { createNotifier } from './notifier.ts'
import { acceptPorts } from './port-handover.ts'
import { createSafeStorageSecretBox } from './safe-storage-secret-box.ts'
import { createTray } from './tray.ts'
import { createWindow, givePermissions } from './window.ts'
import { hookPortOf, startErrorOf } from './words.ts'

/** The port that webhooks come in on, so that a sender's address stays right. `HOOKLINE_HOOK_PORT` names another. */
const DEFAULT_HOOK_PORT = 4781

app.setName('Hookline')
// As the installer's shortcut has it: without that, Windows shows no notifications.
app.setAppUserModelId('app.hookline.desktop')
app.enableSandbox()
registerAppScheme()

// After the name, from which the folder has its own.
const dataDir = process.env.HOOKLINE_DATA ?? app.getPath('userData')
const log = createAppLog(dataDir)
restartOnErrors(log)
logLostProcesses(log)

let window: BrowserWindow | undefined
// An icon without a reference is collected as garbage, and vanishes from the tray.
let tray: Tray | undefined
let core: App | undefined
let isQuitting = false

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', (_event, argv) => {
    // What a link starts needs no window.
    if (!argv.some(isLink)) showWindow()
  })
  app.on('activate', showWindow)
  app.on('window-all-closed', () => {
    // It works on in the tray.
  })
  app.on('before-quit', () => {
    isQuitting = true
  })
  app.on('will-quit', stopCore)
  app.whenReady().then(start).catch(giveUp)
} else {
  app.quit()
}

async function start(): Promise<void> {
  const hookPort = hookPortOf(process.env.HOOKLINE_HOOK_PORT, DEFAULT_HOOK_PORT)
  const network = createNetwork()
  const desktop = createDesktop()
  const created = createApp({
    host: 'desktop',
    version: packageJson.version,
    dataDir,
    isWatched: true,
    hookPort,
    allowedFolders: foldersFromEnvironment(process.env),
    variables: variablesFromEnvironment(process.env),
    secretBox: () => createSafeStorageSecretBox(),
    notifier: createNotifier(log, showWindow),
    log,
    network,
    desktop,
    startIsolated: startUtility,
  })
  const { router, setPaused, isPaused, resumed } = await created.start().catch((error: unknown) => {
    throw startErrorOf(error, hookPort, dataDir)
  })
  // Its timers slept too: what came due meanwhile is done now, not some seconds later.
  const onResume = (): void => {
    resumed().catch((error: unknown) => log.error('Hookline could not look after the sleep.', { error: String(error) }))
  }
  powerMonitor.on('resume', onResume)
  // Nor does anybody tell when the clock is set.
  const stopWatching = watchClock(systemClock, () => performance.now(), onResume)
  core = {
    start: created.start,
    async stop() {
      network.close()
      desktop.close()
      powerMonitor.off('resume', onResume)
      stopWatching()
      await created.stop()
    },
  }
  serveRenderer(join(import.meta.dirname, '../renderer'))
  givePermissions()
  acceptPorts(router, () => window)
  tray = createTray({ open: showWindow, setPaused, isPaused, quit: () => app.quit() })
  showWindow()
}

function showWindow(): void {
  if (core === undefined) return
  if (window === undefined || window.isDestroyed()) {
    window = createWindow()
    reloadWhenGone(window, log)
    window.on('close', (event) => {
      if (isQuitting || tray === undefined) return
      event.preventDefault()
      window?.hide()
    })
    window
      .loadURL(`${APP_ORIGIN}/`)
      .catch((error: unknown) => log.error('The window could not load.', { error: String(error) }))
    return
  }
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

/** Lets what is under way end before the process does. */
function stopCore(event: { preventDefault(): void }): void {
  const running = core
  if (running === undefined) return
  event.preventDefault()
  core = undefined
  running
    .stop()
    .catch((error: unknown) => log.error('Hookline did not stop cleanly.', { error: String(error) }))
    .finally(() => app.quit())
}

function giveUp(error: unknown): void {
  log.error('Hookline cannot start.', { error: error instanceof Error ? error.message : String(error) })
  dialog.showErrorBox('Hookline cannot start', error instanceof Error ? error.message : String(error))
  app.exit(1)
}
