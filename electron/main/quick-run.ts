import { BrowserWindow, globalShortcut, screen } from 'electron'
import type { Log } from '../../core/app.ts'
import { screensOrigin } from './app-protocol.ts'
import { ground, secured } from './window.ts'

const WIDTH = 640
const HEIGHT = 440

/** A small window in front of everything else, in which a zap is run by its name. */
export type QuickRun = {
  show(): void
  hide(): void
  /** Its window, while there is one. */
  window(): BrowserWindow | undefined
  /** Has other keys show it; null for none. */
  setKeys(keys: string | null): void
  /** Why its keys do not work, in a sentence. */
  keysProblem(): string | null
  close(): void
}

export function createQuickRun(log: Log, changed: () => void): QuickRun {
  let window: BrowserWindow | undefined
  let registered: string | null = null
  let problem: string | null = null

  function show(): void {
    // It would stay blank, and wait for a page that is gone.
    if (window !== undefined && !window.isDestroyed() && window.webContents.isCrashed()) {
      window.destroy()
      window = undefined
    }
    if (window === undefined || window.isDestroyed()) window = open()
    const { x, y, width, height } = screen.getDisplayNearestPoint(screen.getCursorScreenPoint()).workArea
    window.setBounds({
      x: Math.round(x + (width - WIDTH) / 2),
      y: Math.round(y + (height - HEIGHT) / 4),
      width: WIDTH,
      height: HEIGHT,
    })
    window.show()
    window.focus()
    // The page begins anew each time, with what is there now.
    window.webContents.send('hookline:shown')
  }

  function open(): BrowserWindow {
    const opened = new BrowserWindow({
      width: WIDTH,
      height: HEIGHT,
      show: false,
      frame: false,
      resizable: false,
      fullscreenable: false,
      minimizable: false,
      maximizable: false,
      alwaysOnTop: true,
      skipTaskbar: true,
      title: 'Run a zap',
      backgroundColor: ground(),
      // In front of apps that fill the screen, too.
      ...(process.platform === 'darwin' ? { type: 'panel' } : {}),
      webPreferences: secured(),
    })
    // A person who goes on with something else has no use for it.
    opened.on('blur', () => opened.hide())
    opened
      .loadURL(`${screensOrigin()}/#/quick-run`)
      .catch((error: unknown) => log.error('The quick-run window could not load.', { error: String(error) }))
    return opened
  }

  function hide(): void {
    if (window !== undefined && !window.isDestroyed()) window.hide()
  }

  return {
    show,
    hide,
    window: () => (window?.isDestroyed() === true ? undefined : window),
    setKeys(keys) {
      if (keys === registered && problem === null) return
      if (registered !== null) globalShortcut.unregister(registered)
      registered = null
      problem = null
      if (keys !== null) {
        try {
          if (globalShortcut.register(keys, () => (window?.isVisible() === true ? hide() : show()))) registered = keys
          else problem = `Another program has the keys ${keys}: choose others.`
        } catch {
          problem = `This system has no keys ${keys}: choose others, such as CommandOrControl+Alt+Space.`
        }
      }
      changed()
    },
    keysProblem: () => problem,
    close() {
      if (registered !== null) globalShortcut.unregister(registered)
      if (window !== undefined && !window.isDestroyed()) window.destroy()
    },
  }
}
