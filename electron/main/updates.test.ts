import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createUpdates, loadUpdater } from './updates.ts'

vi.mock('electron-updater', () => {
  class AppImageUpdater {}
  return { default: { autoUpdater: 'by what lies beside the archive', AppImageUpdater } }
})

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }

class Updater extends EventEmitter {
  channel = ''
  allowPrerelease = false
  allowDowngrade = true
  autoDownload = false
  autoInstallOnAppQuit = false
  logger: unknown = 'console'
  checks = 0
  installs: unknown[][] = []
  failure: Error | null = null
  async checkForUpdates(): Promise<void> {
    this.checks++
    if (this.failure !== null) throw this.failure
  }
  installFailure: 'none' | 'thrown' | 'event' = 'none'
  quitAndInstall(...words: unknown[]): void {
    this.installs.push(words)
    if (this.installFailure === 'thrown') throw new Error('EROFS')
    if (this.installFailure === 'event') this.emit('error', new Error('EROFS'))
  }
}

function updates(hindrance: string | null = null) {
  const updater = new Updater()
  const load = vi.fn(async () => updater as never) // what is used of the real one
  const beforeInstall = vi.fn(async () => undefined)
  const afterFailure = vi.fn()
  const made = createUpdates({ load, hindrance, log, changed: vi.fn(), beforeInstall, afterFailure })
  return { updater, load, beforeInstall, afterFailure, made }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())
const turns = () => vi.advanceTimersByTimeAsync(0)

test('an AppImage is updated as one, whatever its packer left in it for another package', async () => {
  expect((await loadUpdater('linux')).constructor.name).toBe('AppImageUpdater')
  expect(await loadUpdater('win32')).toBe('by what lies beside the archive')
})

test('while updates are off nothing is loaded and no server is asked', async () => {
  const { load, made } = updates()
  made.setChannel('off')
  await vi.advanceTimersByTimeAsync(7 * 86_400_000)
  expect(load).not.toHaveBeenCalled()
  await expect(made.check()).rejects.toThrow(/are off/)
})

test('it looks after a minute and four times a day, in the channel that was chosen, and never goes back', async () => {
  const { updater, made } = updates()
  made.setChannel('beta')
  await vi.advanceTimersByTimeAsync(59_000)
  expect(updater.checks).toBe(0)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(updater).toMatchObject({ checks: 1, channel: 'beta', allowPrerelease: true, allowDowngrade: false })
  await vi.advanceTimersByTimeAsync(86_400_000)
  expect(updater.checks).toBe(5)
  made.setChannel('stable')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(updater).toMatchObject({ channel: 'latest', allowPrerelease: false, allowDowngrade: false })
  made.close()
})

test('one that is loaded waits for the end of the runs under way; the core ends first', async () => {
  const { updater, beforeInstall, made } = updates()
  made.setBusy(true)
  made.setChannel('stable')
  await made.check()
  updater.emit('update-available', { version: '2.0.0' })
  expect(made.state()).toMatchObject({ state: 'loading', version: '2.0.0' })
  updater.emit('update-downloaded', { version: '2.0.0' })
  await turns()
  expect(made.state()).toMatchObject({ state: 'ready', note: expect.stringContaining('no run is under way') })
  expect(updater.installs).toEqual([])
  made.setBusy(false)
  await turns()
  expect(beforeInstall).toHaveBeenCalledOnce()
  expect(updater.installs).toEqual([[true, true]])
})

test('a person may want it at once', async () => {
  const { updater, made } = updates()
  made.setBusy(true)
  made.setChannel('stable')
  await expect(made.install()).rejects.toThrow('No update is loaded.')
  await made.check()
  updater.emit('update-downloaded', { version: '2.0.0' })
  await made.install()
  expect(updater.installs).toHaveLength(1)
})

test.each(['thrown', 'event'] as const)(
  'where it cannot be put in place (%s) the app is started as it was',
  async (how) => {
    const { updater, afterFailure, made } = updates()
    updater.installFailure = how
    made.setChannel('stable')
    await made.check()
    expect(afterFailure).not.toHaveBeenCalled()
    updater.emit('update-downloaded', { version: '2.0.0' })
    await turns()
    expect(updater.installs).toHaveLength(1)
    expect(afterFailure).toHaveBeenCalledOnce()
    made.close()
  },
)

test('what fails is told in a sentence and tried again later', async () => {
  const { updater, made } = updates()
  made.setChannel('stable')
  updater.failure = new Error('net::ERR_NAME_NOT_RESOLVED')
  await made.check()
  expect(made.state()).toMatchObject({ state: 'failed', note: expect.stringMatching(/could not be asked/) })
  updater.failure = null
  await made.check()
  updater.emit('error', new Error('sha512 checksum mismatch'))
  expect(made.state()).toMatchObject({ state: 'failed', note: expect.stringMatching(/could not be had/) })
})

test('a copy that cannot be updated by itself says why', async () => {
  const { load, made } = updates('This is a development build.')
  made.setChannel('stable')
  await vi.advanceTimersByTimeAsync(86_400_000)
  expect(load).not.toHaveBeenCalled()
  expect(made.state()).toEqual({ state: 'off', version: null, note: 'This is a development build.' })
  await expect(made.check()).rejects.toThrow('development build')
})
