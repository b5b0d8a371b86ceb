import { EventEmitter, once } from 'node:events'
import { MessageChannel } from 'node:worker_threads'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import { os } from '@orpc/server'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import type { AppRouter } from '../../core/app.ts'
import { BrowserWindow, ipcMain, recorded, reset } from './electron.double.ts'
import { acceptPorts } from './port-handover.ts'
import { createStartTeller } from './start-state.ts'

vi.mock('electron', () => import('./electron.double.ts'))
beforeEach(reset)

// The handover does not look into the router: one that answers "hello" shows whether a port was taken.
const router = { hello: os.handler(() => 'hello') } as unknown as AppRouter

/** Hands a port over as the preload script does; true when the core answers on it. */
async function handOver(sender: unknown, senderFrame: unknown, window: BrowserWindow | undefined): Promise<boolean> {
  // The double's window stands for Electron's.
  acceptPorts({
    windows: () => (window === undefined ? [] : [window as never]),
    router: Promise.resolve(router),
    serveStart: vi.fn(),
  })
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

test('what a page asks before the core is there waits for it, and it hears of the start meanwhile', async () => {
  const ours = window()
  const started = Promise.withResolvers<AppRouter>()
  const teller = createStartTeller(vi.fn())
  acceptPorts({ windows: () => [ours as never], router: started.promise, serveStart: teller.serve })
  const [calls, start] = [new MessageChannel(), new MessageChannel()]
  onTestFinished(() => {
    calls.port1.close()
    start.port1.close()
  })
  const { webContents } = ours
  // Electron's ports hand over an event with the data; Node's hand over the data.
  const startPort = Object.assign(new EventEmitter(), {
    start: () => undefined,
    postMessage: (data: unknown) => start.port2.postMessage(data),
  })
  ipcMain.emit('hookline:port', {
    sender: webContents,
    senderFrame: webContents.mainFrame,
    ports: [calls.port2, startPort],
  })
  const client: { hello(): Promise<string> } = createORPCClient(new RPCLink({ port: calls.port1 }))
  const answer = client.hello()
  const heard = (): Promise<unknown> => once(start.port1, 'message').then(([data]) => data)
  expect(await heard()).toEqual({ kind: 'starting', checkedBytes: null })
  const next = heard()
  teller.set({ kind: 'ready' })
  expect(await next).toEqual({ kind: 'ready' })
  started.resolve(router)
  expect(await answer).toBe('hello')
})

test('a person’s wish is taken from the port of the start, and nothing else', () => {
  const wish = vi.fn()
  const port = Object.assign(new EventEmitter(), { start: vi.fn(), postMessage: vi.fn() })
  createStartTeller(wish).serve(port)
  for (const data of [
    { kind: 'use-port', port: 4790 },
    { kind: 'use-port', port: 70_000 },
    { kind: 'rm' },
    null,
    'quit',
  ])
    port.emit('message', { data })
  expect(wish.mock.calls).toEqual([[{ kind: 'use-port', port: 4790 }]])
})
