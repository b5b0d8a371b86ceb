import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { app, recorded, reset } from './electron.double.ts'
import { isStartedHidden, setLaunchAtLogin } from './login-item.ts'
import { addLoginShellPath } from './login-shell-path.ts'

vi.mock('electron', () => import('./electron.double.ts'))
beforeEach(reset)

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'hookline-login-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

test('on Linux a file starts it at login, without a window, and from wherever an AppImage lies', () => {
  const config = folder()
  const file = join(config, 'autostart', 'hookline.desktop')
  app.isPackaged = true
  const env = { XDG_CONFIG_HOME: config, APPIMAGE: '/home/ada/My $Apps/100%/Hook`line".AppImage' }
  setLaunchAtLogin(true, 'linux', env)
  const exec = readFileSync(file, 'utf8').match(/^Exec=(.*)$/m)?.[1]
  expect(exec).toBe(`${String.raw`"/home/ada/My \\$Apps/100%%/Hook\\`}\`${String.raw`line\\".AppImage" "--hidden"`}`)
  setLaunchAtLogin(false, 'linux', env)
  setLaunchAtLogin(false, 'linux', env)
  expect(existsSync(file)).toBe(false)
})

test('a name with a line break adds no line to that file, and a relative folder of settings counts for nothing', () => {
  const config = folder()
  app.isPackaged = true
  setLaunchAtLogin(true, 'linux', { XDG_CONFIG_HOME: config, APPIMAGE: '/home/ada/a\nExec=evil\r.AppImage' })
  const lines = readFileSync(join(config, 'autostart', 'hookline.desktop'), 'utf8').split(/[\r\n]/)
  expect(lines.filter((line) => line.startsWith('Exec='))).toEqual([
    String.raw`Exec="/home/ada/a\nExec=evil\r.AppImage" "--hidden"`,
  ])
  vi.stubEnv('HOME', config)
  setLaunchAtLogin(true, 'linux', { XDG_CONFIG_HOME: 'relative' })
  vi.unstubAllEnvs()
  expect(existsSync(join(config, '.config', 'autostart', 'hookline.desktop'))).toBe(true)
})

test('a folder that cannot be written to is named', () => {
  const config = folder()
  writeFileSync(join(config, 'autostart'), 'no folder')
  expect(() => setLaunchAtLogin(true, 'linux', { XDG_CONFIG_HOME: config })).toThrow(
    /hookline\.desktop cannot be written/,
  )
})

test('Windows and macOS have login items of their own', () => {
  app.isPackaged = true
  setLaunchAtLogin(true, 'win32', {})
  setLaunchAtLogin(true, 'darwin', {})
  setLaunchAtLogin(false, 'darwin', {})
  expect(recorded.loginItems).toEqual([
    { openAtLogin: true, args: ['--hidden'] },
    { openAtLogin: true },
    { openAtLogin: false },
  ])
})

test('a start at login is known from one by a person', () => {
  expect(isStartedHidden(['/app', '--hidden'], 'linux')).toBe(true)
  expect(isStartedHidden(['/app'], 'linux')).toBe(false)
  recorded.wasOpenedAtLogin = true
  expect(isStartedHidden(['/app'], 'darwin')).toBe(true)
})

const shell = (text: string): string => {
  const file = join(folder(), 'shell')
  writeFileSync(file, `#!/bin/sh\n${text}\n`)
  chmodSync(file, 0o700)
  return file
}

test.skipIf(process.platform === 'win32')(
  'what a login shell finds is found, once, behind what was there',
  async () => {
    const env: NodeJS.ProcessEnv = {
      PATH: '/usr/bin:/bin',
      SHELL: shell('echo "Welcome!"; PATH=/opt/homebrew/bin:/usr/bin:relative; eval "$2"; echo "bye"'),
    }
    await addLoginShellPath(env)
    expect(env.PATH).toBe('/usr/bin:/bin:/opt/homebrew/bin')
  },
)

test.skipIf(process.platform === 'win32')('a shell that fails or is no shell changes nothing', async () => {
  for (const SHELL of [shell('exit 3'), '/no/such/shell', 'relative', '']) {
    const env: NodeJS.ProcessEnv = { PATH: '/usr/bin', SHELL }
    await addLoginShellPath(env)
    expect(env.PATH).toBe('/usr/bin')
  }
})
