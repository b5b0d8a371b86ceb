import { EventEmitter, once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { app, ipcMain, powerMonitor, recorded, reset } from './electron.double.ts'

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

/** Starts the main process, and waits for its window. */
async function open(): Promise<void> {
  await runEntry()
  await vi.waitFor(() => expect(recorded.windows.at(-1)?.loadedUrl).toBe('app://hookline/'), { timeout: 10_000 })
}

/** Starts it with its window on a real core, and waits until that works. */
async function start(): Promise<void> {
  await open()
  await working()
}

const working = () => vi.waitFor(() => expect(existsSync(join(folder, 'host.json'))).toBe(true), { timeout: 10_000 })

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
    'crashReporter keeps',
  ])
  expect(recorded.heardBeforeReady).toBe(0)
  expect(recorded.schemes.map((scheme) => scheme.scheme)).toEqual(['app'])
  expect(recorded.handlers.has('app')).toBe(true)
  expect(recorded.permissionRequest).toBeDefined()
  expect(recorded.permissionCheck).toBeDefined()
  await quit()
})

test('a data folder that is named from where the app was started is one', async () => {
  vi.stubEnv('HOOKLINE_DATA', relative(process.cwd(), folder))
  await start()
  expect(existsSync(join(folder, 'crashes'))).toBe(true)
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

test('to quit again while the core ends does not cut its end short', async () => {
  await start()
  app.quit()
  app.quit()
  app.quit()
  expect(recorded.appCalls.slice(-3)).toEqual(['quit prevented', 'quit prevented', 'quit prevented'])
  await vi.waitFor(() => expect(recorded.appCalls.at(-1)).toBe('quit'), { timeout: 10_000 })
  expect(existsSync(join(folder, 'hookline.db-wal'))).toBe(false)
  expect(JSON.parse(readFileSync(join(folder, 'desktop.json'), 'utf8')).running).toBe(null)
})

test('a folder that it was started in and that is gone keeps it from nothing', async () => {
  const { cwd } = process
  let isGone = true
  vi.spyOn(process, 'cwd').mockImplementation(() => {
    if (isGone) throw Object.assign(new Error('ENOENT: process.cwd failed'), { code: 'ENOENT' })
    return cwd.call(process)
  })
  vi.spyOn(process, 'chdir').mockImplementation(() => {
    isGone = false
  })
  onTestFinished(() => void vi.restoreAllMocks())
  await start()
  await quit()
})

test('the end of the computer waits for the end of the core', async () => {
  await start()
  const preventDefault = vi.fn()
  powerMonitor.emit('shutdown', { preventDefault })
  expect(preventDefault).toHaveBeenCalledOnce()
  await vi.waitFor(() => expect(recorded.appCalls.at(-1)).toBe('quit'), { timeout: 10_000 })
})

/** What the window hears of the start, and how it says what the person wants. */
function startPort() {
  const window = recorded.windows.at(-1)
  const port = Object.assign(new EventEmitter(), { start: vi.fn(), postMessage: vi.fn() })
  const calls = Object.assign(new EventEmitter(), { start: vi.fn(), postMessage: vi.fn(), close: vi.fn() })
  const { webContents } = window ?? {}
  ipcMain.emit('hookline:port', { sender: webContents, senderFrame: webContents?.mainFrame, ports: [calls, port] })
  return { told: () => port.postMessage.mock.lastCall?.[0], wish: (data: unknown) => port.emit('message', { data }) }
}

test('a port that is taken is told in the window, where another one is chosen and kept', async () => {
  const blocker = createServer().listen(0, '127.0.0.1')
  await once(blocker, 'listening')
  onTestFinished(() => {
    blocker.close()
  })
  // A server that listens on a port has an AddressInfo.
  const { port } = blocker.address() as AddressInfo
  vi.stubEnv('HOOKLINE_HOOK_PORT', String(port))
  await open()
  const { told, wish } = startPort()
  await vi.waitFor(() => expect(told()).toMatchObject({ kind: 'failed', port }), { timeout: 10_000 })
  expect(told().message).toContain(`Port ${port}`)
  wish({ kind: 'use-port', port: 0 })
  await vi.waitFor(() => expect(told()).toEqual({ kind: 'ready' }), { timeout: 10_000 })
  expect(JSON.parse(readFileSync(join(folder, 'desktop.json'), 'utf8')).settings.hookPort).toBe(0)
  await quit()
  expect(recorded.errorBoxes).toEqual([])
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
  await open()
  const { told, wish } = startPort()
  await vi.waitFor(() => expect(told()).toMatchObject({ kind: 'failed', port: 4781 }))
  expect(told().message).toContain(`HOOKLINE_HOOK_PORT is "${port}", which is no port: choose one here`)
  wish({ kind: 'quit' })
  await vi.waitFor(() => expect(recorded.appCalls.at(-1)).toBe('quit'))
})

test('a keychain that is locked keeps nothing from starting', async () => {
  recorded.isEncryptionAvailable = false
  await start()
  await vi.waitFor(() => expect(startPort().told()).toEqual({ kind: 'ready' }), { timeout: 10_000 })
  await quit()
})

test('a start at login opens no window, and is in the tray', async () => {
  const argv = process.argv
  process.argv = ['/app', '--hidden']
  onTestFinished(() => {
    process.argv = argv
  })
  await runEntry()
  await working()
  expect(recorded.windows).toEqual([])
  expect(recorded.trays).toHaveLength(1)
  await quit()
})

test('the tray is explained once', async () => {
  await start()
  const close = () => recorded.windows[0]?.emit('close', { preventDefault: vi.fn() })
  close()
  close()
  const titles = recorded.notifications.map(({ options }) => options.title)
  expect(titles).toEqual(['Hookline goes on in the tray'])
  await quit()
})

test('what did not end in order the last time is told at the next start, with why', async () => {
  writeFileSync(
    join(folder, 'desktop.json'),
    JSON.stringify({ running: { since: '2026-11-30T08:00:00.000Z', why: 'broken' } }),
  )
  await start()
  await vi.waitFor(() => expect(recorded.notifications).toHaveLength(1), { timeout: 10_000 })
  expect(recorded.notifications[0]?.options).toMatchObject({
    title: 'Hookline goes on where it was',
    body: expect.stringContaining('An error had ended it: broken'),
  })
  await quit()
  expect(JSON.parse(readFileSync(join(folder, 'desktop.json'), 'utf8')).running).toBe(null)
})

test('a computer that was switched off meanwhile is nothing to tell of', async () => {
  const running = { since: '2001-01-01T08:00:00.000Z', why: null }
  writeFileSync(join(folder, 'desktop.json'), JSON.stringify({ running }))
  await start()
  expect(readFileSync(join(folder, 'logs', 'hookline.log'), 'utf8')).toContain('The computer was switched off')
  expect(recorded.notifications).toEqual([])
  await quit()
})

test('an app that Windows ends with the session has ended in order', async () => {
  await start()
  recorded.windows[0]?.emit('session-end')
  expect(JSON.parse(readFileSync(join(folder, 'desktop.json'), 'utf8')).running).toBe(null)
  await quit()
})

test('the keys of the quick-run window open it, and it is not left open behind other windows', async () => {
  await start()
  await vi.waitFor(() => expect([...recorded.shortcuts.keys()]).toEqual(['CommandOrControl+Alt+Space']), {
    timeout: 10_000,
  })
  recorded.shortcuts.get('CommandOrControl+Alt+Space')?.()
  const [, quick] = recorded.windows
  expect(quick).toMatchObject({ loadedUrl: 'app://hookline/#/quick-run', isShown: true })
  expect(quick?.options.webPreferences).toEqual(recorded.windows[0]?.options.webPreferences)
  quick?.emit('blur')
  expect(quick?.isShown).toBe(false)
  await quit()
  expect(recorded.shortcuts.size).toBe(0)
})

test('a folder that another Hookline uses is told in words of this app, in its window and in the log', async () => {
  const { lockDataFolder } = await import('../../core/db/data-lock.ts')
  const unlock = lockDataFolder(folder, () => '')
  await open()
  const { told, wish } = startPort()
  await vi.waitFor(() => expect(told()).toMatchObject({ kind: 'failed', port: null }), { timeout: 10_000 })
  expect(told().message).toContain(`uses Hookline’s data in ${folder}`)
  expect(told().message).not.toContain('--data')
  expect(readFileSync(join(folder, 'logs', 'hookline.log'), 'utf8')).toContain('Hookline cannot start.')
  unlock()
  wish({ kind: 'try-again' })
  await working()
  await quit()
  expect(recorded.errorBoxes).toEqual([])
})

test('a quit while it starts lets it end in order', async () => {
  await open()
  await quit()
  expect(existsSync(join(folder, 'hookline.db-wal'))).toBe(false)
  expect(recorded.appCalls.slice(-2)).toEqual(['quit prevented', 'quit'])
})

test('a window whose process is gone is loaded again', async () => {
  await start()
  const [window] = recorded.windows
  window?.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 139 })
  expect(window?.webContents.reloads).toBe(1)
  expect(readFileSync(join(folder, 'logs', 'hookline.log'), 'utf8')).toContain('"reason":"crashed"')
  await quit()
})

test('a window that kept failing is loaded again when a person wants to see it, the quick-run window too', async () => {
  await start()
  const [window] = recorded.windows
  if (window !== undefined) window.webContents.hasCrashed = true
  app.emit('activate')
  expect(window?.webContents.reloads).toBe(1)
  await vi.waitFor(() => expect(recorded.shortcuts.size).toBe(1), { timeout: 10_000 })
  const press = () => recorded.shortcuts.get('CommandOrControl+Alt+Space')?.()
  press()
  const [, quick] = recorded.windows
  quick?.hide()
  if (quick !== undefined) quick.webContents.hasCrashed = true
  press()
  expect(recorded.windows).toHaveLength(3)
  expect(recorded.windows[2]).toMatchObject({ isShown: true, loadedUrl: 'app://hookline/#/quick-run' })
  await quit()
})

test.runIf(process.platform === 'linux')('on Wayland keys are asked for where they are to be had', async () => {
  recorded.switches.set('enable-features', 'Vulkan')
  await start()
  expect(recorded.switches.get('enable-features')).toBe('Vulkan,GlobalShortcutsPortal')
  await quit()
})
