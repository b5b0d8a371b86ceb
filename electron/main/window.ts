import { join } from 'node:path'
import {
  app,
  BrowserWindow,
  nativeTheme,
  screen,
  session,
  shell,
  type WebContents,
  type WebPreferences,
} from 'electron'
import { isOurScreen } from './app-protocol.ts'
import { addContextMenu } from './context-menu.ts'
import type { ShellFile } from './shell-file.ts'
import { LEAST_SIZE, placeOn } from './window-place.ts'

/** With everything closed that a page of ours does not need. */
export function secured(preload = join(import.meta.dirname, '../preload/index.cjs')): WebPreferences {
  return {
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
  }
}

/** The colours of the screens' ground, by which a window is filled until its page is drawn. */
const GROUND = { light: '#f5f6f7', dark: '#101415' }

/** Opens the main window where it was, in the colours that its page will have. */
export function createWindow(shell: ShellFile, preload?: string): BrowserWindow {
  const { place } = shell.content()
  const displays = screen.getAllDisplays().map(({ workArea }) => workArea)
  const window = new BrowserWindow({
    ...placeOn(place, displays),
    minWidth: LEAST_SIZE.width,
    minHeight: LEAST_SIZE.height,
    show: false,
    title: 'Hookline',
    backgroundColor: ground(),
    autoHideMenuBar: true,
    webPreferences: secured(preload),
  })
  if (place?.isMaximized === true) window.maximize()
  keepPlace(window, shell)
  addContextMenu(window)
  const onTheme = (): void => window.setBackgroundColor(ground())
  nativeTheme.on('updated', onTheme)
  window.on('closed', () => nativeTheme.off('updated', onTheme))
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

/** The colour of the screens' ground in the theme that holds now. */
export const ground = (): string => (nativeTheme.shouldUseDarkColors ? GROUND.dark : GROUND.light)

/** Milliseconds without a move after which the place of a window is kept. */
const STILL_MS = 500

function keepPlace(window: BrowserWindow, shell: ShellFile): void {
  let timer: NodeJS.Timeout | undefined
  const keep = (): void => {
    clearTimeout(timer)
    if (window.isDestroyed()) return
    // That of a maximized window is the one that it goes back to.
    shell.keep({ place: { ...window.getNormalBounds(), isMaximized: window.isMaximized() } })
  }
  const later = (): void => {
    clearTimeout(timer)
    timer = setTimeout(keep, STILL_MS)
    timer.unref()
  }
  window.on('resize', later)
  window.on('move', later)
  window.on('close', keep)
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
  ): boolean => permission === 'clipboard-sanitized-write' && isMainFrame && isOurScreen(address)
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(mayCopy(permission, details, details.requestingUrl)),
  )
  session.defaultSession.setPermissionCheckHandler((_contents, permission, requestingOrigin, details) =>
    mayCopy(permission, details, requestingOrigin),
  )
}

/** Guards every page that the app ever opens. */
export function guardAllContents(): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents))
}

/** Keeps a page where it is: it goes nowhere else, embeds nothing, and opens links in the user's own browser. */
export function guardContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    if (!isOurScreen(event.url)) event.preventDefault()
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
