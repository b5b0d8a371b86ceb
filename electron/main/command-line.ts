import { chmodSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, isAbsolute, join, win32 } from 'node:path'
import type { ShellState } from '../../core/contract/values.ts'
import { startWords } from './login-item.ts'
import { isLink } from './opened.ts'

/** Says that the app is to be the `hookline` command, with what stands behind it. */
export const AS_COMMAND = '--hookline-command'

/** By which a script is known to be ours. */
const OURS = 'Written by the Hookline app'

/**
 * The words of a command, where the app was started as one; undefined else. What stands behind a link counts for nothing: a system that
 * hands a link over without care would let the page that made it say more than the link.
 */
export function commandWords(argv: readonly string[] = process.argv): readonly string[] | undefined {
  const at = argv.indexOf(AS_COMMAND)
  if (at === -1 || argv.slice(0, at).some(isLink)) return undefined
  // Behind the two dashes Chromium looks for nothing of its own.
  return argv.slice(argv[at + 1] === '--' ? at + 2 : at + 1)
}

type Place = { readonly platform: NodeJS.Platform; readonly env: NodeJS.ProcessEnv }
const HERE: Place = { platform: process.platform, env: process.env }

function scriptFile({ platform, env }: Place): string {
  const { HOME = '' } = env
  const home = isAbsolute(HOME) ? HOME : homedir()
  if (platform === 'win32')
    return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'Hookline', 'bin', 'hookline.cmd')
  return join(home, '.local', 'bin', 'hookline')
}

/** Where the `hookline` command is, or would be. */
export function commandLineState(place: Place = HERE): ShellState['commandLine'] {
  const path = scriptFile(place)
  const isFound = (place.env.PATH ?? '').split(delimiter).includes(dirname(path))
  const note = isFound
    ? null
    : place.platform === 'win32'
      ? `Add ${dirname(path)} to "Path" among your environment variables, so that terminals find it.`
      : `Add ${dirname(path)} to your PATH, such as by a line export PATH="$HOME/.local/bin:$PATH" in your shell’s start file.`
  if (!isThere(path)) return { state: 'absent', path, note: null }
  return isOurs(path) ? { state: 'installed', path, note } : { state: 'taken', path, note: null }
}

/** What cannot be looked at (a file where its folder should be, a folder that is locked) is told when it is to be written. */
function isThere(path: string): boolean {
  try {
    lstatSync(path)
    return true
  } catch {
    return false
  }
}

function isOurs(path: string): boolean {
  try {
    return lstatSync(path).isFile() && readFileSync(path, 'utf8').slice(0, 1_000).includes(OURS)
  } catch {
    return false
  }
}

/**
 * Puts a script where terminals look that starts this app as the `hookline` command, or takes it away again. The app is a Node no more
 * (its fuses forbid that), so it reads the words itself and opens no window.
 *
 * @throws Error with a sentence where another program has the name, or the folder cannot be written to.
 */
export function setCommandLine(isWanted: boolean, place: Place = HERE): void {
  const { state, path } = commandLineState(place)
  if (state === 'taken') throw new Error(`${path} is not of this app: move it away first, and nothing of it is lost.`)
  try {
    if (!isWanted) {
      rmSync(path, { force: true })
      return
    }
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, place.platform === 'win32' ? windowsScript(place) : shellScript(place))
    chmodSync(path, 0o755)
  } catch (error) {
    throw new Error(`${path} cannot be ${isWanted ? 'written' : 'removed'}: look at the permissions of its folder.`, {
      cause: error,
    })
  }
}

const inQuotes = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`

function shellScript({ platform, env }: Place): string {
  // Without a display there is nothing to be shown on, and nothing is.
  const headless = platform === 'linux' ? ' --ozone-platform=headless' : ''
  return `#!/bin/sh
# ${OURS}: starts it as a command, without a window.
exec ${startWords(env).map(inQuotes).join(' ')}${headless} ${AS_COMMAND} -- "$@"
`
}

function windowsScript(place: Place): string {
  const folder = win32.dirname(scriptFile(place))
  const words = startWords(place.env).map((word) => `"${besideScript(word, folder)}"`)
  // In a batch file a program with windows is waited for, and it has the console by its handles. What is no ASCII is read as the console's code page has it.
  const asUtf8 = /[^\0-\x7f]/.test(words.join('')) ? '@chcp 65001 >nul\r\n' : ''
  return `${asUtf8}@echo off\r\nrem ${OURS}: starts it as a command, without a window.\r\n${words.join(' ')} ${AS_COMMAND} -- %*\r\n`
}

/** As seen from the script, where both are on one disk: so a person's name in the path is not in the file. */
function besideScript(word: string, folder: string): string {
  const way = win32.isAbsolute(word) ? win32.relative(folder, word) : word
  return (way === word || win32.isAbsolute(way) ? '' : '%~dp0') + way.replaceAll('%', '%%')
}
