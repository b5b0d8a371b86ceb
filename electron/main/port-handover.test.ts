import { MessageChannel } from 'node:worker_threads'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import { os } from '@orpc/server'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import type { AppRouter } from '../../core/app.ts'
import { BrowserWindow, ipcMain, recorded, reset } from './electron.double.ts'
import { acceptPorts } from './port-handover.ts'

vi.mock('electron', () => import('./electron.double.ts'))
beforeEach(reset)

// The handover does not look into the router: one that answers "hello" shows whether a port was taken.
const router = { hello: os.handler(() => 'hello') } as unknown as AppRouter

/** Hands a port over as the preload script does; true when the core answers on it. */
async function handOver(sender: unknown, senderFrame: unknown, window: BrowserWindow | undefined): Promise<boolean> {
  // The double's window stands for Electron's.
  acceptPorts(router, () => window as never)
  const { port1, port2 } = new MessageChannel()
  onTestFinished(() => port1.close())
  const closed = new Promise<boolean>((resolve) => port1.once('close', () => resolve(false)))
  ipcMain.emit('hookline:port', { sender, senderFrame, ports: [Object.assign(port2, { start: () => port2.ref() })] })
  const client: { hello(): Promise<string> } = createORPCClient(new RPCLink({ port: port1 }))
  const answered = client.hello().then(
    (word) => word === 'hello',
    () => false,
  )
  return Promise.race([answered, closed])
}

function window(): BrowserWindow {
  new BrowserWindow({})
  const opened = recorded.windows.at(-1)
  if (opened === undefined) throw new Error('no window')
  return opened
}

test('the page in our window gets an answer on the port that it hands over', async () => {
  const ours = window()
  expect(await handOver(ours.webContents, ours.webContents.mainFrame, ours)).toBe(true)
})

test('a frame inside our page gets none', async () => {
  const ours = window()
  expect(await handOver(ours.webContents, { url: 'app://hookline/' }, ours)).toBe(false)
})

test('a frame that is gone gets none', async () => {
  const ours = window()
  expect(await handOver(ours.webContents, null, ours)).toBe(false)
})

test('another window gets none', async () => {
  const [ours, other] = [window(), window()]
  expect(await handOver(other.webContents, other.webContents.mainFrame, ours)).toBe(false)
})

test('a page of another origin in our window gets none', async () => {
  const ours = window()
  ours.webContents.mainFrame.url = 'https://evil.example/'
  expect(await handOver(ours.webContents, ours.webContents.mainFrame, ours)).toBe(false)
})

test('nobody gets one while there is no window', async () => {
  const ours = window()
  expect(await handOver(ours.webContents, ours.webContents.mainFrame, undefined)).toBe(false)
})
