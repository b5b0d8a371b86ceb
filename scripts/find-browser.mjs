// Finds a Chromium for the end-to-end tests, or installs one, and says what it does.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runQuietly } from './run-quietly.mjs'

const root = join(import.meta.dirname, '..')
// The one without a window first: it shows pages with an eighth less work, and tests have no window anyway.
const INSTALLED = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

const say = (text) => process.stderr.write(`browser: ${text}\n`)

async function playwrightsOwn() {
  const { chromium } = await import('@playwright/test')
  const path = chromium.executablePath()
  return path !== '' && existsSync(path) ? path : undefined
}

const run = (command, ...args) => runQuietly(command, args, { cwd: root })

/** The path of the browser that is named, or of one that is installed in its usual place; undefined where there is none. */
export const installedBrowser = () => process.env.HOOKLINE_BROWSER || INSTALLED.find((path) => existsSync(path))

/** The path of a Chromium or Chrome. Ends the process with a clear message when none is to be had. */
export async function findBrowser() {
  const named = process.env.HOOKLINE_BROWSER
  if (named) {
    if (existsSync(named)) return named
    say(`HOOKLINE_BROWSER names ${named}, which is not there.`)
    process.exit(1)
  }
  const found = installedBrowser() ?? (await playwrightsOwn())
  if (found !== undefined) return found
  say('none is installed; trying Playwright’s own download …')
  if (await run('npx', 'playwright', 'install', 'chromium')) {
    const own = await playwrightsOwn()
    if (own !== undefined) return own
  }
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say('that failed; installing Debian’s chromium …')
    await run('apt-get', 'update')
    for (const name of ['chromium-headless-shell', 'chromium']) {
      if ((await run('apt-get', 'install', '-y', name)) && existsSync(`/usr/bin/${name}`)) return `/usr/bin/${name}`
    }
  }
  say('no Chromium could be found or installed: install one, or name it in HOOKLINE_BROWSER.')
  process.exit(1)
}
