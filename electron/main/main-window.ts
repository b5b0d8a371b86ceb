import type { BrowserWindow } from 'electron'
import type { Log, Notice } from '../../core/app.ts'
import { screensOrigin } from './app-protocol.ts'
import { reloadWhenGone } from './failures.ts'
import { endedInOrder } from './last-end.ts'
import type { ShellFile } from './shell-file.ts'
import { createWindow } from './window.ts'

/** The one window of the screens: there is none until it is shown, and it may be closed while the app goes on. */
export type MainWindow = {
  show(): void
  /** While there is one. */
  current(): BrowserWindow | undefined
}

export function createMainWindow(parts: {
  readonly file: ShellFile
  readonly log: Log
  readonly tell: (notice: Notice) => void
  /** What a person means who closes it: that the app goes on in the tray, or ends; `is-quitting` where it ends already. */
  readonly onClose: () => 'hide' | 'quit' | 'is-quitting'
  readonly quit: () => void
}): MainWindow {
  const { file, log, tell } = parts
  let window: BrowserWindow | undefined

  function open(): BrowserWindow {
    const opening = createWindow(file)
    reloadWhenGone(opening, log, tell)
    // Windows ends the app with the session, and waits for nothing.
    opening.on('session-end', () => endedInOrder(file))
    opening.on('close', (event) => {
      const meant = parts.onClose()
      if (meant === 'quit') parts.quit()
      if (meant !== 'hide') return
      event.preventDefault()
      opening.hide()
      explainTray()
    })
    opening
      .loadURL(`${screensOrigin()}/`)
      .catch((error: unknown) => log.error('The window could not load.', { error: String(error) }))
    return opening
  }

  function explainTray(): void {
    if (file.content().knowsTray) return
    file.keep({ knowsTray: true })
    tell({
      title: 'Hookline goes on in the tray',
      body: 'Your zaps keep running. Open the window again, or quit, at the icon there; under Settings, Desktop app, the window can be made to quit.',
      opens: '/settings',
    })
  }

  return {
    current: () => (window?.isDestroyed() === true ? undefined : window),
    show() {
      if (window === undefined || window.isDestroyed()) {
        window = open()
        return
      }
      // One that kept failing is given another chance when a person wants to see it.
      if (window.webContents.isCrashed()) window.webContents.reload()
      if (window.isMinimized()) window.restore()
      window.show()
      window.focus()
    },
  }
}
