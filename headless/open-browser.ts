import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Whether there is a screen to open a window on. */
export function hasDisplay(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): boolean {
  return platform === 'win32' || platform === 'darwin' || Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY)
}

const APP_WINDOW_BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge']

/**
 * Opens the screens: as a window of their own where there is a Chromium or Chrome, else in the default browser. Gives false when there
 * is no display or nothing to open them with; the printed address is then the way in.
 */
export function openBrowser(url: string, env: NodeJS.ProcessEnv = process.env): boolean {
  const { platform } = process
  if (!hasDisplay(platform, env)) return false
  const command = browserCommand(url, platform, env)
  if (command === undefined) return false
  const [program, ...args] = command
  const child = spawn(program, args, { detached: true, stdio: 'ignore' })
  // Without this a browser that fails to start would end the host.
  child.on('error', () => undefined)
  child.unref()
  return true
}

function browserCommand(
  url: string,
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
): [program: string, ...args: string[]] | undefined {
  if (platform === 'darwin') return ['open', url]
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url]
  const isRoot = process.getuid?.() === 0
  const appWindow = APP_WINDOW_BROWSERS.find((name) => isOnPath(name, env))
  if (appWindow !== undefined) return [appWindow, `--app=${url}`, ...(isRoot ? ['--no-sandbox'] : [])]
  return isOnPath('xdg-open', env) ? ['xdg-open', url] : undefined
}

function isOnPath(name: string, env: NodeJS.ProcessEnv): boolean {
  return (env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, name)))
}
