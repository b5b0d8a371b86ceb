import { join } from 'node:path'
import { BrowserWindow, session, shell, type WebContents } from 'electron'
import { APP_ORIGIN } from './app-protocol.ts'

/** Opens the one window, with everything closed that a page of ours does not need. */
export function createWindow(preload = join(import.meta.dirname, '../preload/index.cjs')): BrowserWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 900,
    minHeight: 600,
    show: false,
    title: 'Hookline',
    backgroundColor: '#ffffff',
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  })
  guardContents(window.webContents)
  window.once('ready-to-show', () => window.show())
  return window
}

/** The web's own permissions (camera, location …) are of no use to the screens: none is ever given. */
export function denyPermissions(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.defaultSession.setPermissionCheckHandler(() => false)
}

/** Keeps a page where it is: it goes nowhere else, embeds nothing, and opens links in the user's own browser. */
export function guardContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    if (!event.url.startsWith(`${APP_ORIGIN}/`)) event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    openOutside(url)
    return { action: 'deny' }
  })
}

/** Hands a link to the system, if it is one that cannot start a program. */
export function openOutside(url: string): void {
  const parsed = URL.parse(url)
  if (parsed === null || !['https:', 'mailto:'].includes(parsed.protocol)) return
  shell.openExternal(parsed.href).catch(() => undefined)
}
