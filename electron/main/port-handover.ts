import { RPCHandler } from '@orpc/server/message-port'
import { type BrowserWindow, type IpcMainEvent, ipcMain, type MessagePortMain } from 'electron'
import type { AppRouter } from '../../core/app.ts'
import { isOurScreen } from './app-protocol.ts'

/** The one channel of the preload script. */
const CHANNEL = 'hookline:port'

/**
 * Takes the two ports that a page of ours hands over: on the first it calls the contract, once `router` is there, on the second it hears how the
 * start goes. Ports of any other sender (a frame inside the page, another window, a page of another origin, a frame that is gone) are
 * closed unread.
 */
export function acceptPorts(parts: {
  readonly windows: () => readonly BrowserWindow[]
  readonly router: Promise<AppRouter>
  readonly serveStart: (port: MessagePortMain) => void
}): void {
  const handler = parts.router.then((router) => new RPCHandler(router))
  // Who waits for it is told of a start that fails by the other port.
  handler.catch(() => undefined)
  ipcMain.on(CHANNEL, (event) => {
    const [calls, start, ...more] = event.ports
    for (const extra of more) extra.close()
    if (calls === undefined) return
    if (!parts.windows().some((window) => isOurs(event, window))) {
      calls.close()
      start?.close()
      return
    }
    if (start !== undefined) parts.serveStart(start)
    // What the page says before that waits in the port.
    handler.then(
      (ready) => {
        ready.upgrade(calls, { context: {} })
        calls.start()
      },
      () => undefined,
    )
  })
}

function isOurs(event: IpcMainEvent, window: BrowserWindow): boolean {
  const frame = event.senderFrame
  if (frame === null || window.isDestroyed()) return false
  return event.sender === window.webContents && frame === window.webContents.mainFrame && isOurScreen(frame.url)
}
