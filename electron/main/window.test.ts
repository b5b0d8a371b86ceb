import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { nativeTheme, recorded, reset } from './electron.double.ts'
import { openShellFile, type Place, type ShellFile } from './shell-file.ts'
import { createWindow, givePermissions, guardAllContents } from './window.ts'

vi.mock('electron', () => import('./electron.double.ts'))
beforeEach(reset)

let file: ShellFile

function openedWindow(place: Place | null = null) {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-window-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  file = openShellFile(folder)
  if (place !== null) file.keep({ place })
  guardAllContents()
  createWindow(file, '/preload.cjs')
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
    spellcheck: process.platform === 'darwin',
  })
})

test('the window appears only when it has something to show', () => {
  const window = openedWindow()
  expect(window.isShown).toBe(false)
  window.emit('ready-to-show')
  expect(window.isShown).toBe(true)
})

test('it appears once the page is loaded where nothing tells that it is ready, and is not shown again by a reload', () => {
  const window = openedWindow()
  window.webContents.emit('did-finish-load')
  expect(window.isShown).toBe(true)
  window.hide()
  window.emit('ready-to-show')
  window.webContents.emit('did-finish-load')
  expect(window.isShown).toBe(false)
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

/** What the two handlers say to a page of `address`. */
function permitted(permission: string, address: string, isMainFrame: boolean): boolean[] {
  const answers: boolean[] = []
  Reflect.apply(recorded.permissionRequest ?? (() => undefined), undefined, [
    null,
    permission,
    (isGranted: boolean) => answers.push(isGranted),
    { requestingUrl: address, isMainFrame },
  ])
  answers.push(
    Reflect.apply(recorded.permissionCheck ?? (() => true), undefined, [null, permission, address, { isMainFrame }]),
  )
  return answers
}

test('our page may put what is copied into the clipboard', () => {
  givePermissions()
  expect(permitted('clipboard-sanitized-write', 'app://hookline/', true)).toEqual([true, true])
  expect(permitted('clipboard-sanitized-write', 'app://hookline/#/runs', true)).toEqual([true, true])
  expect(permitted('clipboard-sanitized-write', 'app://hookline', true)).toEqual([true, true])
})

test.each([
  ['clipboard-sanitized-write', 'app://hookline/', false],
  ['clipboard-sanitized-write', 'https://evil.example/', true],
  ['clipboard-sanitized-write', 'app://hookline.evil.example/', true],
  ['clipboard-sanitized-write', '', true],
  ...['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'fileSystem', 'hid'].map(
    (permission) => [permission, 'app://hookline/', true] as const,
  ),
] as const)('%s is not given to %s (main frame: %s)', (permission, address, isMainFrame) => {
  givePermissions()
  expect(permitted(permission, address, isMainFrame)).toEqual([false, false])
})

const params = {
  isEditable: true,
  selectionText: '',
  dictionarySuggestions: [] as string[],
  editFlags: { canUndo: true, canRedo: false, canCut: false, canCopy: false, canPaste: true, canSelectAll: true },
}

test('a field has the usual menu, with what can be done now', () => {
  openedWindow().webContents.emit('context-menu', {}, params)
  const [menu] = recorded.popups
  expect(menu?.flatMap(({ role, enabled }) => (role === undefined ? [] : [[role, enabled]]))).toEqual([
    ['undo', true],
    ['redo', false],
    ['cut', false],
    ['copy', false],
    ['paste', true],
    ['selectAll', true],
  ])
})

test('a misspelled word comes with suggestions, which replace it', () => {
  const { webContents } = openedWindow()
  webContents.emit('context-menu', {}, { ...params, dictionarySuggestions: ['receive', 'relieve', 'a', 'b', 'c', 'd'] })
  const [menu] = recorded.popups
  expect(menu?.slice(0, 6).map(({ label, type }) => label ?? type)).toEqual([
    'receive',
    'relieve',
    'a',
    'b',
    'c',
    'separator',
  ])
  Reflect.apply(menu?.[0]?.click ?? (() => undefined), undefined, [])
  expect(webContents.replaced).toEqual(['receive'])
})

test('selected text can be copied, and where nothing is selected there is no menu', () => {
  const { webContents } = openedWindow()
  webContents.emit('context-menu', {}, { ...params, isEditable: false, selectionText: 'x' })
  webContents.emit('context-menu', {}, { ...params, isEditable: false, selectionText: ' ' })
  expect(recorded.popups.map((menu) => menu.map(({ role }) => role))).toEqual([['copy']])
})

test('it opens where it was, also maximized, and is filled in the colours of its theme', () => {
  nativeTheme.shouldUseDarkColors = true
  const window = openedWindow({ x: 40, y: 50, width: 1_000, height: 700, isMaximized: true })
  expect(window.options).toMatchObject({ x: 40, y: 50, width: 1_000, height: 700, backgroundColor: '#101415' })
  expect(window.isMax).toBe(true)
  nativeTheme.shouldUseDarkColors = false
  nativeTheme.emit('updated')
  expect(window.background).toBe('#f5f6f7')
})

test('where it was closed is kept, of a maximized one the place that it goes back to', () => {
  const window = openedWindow()
  window.bounds = { x: -1_500, y: 20, width: 1_100, height: 700 }
  window.emit('close', {})
  expect(file.content().place).toEqual({ x: -1_500, y: 20, width: 1_100, height: 700, isMaximized: false })
})
