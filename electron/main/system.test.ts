import { inflateSync } from 'node:zlib'
import { beforeEach, expect, test, vi } from 'vitest'
import { SealError } from '../../core/app.ts'
import { createKeyFileSecretBox } from '../../headless/key-file-secret-box.ts'
import { createAwake } from './awake.ts'
import { BrowserWindow, recorded, reset, safeStorage } from './electron.double.ts'
import { createNotifier } from './notifier.ts'
import { createSafeStorageSecretBox } from './safe-storage-secret-box.ts'
import { createTray, showBadge } from './tray.ts'

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

test('how Chromium marks what it seals says on Linux whether there is a keychain', async () => {
  recorded.sealMark = 'v10'
  expect((await createSafeStorageSecretBox('linux')).protection).toBe('weak')
  // There it is the mark of the keychain's own key.
  expect((await createSafeStorageSecretBox('darwin')).protection).toBe('keychain')
  recorded.sealMark = 'v12'
  expect((await createSafeStorageSecretBox('linux')).protection).toBe('keychain')
})

test('a keychain that is locked is no reason not to start: each secret says so, until it is unlocked', async () => {
  const sealed = await (await createSafeStorageSecretBox('linux')).seal('secret', 'shop')
  recorded.isEncryptionAvailable = false
  const box = await createSafeStorageSecretBox('linux')
  expect(box.protection).toBe('locked')
  await expect(box.open(sealed, 'shop')).rejects.toThrow(/keychain of this system is locked/)
  await expect(box.seal('x', 'shop')).rejects.toThrow(SealError)
  await box.lookAgain?.()
  expect(box.protection).toBe('locked')
  recorded.isEncryptionAvailable = true
  expect(await box.open(sealed, 'shop')).toBe('secret')
  await box.lookAgain?.()
  expect(box.protection).toBe('keychain')
})

test('what was sealed with a key that goes out of use is sealed anew', async () => {
  const box = await createSafeStorageSecretBox('linux')
  const sealed = await box.seal('secret', 'shop')
  const reseal = vi.fn<(sealed: Uint8Array) => void>()
  await box.open(sealed, 'shop', reseal)
  expect(reseal).not.toHaveBeenCalled()
  recorded.shouldReEncrypt = true
  recorded.sealMark = 'v12'
  expect(await box.open(sealed, 'shop', reseal)).toBe('secret')
  const [[anew] = []] = reseal.mock.calls
  expect(Buffer.from(anew ?? []).toString()).toContain('\nv12')
  expect(await box.open(anew ?? new Uint8Array(), 'shop')).toBe('secret')
})

function tray(platform: NodeJS.Platform = 'linux') {
  const actions = { open: vi.fn(), quit: vi.fn(), quickRun: vi.fn(), setPaused: vi.fn(async () => undefined) }
  const icon = createTray(actions, platform)
  const made = recorded.trays.at(-1)
  if (made === undefined) throw new Error('there is no tray')
  const click = (label: string): unknown => {
    const item = made.menu.find((entry) => entry.label === label)
    if (item === undefined) throw new Error(`the tray has no "${label}"`)
    return Reflect.apply(item.click ?? (() => undefined), undefined, [])
  }
  return { actions, icon, made, click, labels: () => made.menu.flatMap(({ label }) => label ?? []) }
}

test('the tray opens, runs, pauses and quits, and follows what is paused elsewhere', () => {
  const { actions, icon, click, labels } = tray()
  click('Open Hookline')
  click('Run a zap…')
  click('Pause all zaps')
  click('Quit')
  expect(actions.open).toHaveBeenCalledExactlyOnceWith()
  expect(actions.quickRun).toHaveBeenCalledOnce()
  expect(actions.setPaused).toHaveBeenCalledExactlyOnceWith(true)
  expect(actions.quit).toHaveBeenCalledOnce()
  icon.show({ isPaused: true, approvals: 0, incidents: 0 })
  expect(labels()).toContain('Resume all zaps')
  click('Resume all zaps')
  expect(actions.setPaused).toHaveBeenLastCalledWith(false)
})

test('a menu that is open stays as it is while nothing is new', () => {
  const { icon, made } = tray()
  const { menu } = made
  for (let n = 0; n < 100; n++) icon.show({ isPaused: false, approvals: 0, incidents: 0 })
  expect(made.menu).toBe(menu)
  icon.show({ isPaused: false, approvals: 1_000, incidents: 0 })
  expect(made.menu).not.toBe(menu)
})

test('what needs a person is counted in the tray, with the way to it, and has an icon of its own', () => {
  const { actions, icon, made, click, labels } = tray()
  const usual = made.icon.url
  icon.show({ isPaused: false, approvals: 2, incidents: 1 })
  expect(made.toolTip).toBe('Hookline: 2 approvals wait, 1 incident')
  expect(labels()).toEqual(expect.arrayContaining(['2 approvals wait', '1 incident']))
  click('2 approvals wait')
  click('1 incident')
  expect(actions.open.mock.calls).toEqual([['/approvals'], ['/outbox']])
  expect(made.icon.url).not.toBe(usual)
  icon.show({ isPaused: true, approvals: 0, incidents: 0 })
  expect(made.icon.url).not.toBe(usual)
  icon.show({ isPaused: false, approvals: 0, incidents: 0 })
  expect(made.icon.url).toBe(usual)
  expect(made.toolTip).toBe('Hookline')
})

test('on macOS a click is for the menu, the icon is a template twice as fine, and the number stands beside it', () => {
  const { actions, icon, made } = tray('darwin')
  made.emit('click')
  expect(actions.open).not.toHaveBeenCalled()
  expect(made.icon).toMatchObject({ isTemplate: true })
  icon.show({ isPaused: false, approvals: 1, incidents: 2 })
  expect(made.title).toBe('3')
  const other = tray('linux')
  other.made.emit('click')
  expect(other.actions.open).toHaveBeenCalledOnce()
})

test('the number is on the app’s own icon, in the way of each system', () => {
  const window = new BrowserWindow({})
  const standing = { isPaused: false, approvals: 1, incidents: 1 }
  showBadge(standing, window as never, 'darwin') // the double has what is used of a window
  expect(recorded.badgeCount).toBe(2)
  showBadge(standing, window as never, 'win32')
  expect(window.overlay[1]).toBe('Hookline: 1 approval waits, 1 incident')
  showBadge({ ...standing, approvals: 0, incidents: 0 }, window as never, 'win32')
  expect(window.overlay).toEqual([null, ''])
})

test.each(['linux', 'darwin'] as const)('the icons of the tray are pictures of the right size on %s', (platform) => {
  const { made } = tray(platform)
  for (const [url, size] of [
    [made.icon.url, 16],
    [made.icon.url2x, 32],
  ] as const) {
    const png = Buffer.from(url.replace('data:image/png;base64,', ''), 'base64')
    expect(png.readUInt32BE(16)).toBe(size)
    const parts: Buffer[] = []
    // Behind the mark of PNG: length, name, content and checksum of each chunk.
    for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
      if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
        parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)))
    expect(inflateSync(Buffer.concat(parts)).some((byte) => byte > 0)).toBe(true)
  }
})

const acts = () => ({ open: vi.fn(), answer: vi.fn() })

test('a click on a notification leads to what it is about', async () => {
  const done = acts()
  const notifier = createNotifier(log, done)
  expect(await notifier.show({ title: 'Done', body: 'All of it', opens: '/runs/run_1' })).toBe(true)
  const [notification] = recorded.notifications
  expect(notification?.options).toEqual({ title: 'Done', body: 'All of it' })
  expect(notification?.isShown).toBe(true)
  notification?.emit('click')
  expect(done.open).toHaveBeenCalledExactlyOnceWith('/runs/run_1')
})

test('a question with plain answers is answered where it is read; one with more than fit is opened', async () => {
  const done = acts()
  const notifier = createNotifier(log, done)
  const answers = [
    { id: 'approved', label: 'Refund' },
    { id: 'declined', label: 'Keep' },
  ]
  const asks = { runId: 'run_1', step: 'ask', scope: '', answers }
  await notifier.show({ title: 'Your answer is needed', asks, opens: '/approvals' })
  const [notification] = recorded.notifications
  expect(notification?.options.actions).toEqual([
    { type: 'button', text: 'Refund' },
    { type: 'button', text: 'Keep' },
  ])
  notification?.emit('action', { actionIndex: 1 })
  expect(done.answer).toHaveBeenCalledExactlyOnceWith(asks, 'declined')
  notification?.emit('action', { actionIndex: 7 })
  expect(done.answer).toHaveBeenCalledOnce()
  await notifier.show({ title: 'Which?', asks: { ...asks, answers: [...answers, { id: 'third', label: 'Third' }] } })
  expect(recorded.notifications[1]?.options.actions).toBeUndefined()
})

test('a notification that the system refuses was not shown', async () => {
  recorded.notificationFailure = 'The app has no shortcut'
  expect(await createNotifier(log, acts()).show({ title: 'Done' })).toBe(false)
  expect(log.warn).toHaveBeenCalledWith(expect.any(String), { error: 'The app has no shortcut' })
})

test('where there are no notifications, the log has to do', async () => {
  recorded.isNotificationSupported = false
  expect(await createNotifier(log, acts()).show({ title: 'Done' })).toBe(false)
  expect(recorded.notifications).toEqual([])
  expect(log.info).toHaveBeenCalledWith('Notification: Done')
})

test('the computer is kept awake while that is wanted, and not twice', () => {
  const awake = createAwake()
  awake.set(false)
  awake.set(true)
  awake.set(true)
  expect(recorded.awake.size).toBe(1)
  awake.set(false)
  expect(recorded.awake.size).toBe(0)
})
