import { inflateSync } from 'node:zlib'
import { beforeEach, expect, test, vi } from 'vitest'
import { SealError } from '../../core/app.ts'
import { createKeyFileSecretBox } from '../../headless/key-file-secret-box.ts'
import { recorded, reset, safeStorage } from './electron.double.ts'
import { createNotifier } from './notifier.ts'
import { createSafeStorageSecretBox } from './safe-storage-secret-box.ts'
import { createTray } from './tray.ts'

vi.mock('electron', () => import('./electron.double.ts'))
beforeEach(reset)

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }

test('a secret that was sealed opens again, under its own name only, and is not stored in the clear', async () => {
  const box = await createSafeStorageSecretBox('linux')
  const sealed = await box.seal('pässword\n', 'shop')
  expect(Buffer.from(sealed).toString()).toMatch(/^hookline-sealed\/2 safe-storage\nv11/)
  expect(Buffer.from(sealed).toString()).not.toContain('pässword')
  expect(await box.open(sealed, 'shop')).toBe('pässword\n')
  expect(box.protection).toBe('keychain')
  for (const other of ['shop2', 'sho', '', 'shop"', 'shop\n'])
    await expect(box.open(sealed, other)).rejects.toThrow('belongs to another name')
})

test('what the headless host sealed is not taken for a secret, of whichever version it is', async () => {
  const box = await createSafeStorageSecretBox('linux')
  const ours = await box.seal('secret', 'shop')
  const keyFile = createKeyFileSecretBox(Buffer.alloc(32, 1))
  await expect(box.open(await keyFile.seal('secret', 'shop'), 'shop')).rejects.toThrow(/headless host.*enter it again/)
  await expect(keyFile.open(ours, 'shop')).rejects.toThrow(/desktop app.*enter it again/)
  await expect(box.open(Buffer.alloc(60, 7), 'shop')).rejects.toThrow(/headless host/)
  await expect(box.open(Buffer.alloc(0), 'shop')).rejects.toThrow(/headless host/)
  await expect(box.open(Buffer.from('hookline-sealed/2 other\nv11'), 'shop')).rejects.toThrow(/newer version/)
})

test('a secret of an earlier version opens, but not one of ours whose box was cut off', async () => {
  const box = await createSafeStorageSecretBox('linux')
  expect(await box.open(await safeStorage.encryptStringAsync('old'), 'shop')).toBe('old')
  const sealed = Buffer.from(await box.seal('secret', 'shop'))
  await expect(box.open(sealed.subarray(sealed.indexOf('\n') + 1), 'shop')).rejects.toThrow(SealError)
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
  expect(await createNotifier(log, showWindow).show({ title: 'Done', body: 'All of it' })).toBe(true)
  const [notification] = recorded.notifications
  expect(notification?.options).toEqual({ title: 'Done', body: 'All of it' })
  expect(notification?.isShown).toBe(true)
  notification?.emit('click')
  expect(showWindow).toHaveBeenCalledOnce()
})

test('where there are no notifications, the log has to do', async () => {
  recorded.isNotificationSupported = false
  expect(await createNotifier(log, vi.fn()).show({ title: 'Done' })).toBe(false)
  expect(recorded.notifications).toEqual([])
  expect(log.info).toHaveBeenCalledWith('Notification: Done')
})
