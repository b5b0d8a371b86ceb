import { join } from 'node:path'
import { BrowserWindow, session, shell, type WebContents } from 'electron'
import { APP_ORIGIN } from './app-protocol.ts'
import { addContextMenu } from './context-menu.ts'

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
      // Elsewhere Chromium would fetch dictionaries from a server of its maker.
      spellcheck: process.platform === 'darwin',
    },
  })
  guardContents(window.webContents)
  addContextMenu(window)
  // Whichever comes first: on Wayland the former may never come for a window that is hidden.
  let isShown = false
  const show = (): void => {
    if (!isShown) window.show()
    isShown = true
  }
  window.once('ready-to-show', show)
  window.webContents.once('did-finish-load', show)
  return window
}

/**
 * Of the web's own permissions (camera, location …) the screens need one: to put what a person copies into the clipboard. It is given to
 * our page itself, not to anything inside it; to read the clipboard is given to nothing.
 */
export function givePermissions(): void {
  const mayCopy = (
    permission: string,
    { isMainFrame }: { isMainFrame: boolean },
    address: string | undefined,
  ): boolean => permission === 'clipboard-sanitized-write' && isMainFrame && isOurs(address)
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(mayCopy(permission, details, details.requestingUrl)),
  )
  session.defaultSession.setPermissionCheckHandler((_contents, permission, requestingOrigin, details) =>
    mayCopy(permission, details, requestingOrigin),
  )
}

function isOurs(address: string | undefined): boolean {
  return address === APP_ORIGIN || address?.startsWith(`${APP_ORIGIN}/`) === true
}

/** Keeps a page where it is: it goes nowhere else, embeds nothing, and opens links in the user's own browser. */
export function guardContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    if (!isOurs(event.url)) event.preventDefault()
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
