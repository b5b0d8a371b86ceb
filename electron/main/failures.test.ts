import { EventEmitter } from 'node:events'
import { beforeEach, expect, test, vi } from 'vitest'
import { app, BrowserWindow, recorded, reset } from './electron.double.ts'
import { logLostProcesses, recentRestarts, reloadWhenGone, restartOnErrors, tooManyRestarts } from './failures.ts'

vi.mock('electron', () => import('./electron.double.ts'))

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
const KINDS = ['uncaughtException', 'unhandledRejection'] as const
const NOW = 1_000_000_000_000

const kept: string[] = []

beforeEach(() => {
  reset()
  kept.length = 0
})

function failWith(error: unknown, args: readonly string[], kind: (typeof KINDS)[number] = 'uncaughtException'): void {
  const errors = new EventEmitter()
  restartOnErrors(
    log,
    (why) => kept.push(why),
    errors,
    args,
    () => NOW,
  )
  errors.emit(kind, error)
}

test.each(KINDS)('an app with an %s is logged and started again, and knows that it was', (kind) => {
  failWith(new Error('broken'), ['/electron', '/app', '--hidden'], kind)
  expect(log.error).toHaveBeenCalledWith(expect.stringContaining('nothing caught'), {
    error: expect.stringContaining('broken'),
  })
  expect(recorded.relaunchArgs).toEqual([['/app', '--hidden', `--hookline-restarts=${NOW}`]])
  expect(recorded.appCalls).toEqual(['exit 1'])
  expect(recentRestarts(recorded.relaunchArgs[0] ?? [], NOW + 59_000)).toEqual([NOW])
  expect(recentRestarts(recorded.relaunchArgs[0] ?? [], NOW + 60_000)).toEqual([])
})

test('what it was started to open is not opened again: a link would start its zap once more', () => {
  failWith('broken', [
    '/electron',
    '/app',
    'hookline://link/pay',
    'file:///home/ada/a.zap.json',
    '--hidden',
    'b.zap.json',
  ])
  expect(recorded.relaunchArgs).toEqual([['/app', '--hidden', `--hookline-restarts=${NOW}`]])
})

test('an AppImage is started again by its own file, as what it was mounted at is gone then', () => {
  app.isPackaged = true
  vi.stubEnv('APPIMAGE', '/home/ada/Hookline.AppImage')
  failWith('broken', ['/tmp/.mount_HookX/hookline'])
  expect(recorded.relaunchPrograms).toEqual(['/home/ada/Hookline.AppImage'])
  vi.unstubAllEnvs()
})

test.each([
  Object.create(null),
  Symbol('s'),
  Object.assign(new Error('x'), { message: 7, stack: {} }),
  { toString: () => ({}) },
])('whatever is thrown, it is started again', (thrown) => {
  failWith(thrown, ['/electron'])
  expect(recorded.relaunchArgs).toHaveLength(1)
  expect(recorded.appCalls).toEqual(['exit 1'])
})

test('why it failed is kept for the next start', () => {
  failWith(new Error('broken'), ['/electron'])
  expect(kept).toEqual(['broken'])
})

test('after four times in a minute it waits for the person at its window; should that fail too, it stays away', () => {
  const times = [NOW - 50_000, NOW - 30_000, NOW - 1]
  failWith('broken', ['/electron', '/app', `--hookline-restarts=${times.join(',')}`])
  const again = recorded.relaunchArgs[0] ?? []
  expect(tooManyRestarts(['/electron', ...again], NOW)).toMatch(/waits for you/)
  expect(tooManyRestarts(['/electron', `--hookline-restarts=${times.join(',')}`], NOW)).toBe(null)
  failWith('broken', ['/electron', ...again])
  expect(recorded.relaunchArgs).toHaveLength(1)
  expect(recorded.errorBoxes).toEqual([])
  expect(recorded.appCalls).toEqual(['exit 1', 'exit 1'])
})

test('restarts of long ago, of the future, and of no sense do not count', () => {
  failWith('broken', ['/electron', `--hookline-restarts=${NOW - 3_600_000},${NOW + 5},x,${NOW - 1},,NaN`])
  expect(recorded.relaunchArgs).toEqual([[`--hookline-restarts=${NOW - 1},${NOW}`]])
})

test('a page whose process is gone is loaded again, three times in a minute', () => {
  const window = new BrowserWindow({})
  let now = NOW
  // The double has of a window what is used of it.
  const tell = vi.fn()
  reloadWhenGone(window as never, log, tell, () => now)
  const fail = (reason: string): void => {
    window.webContents.emit('render-process-gone', {}, { reason, exitCode: 1 })
  }
  fail('clean-exit')
  expect(window.webContents.reloads).toBe(0)
  for (const reason of ['crashed', 'oom', 'killed', 'crashed']) fail(reason)
  expect(window.webContents.reloads).toBe(3)
  expect(tell.mock.calls.map(([{ title }]) => title)).toEqual([
    ...Array(3).fill('The window was loaded again'),
    'The window of Hookline keeps failing',
  ])
  expect(recorded.errorBoxes).toEqual([])
  now += 60_000
  fail('crashed')
  expect(window.webContents.reloads).toBe(4)
})

test('a lost process of Chromium is logged', () => {
  logLostProcesses(log)
  app.emit('child-process-gone', {}, { type: 'GPU', reason: 'crashed', exitCode: 5, name: 'GPU' })
  expect(log.warn).toHaveBeenCalledWith(expect.any(String), {
    type: 'GPU',
    name: 'GPU',
    reason: 'crashed',
    exitCode: 5,
  })
})
