import { beforeEach, expect, test, vi } from 'vitest'
import { recorded, reset } from './electron.double.ts'
import { createWindow, denyPermissions } from './window.ts'

vi.mock('electron', () => import('./electron.double.ts'))
beforeEach(reset)

function openedWindow() {
  createWindow('/preload.cjs')
  const [window] = recorded.windows
  if (window === undefined) throw new Error('no window was opened')
  return window
}

test('the window is sandboxed, isolated and without Node', () => {
  expect(openedWindow().options.webPreferences).toEqual({
    preload: '/preload.cjs',
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
    spellcheck: false,
  })
})

test('the window appears only when it has something to show', () => {
  const window = openedWindow()
  expect(window.isShown).toBe(false)
  window.emit('ready-to-show')
  expect(window.isShown).toBe(true)
})

test.each([
  ['app://hookline/', false],
  ['app://hookline/#/zaps', false],
  ['app://hookline.evil.example/', true],
  ['https://evil.example/', true],
  ['file:///etc/passwd', true],
])('whether going to %s is prevented: %s', (url, isPrevented) => {
  const preventDefault = vi.fn()
  openedWindow().webContents.emit('will-navigate', { url, preventDefault })
  expect(preventDefault).toHaveBeenCalledTimes(isPrevented ? 1 : 0)
})

test('nothing can be embedded', () => {
  const preventDefault = vi.fn()
  openedWindow().webContents.emit('will-attach-webview', { preventDefault })
  expect(preventDefault).toHaveBeenCalledOnce()
})

test.each([
  ['https://example.com/docs', ['https://example.com/docs']],
  ['mailto:someone@example.com', ['mailto:someone@example.com']],
  ['http://example.com/', []],
  ['file:///etc/passwd', []],
  ['javascript:alert(1)', []],
  ['ms-settings:', []],
  ['not a url', []],
])('a link to %s opens no window, and outside: %j', (url, outside) => {
  const answer = openedWindow().webContents.openHandler?.({
    url,
    frameName: '',
    features: '',
    disposition: 'foreground-tab',
    referrer: { url: '', policy: 'no-referrer' },
  })
  expect(answer).toEqual({ action: 'deny' })
  expect(recorded.openedOutside).toEqual(outside)
})

test('no permission of the web is ever given', () => {
  denyPermissions()
  const answers: boolean[] = []
  for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal'] as const) {
    Reflect.apply(recorded.permissionRequest ?? (() => undefined), undefined, [
      null,
      permission,
      (isGranted: boolean) => answers.push(isGranted),
      {},
    ])
    answers.push(Reflect.apply(recorded.permissionCheck ?? (() => true), undefined, [null, permission, '', {}]))
  }
  expect(answers).toHaveLength(10)
  expect(answers).not.toContain(true)
})
