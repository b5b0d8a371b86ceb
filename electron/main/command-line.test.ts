import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { commandLineState, commandWords, setCommandLine } from './command-line.ts'
import { app, reset } from './electron.double.ts'

vi.mock('electron', () => import('./electron.double.ts'))
beforeEach(() => {
  reset()
  app.isPackaged = true
})

function home(): string {
  const made = mkdtempSync(join(tmpdir(), 'hookline-command-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

test('the words of a command are those behind the mark, whatever they are', () => {
  expect(commandWords(['/app', '--x', '--hookline-command', '--', 'zap', 'list', '--', '-h'])).toEqual([
    'zap',
    'list',
    '--',
    '-h',
  ])
  expect(commandWords(['/app', '--hookline-command'])).toEqual([])
  expect(commandWords(['/app', 'zap', 'list'])).toBeUndefined()
  // A link that breaks out of its quotes starts no command.
  expect(commandWords(['/app', 'hookline://run/x', '--hookline-command', '--', 'zap', 'run', 'x'])).toBeUndefined()
})

test.skipIf(process.platform === 'win32')('the command starts this app with its words as they are', () => {
  const HOME = home()
  const program = join(HOME, `it's "a" $program`)
  writeFileSync(program, '#!/bin/sh\nfor word in "$@"; do printf "%s\\n" "<$word>"; done\n')
  chmodSync(program, 0o700)
  const place = { platform: 'linux' as const, env: { HOME, APPIMAGE: program, PATH: '/usr/bin' } }
  expect(commandLineState(place)).toEqual({ state: 'absent', path: join(HOME, '.local/bin/hookline'), note: null })
  setCommandLine(true, place)
  expect(commandLineState(place)).toMatchObject({ state: 'installed', note: expect.stringContaining('.local/bin') })
  const said = execFileSync(join(HOME, '.local/bin/hookline'), ['zap', 'a b', "it's", '$HOME', '*']).toString()
  expect(said.split('\n').slice(0, -1)).toEqual([
    '<--ozone-platform=headless>',
    '<--hookline-command>',
    '<-->',
    '<zap>',
    '<a b>',
    "<it's>",
    '<$HOME>',
    '<*>',
  ])
  setCommandLine(false, place)
  expect(existsSync(join(HOME, '.local/bin/hookline'))).toBe(false)
})

test('what another program has put there stays as it is', () => {
  const HOME = home()
  mkdirSync(join(HOME, '.local/bin'), { recursive: true })
  const path = join(HOME, '.local/bin/hookline')
  const place = { platform: 'linux' as const, env: { HOME } }
  writeFileSync(path, '#!/bin/sh\necho another\n')
  expect(() => setCommandLine(true, place)).toThrow(/is not of this app/)
  expect(() => setCommandLine(false, place)).toThrow(/is not of this app/)
  expect(readFileSync(path, 'utf8')).toContain('another')
  rmSync(path)
  symlinkSync('/etc/passwd', path)
  expect(() => setCommandLine(true, place)).toThrow(/is not of this app/)
})

test('a place that cannot be looked at is told when it is to be written, and not before', () => {
  const HOME = home()
  writeFileSync(join(HOME, '.local'), 'no folder')
  const place = { platform: 'linux' as const, env: { HOME } }
  expect(commandLineState(place).state).toBe('absent')
  expect(() => setCommandLine(true, place)).toThrow(/cannot be written: look at the permissions/)
  // Not the folder that the app happens to stand in.
  expect(commandLineState({ platform: 'linux', env: { HOME: '' } }).path).toMatch(/^\//)
})

test('on Windows a name that is not ASCII keeps the command from nothing', () => {
  const LOCALAPPDATA = join(home(), 'Jörg 100%', 'Local')
  const script = (program: string): string => {
    setCommandLine(true, { platform: 'win32', env: { LOCALAPPDATA, APPIMAGE: program } })
    return readFileSync(join(LOCALAPPDATA, 'Hookline', 'bin', 'hookline.cmd'), 'utf8')
  }
  const beside = script(join(LOCALAPPDATA, 'Programs', 'Hookline', 'Hookline.exe'))
  expect(beside).toContain('\r\n"%~dp0..\\..\\Programs\\Hookline\\Hookline.exe" --hookline-command')
  expect(beside).not.toContain('chcp')
  const elsewhere = script('D:\\Müll 50%\\Hookline.exe')
  expect(elsewhere).toMatch(/^@chcp 65001 >nul\r\n/)
  expect(elsewhere).toContain('"D:\\Müll 50%%\\Hookline.exe"')
})

test('on Windows it is a batch file', () => {
  const LOCALAPPDATA = home()
  const place = { platform: 'win32' as const, env: { LOCALAPPDATA } }
  setCommandLine(true, place)
  expect(readFileSync(join(LOCALAPPDATA, 'Hookline', 'bin', 'hookline.cmd'), 'utf8')).toContain(
    '--hookline-command -- %*\r\n',
  )
})
