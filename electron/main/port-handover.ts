import { RPCHandler } from '@orpc/server/message-port'
import { type BrowserWindow, type IpcMainEvent, ipcMain } from 'electron'
import type { AppRouter } from '../../core/app.ts'
import { APP_ORIGIN } from './app-protocol.ts'

/** The one channel of the preload script. */
const CHANNEL = 'hookline:port'

/**
 * Answers the contract on the port that our window's page hands over. Ports of any other sender (a frame inside the page, another
 * window, a page of another origin, a frame that is gone) are closed unread.
 */
export function acceptPorts(router: AppRouter, ourWindow: () => BrowserWindow | undefined): void {
  const handler = new RPCHandler(router)
  ipcMain.on(CHANNEL, (event) => {
    const [port, ...more] = event.ports
    for (const extra of more) extra.close()
    if (port === undefined) return
    if (!isOurs(event, ourWindow())) {
      port.close()
      return
    }
    handler.upgrade(port, { context: {} })
    port.start()
  })
}

function isOurs(event: IpcMainEvent, window: BrowserWindow | undefined): boolean {
  const frame = event.senderFrame
  if (frame === null || window === undefined || window.isDestroyed()) return false
  return event.sender === window.webContents && frame === window.webContents.mainFrame && isOurOrigin(frame.url)
}

function isOurOrigin(url: string): boolean {
  return url === APP_ORIGIN || url.startsWith(`${APP_ORIGIN}/`)
}
