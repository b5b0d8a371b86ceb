import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { createDesktop } from './desktop.ts'
import { app, recorded, reset } from './electron.double.ts'

vi.mock('electron', () => import('./electron.double.ts'))
beforeEach(reset)

function desktop() {
  const made = createDesktop()
  onTestFinished(made.close)
  return made
}

test('a link that is opened is heard, by an event or by the arguments of a second start', () => {
  const { links } = desktop()
  const heard: string[] = []
  const stop = links?.((url) => heard.push(url))
  expect(recorded.appCalls).toContain('setAsDefaultProtocolClient hookline')
  const event = { preventDefault: vi.fn() }
  app.emit('open-url', event, 'hookline://link/a')
  app.emit('open-url', event, 'https://example.com')
  app.emit('second-instance', {}, ['/opt/hookline', '--flag', 'HOOKLINE://link/b'])
  expect(heard).toEqual(['hookline://link/a', 'HOOKLINE://link/b'])
  expect(event.preventDefault).toHaveBeenCalledTimes(2)
  stop?.()
  app.emit('open-url', event, 'hookline://link/c')
  expect(heard).toHaveLength(2)
})

test('the system is not asked for links before a zap wants them', () => {
  desktop()
  expect(recorded.appCalls.join()).not.toContain('setAsDefaultProtocolClient')
})

test('keys are registered and given back; those of another program, and those that there are not, are not had', () => {
  const { hotkeys } = desktop()
  const pressed = vi.fn()
  const giveBack = hotkeys?.('CmdOrCtrl+K', pressed)
  recorded.shortcuts.get('CmdOrCtrl+K')?.()
  expect(pressed).toHaveBeenCalledOnce()
  giveBack?.()
  expect(recorded.shortcuts.size).toBe(0)
  recorded.takenKeys = ['Ctrl+T']
  expect(hotkeys?.('Ctrl+T', pressed)).toBeNull()
  expect(hotkeys?.('Ctrl+Bogus', pressed)).toBeNull()
})

test('all keys are given back when the app ends', () => {
  const made = createDesktop()
  made.hotkeys?.('CmdOrCtrl+K', () => undefined)
  made.close()
  expect(recorded.shortcuts.size).toBe(0)
})

test('the clipboard is read and written', async () => {
  const { clipboard } = desktop()
  await clipboard?.write('copied')
  expect([recorded.clipboard, await clipboard?.read()]).toEqual(['copied', 'copied'])
})

test('addresses and files are opened by the system, and say why where they are not', async () => {
  const { open } = desktop()
  await open?.({ kind: 'address', url: 'https://example.com/' })
  await open?.({ kind: 'file', path: '/home/ada/a.pdf' })
  expect(recorded.openedOutside).toEqual(['https://example.com/', '/home/ada/a.pdf'])
  await expect(open?.({ kind: 'file', path: '/home/ada/a.none' })).rejects.toThrow('No application is registered')
})

test.skipIf(process.platform !== 'linux')('an app that there is not is told by its name', async () => {
  const { open } = desktop()
  await expect(open?.({ kind: 'app', name: 'no-such-app-anywhere' })).rejects.toThrow('no-such-app-anywhere')
})
