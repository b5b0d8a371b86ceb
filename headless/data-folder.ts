import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** The platform's folder for application data; the desktop app's `userData` is the same. */
export function defaultDataDir(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string {
  if (platform === 'win32') return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Hookline')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Hookline')
  return join(env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'Hookline')
}

/** The data folder that a command means: `--data`, or `HOOKLINE_DATA`, or the platform's. */
export function dataDirOf(option: string | undefined): string {
  const named = option ?? process.env.HOOKLINE_DATA
  return named === undefined || named === '' ? defaultDataDir(process.platform, process.env) : resolve(named)
}
