import { inflateSync } from 'node:zlib'
import { beforeEach, expect, test, vi } from 'vitest'
import { recorded, reset } from './electron.double.ts'
import { createNotifier } from './notifier.ts'
import { createSafeStorageSecretBox } from './safe-storage-secret-box.ts'
import { createTray } from './tray.ts'

vi.mock('electron', () => import('./electron.double.ts'))
beforeEach(reset)

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }

test('a secret that was sealed opens again, and is not stored in the clear', async () => {
  const box = await createSafeStorageSecretBox('linux')
  const sealed = await box.seal('pässword')
  expect(await box.open(sealed)).toBe('pässword')
  expect(box.protection).toBe('keychain')
})

test.each(['basic_text', 'unknown'] as const)('the Linux backend %s is called weak', async (backend) => {
  recorded.backend = backend
  expect((await createSafeStorageSecretBox('linux')).protection).toBe('weak')
  expect((await createSafeStorageSecretBox('darwin')).protection).toBe('keychain')
})

test('a system without encryption is told so, instead of keeping secrets in the clear', async () => {
  recorded.isEncryptionAvailable = false
  await expect(createSafeStorageSecretBox('linux')).rejects.toThrow(/keychain/)
})

test('the tray opens, pauses, resumes and quits', async () => {
  let isPaused = false
  const actions = {
    open: vi.fn(),
    quit: vi.fn(),
    isPaused: () => isPaused,
    setPaused: async (paused: boolean) => {
      isPaused = paused
    },
  }
  createTray(actions)
  const [tray] = recorded.trays
  const click = (label: string): unknown => {
    const item = tray?.menu.find((entry) => entry.label === label)
    if (item === undefined) throw new Error(`the tray has no "${label}"`)
    return Reflect.apply(item.click ?? (() => undefined), undefined, [])
  }
  click('Open Hookline')
  expect(actions.open).toHaveBeenCalledOnce()
  click('Pause all zaps')
  await vi.waitFor(() => click('Resume all zaps'))
  await vi.waitFor(() => expect(tray?.menu.map((item) => item.label)).toContain('Pause all zaps'))
  expect(isPaused).toBe(false)
  click('Quit')
  expect(actions.quit).toHaveBeenCalledOnce()
})

test('the icon of the tray is a picture', () => {
  createTray({ open: vi.fn(), quit: vi.fn(), isPaused: () => false, setPaused: vi.fn() })
  const [tray] = recorded.trays
  if (tray === undefined) throw new Error('there is no tray')
  const { url } = tray.icon
  const png = Buffer.from(url.replace('data:image/png;base64,', ''), 'base64')
  const start = png.indexOf('IDAT') + 4
  const pixels = inflateSync(png.subarray(start, start + png.readUInt32BE(start - 8)))
  expect(png.readUInt32BE(16)).toBe(32)
  expect(pixels.length).toBe(32 * (1 + 32 * 4))
  expect(pixels.some((byte) => byte > 0)).toBe(true)
})

test('a notification is shown, and a click on it brings the window back', async () => {
  const showWindow = vi.fn()
  await createNotifier(log, showWindow).show({ title: 'Done', body: 'All of it' })
  const [notification] = recorded.notifications
  expect(notification?.options).toEqual({ title: 'Done', body: 'All of it' })
  expect(notification?.isShown).toBe(true)
  notification?.emit('click')
  expect(showWindow).toHaveBeenCalledOnce()
})

test('where there are no notifications, the log has to do', async () => {
  recorded.isNotificationSupported = false
  await createNotifier(log, vi.fn()).show({ title: 'Done' })
  expect(recorded.notifications).toEqual([])
  expect(log.info).toHaveBeenCalledWith('Notification: Done')
})
