import { type EventEmitter, once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { app, powerMonitor, recorded, reset } from './electron.double.ts'

vi.mock('electron', () => import('./electron.double.ts'))

let folder = ''
let starts = 0

/** Runs the main process's entry once more: the query makes it another module, while the double stays the one of this file. */
async function runEntry(): Promise<void> {
  starts++
  const entry = `./index.ts?start=${starts}`
  await import(/* @vite-ignore */ entry)
}

beforeEach(() => {
  reset()
  folder = mkdtempSync(join(tmpdir(), 'hookline-desktop-'))
  vi.stubEnv('HOOKLINE_DATA', folder)
  vi.stubEnv('HOOKLINE_HOOK_PORT', '0')
  onTestFinished(() => {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  })
})

// The process of the tests outlives the app: what it does about errors is taken back.
const errors: EventEmitter = process
const KINDS = ['uncaughtException', 'unhandledRejection']
const others = new Map(KINDS.map((kind) => [kind, errors.listeners(kind)]))
afterEach(() => {
  for (const [kind, kept] of others) {
    // Each of them is a function that was given to `on` as it is.
    for (const listener of errors.listeners(kind))
      if (!kept.includes(listener)) errors.off(kind, listener as () => void)
  }
})

/** Starts the main process on a real core, and waits for its window. */
async function start(): Promise<void> {
  await runEntry()
  await vi.waitFor(() => expect(recorded.windows.at(-1)?.loadedUrl).toBe('app://hookline/'), { timeout: 10_000 })
}

/** Quits, and waits until the core has stopped. */
async function quit(): Promise<void> {
  app.quit()
  await vi.waitFor(() => expect(recorded.appCalls.at(-1)).toBe('quit'), { timeout: 10_000 })
}

test('everything is sandboxed and the scheme is known before the app is ready', async () => {
  await start()
  const beforeReady = recorded.appCalls.slice(0, recorded.appCalls.indexOf('whenReady'))
  const appId = /^appId: (.+)$/m.exec(
    readFileSync(join(import.meta.dirname, '../../electron-builder.yml'), 'utf8'),
  )?.[1]
  expect(beforeReady).toEqual([
    'setName Hookline',
    `setAppUserModelId ${appId}`,
    'enableSandbox',
    'requestSingleInstanceLock',
  ])
  expect(recorded.schemes.map((scheme) => scheme.scheme)).toEqual(['app'])
  expect(recorded.handlers.has('app')).toBe(true)
  expect(recorded.permissionRequest).toBeDefined()
  expect(recorded.permissionCheck).toBeDefined()
  await quit()
})

test('a closed window waits in the tray, and a second start brings it back', async () => {
  await start()
  const [window] = recorded.windows
  const preventDefault = vi.fn()
  window?.emit('close', { preventDefault })
  expect(preventDefault).toHaveBeenCalledOnce()
  expect(window?.isShown).toBe(false)
  app.emit('second-instance', {}, ['hookline'])
  expect(window?.isShown).toBe(true)
  expect(window?.isFocused).toBe(true)
  expect(recorded.windows).toHaveLength(1)
  expect(recorded.trays).toHaveLength(1)
  await quit()
})

test('quitting lets the core end first', async () => {
  await start()
  await quit()
  expect(recorded.appCalls.slice(-2)).toEqual(['quit prevented', 'quit'])
  // A database that was closed in order leaves no log beside it.
  expect(existsSync(join(folder, 'hookline.db'))).toBe(true)
  expect(existsSync(join(folder, 'hookline.db-wal'))).toBe(false)
})

test('a second instance ends without touching anything', async () => {
  recorded.hasInstanceLock = false
  await runEntry()
  expect(recorded.appCalls).toContain('quit')
  expect(recorded.windows).toEqual([])
  expect(existsSync(join(folder, 'hookline.db'))).toBe(false)
})

test('a port that is taken is told in a sentence, and the app ends', async () => {
  const blocker = createServer().listen(0, '127.0.0.1')
  await once(blocker, 'listening')
  onTestFinished(() => {
    blocker.close()
  })
  // A server that listens on a port has an AddressInfo.
  const { port } = blocker.address() as AddressInfo
  vi.stubEnv('HOOKLINE_HOOK_PORT', String(port))
  await runEntry()
  await vi.waitFor(() => expect(recorded.appCalls.at(-1)).toBe('exit 1'), { timeout: 10_000 })
  expect(recorded.errorBoxes).toHaveLength(1)
  expect(recorded.errorBoxes[0]).toContain(`Port ${port}`)
})

test('a computer that wakes is looked after at once, and a network that went is noticed', async () => {
  await start()
  expect(powerMonitor.listenerCount('resume')).toBe(2)
  recorded.isOnline = false
  powerMonitor.emit('resume')
  await quit()
  expect(recorded.errorBoxes).toEqual([])
  expect(powerMonitor.listenerCount('resume')).toBe(0)
})

test.each(['abc', '65536', '-1', '1.5', '0x10'])('%s is no port, which is told in a sentence', async (port) => {
  vi.stubEnv('HOOKLINE_HOOK_PORT', port)
  await runEntry()
  await vi.waitFor(() => expect(recorded.appCalls.at(-1)).toBe('exit 1'))
  expect(recorded.errorBoxes).toEqual([
    expect.stringContaining(`HOOKLINE_HOOK_PORT is "${port}", which is no port: set it to`),
  ])
  expect(existsSync(join(folder, 'hookline.db'))).toBe(false)
})

test('a folder that another Hookline uses is told in words of this app, in a dialog and in the log', async () => {
  const { lockDataFolder } = await import('../../core/db/data-lock.ts')
  const unlock = lockDataFolder(folder, () => '')
  onTestFinished(unlock)
  await runEntry()
  await vi.waitFor(() => expect(recorded.appCalls.at(-1)).toBe('exit 1'), { timeout: 10_000 })
  expect(recorded.errorBoxes).toEqual([expect.stringContaining(`already uses the folder ${folder}`)])
  expect(recorded.errorBoxes[0]).toContain('HOOKLINE_DATA')
  expect(recorded.errorBoxes[0]).not.toContain('--data')
  expect(readFileSync(join(folder, 'logs', 'hookline.log'), 'utf8')).toContain('Hookline cannot start.')
})

test('a window whose process is gone is loaded again', async () => {
  await start()
  const [window] = recorded.windows
  window?.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 139 })
  expect(window?.webContents.reloads).toBe(1)
  expect(readFileSync(join(folder, 'logs', 'hookline.log'), 'utf8')).toContain('"reason":"crashed"')
  await quit()
})
