import { realpath } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Log } from '../domain/host/log.ts'
import { type AllowedFolders, isInside } from './allowed-folders.ts'

/** What steps could change or read in a folder that is allowed, by what it means. Paths without a root are in the home folder. */
const DELICATE: readonly { readonly words: string; readonly paths: readonly string[] }[] = [
  {
    words: 'what every terminal runs when it opens (.bashrc, .profile, .zshrc)',
    paths: [
      '.bashrc',
      '.bash_profile',
      '.profile',
      '.zshrc',
      '.zprofile',
      '.zshenv',
      '.config/fish',
      ...(process.platform === 'win32' ? ['Documents/PowerShell', 'Documents/WindowsPowerShell'] : []),
    ],
  },
  {
    words: 'what starts with the computer (autostart)',
    paths: [
      '.config/autostart',
      '.config/systemd',
      '.local/share/applications',
      'Library/LaunchAgents',
      'AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Startup',
      '/etc',
      '/Library/LaunchDaemons',
      '/Library/LaunchAgents',
      '/var/spool/cron',
    ],
  },
  {
    words: 'your keys and sign-ins (.ssh, .gnupg, .aws)',
    paths: [
      '.ssh',
      '.gnupg',
      '.aws',
      '.azure',
      '.kube',
      '.docker',
      '.netrc',
      '.npmrc',
      '.git-credentials',
      '.config/gh',
      '.config/gcloud',
      '.password-store',
      '.local/share/keyrings',
      'Library/Keychains',
      'AppData/Roaming/Microsoft/Credentials',
      '/root/.ssh',
    ],
  },
  {
    words: 'your browsers, with what they are signed in to',
    paths: [
      '.mozilla',
      '.config/google-chrome',
      '.config/chromium',
      '.config/BraveSoftware',
      'snap/firefox',
      'Library/Application Support/Google/Chrome',
      'Library/Application Support/Firefox',
      'Library/Cookies',
      'AppData/Local/Google/Chrome/User Data',
      'AppData/Roaming/Mozilla',
    ],
  },
  {
    words: 'programs that you run (.local/bin, bin)',
    paths: ['.local/bin', 'bin', '/bin', '/usr', '/opt', '/Applications', 'C:\\Windows', 'C:\\Program Files'],
  },
]

/**
 * What allowing a folder would open beside what is meant, as a sentence; null for an ordinary folder. Links are followed first. It is a
 * matter of names: that a file is not there yet does not keep a step from making it.
 */
export async function folderRisk(folder: string, home: string = homedir()): Promise<string | null> {
  const path = resolve(folder)
  const real = await realpath(path).catch(() => path)
  const realHome = await realpath(home).catch(() => home)
  const opens = (delicate: string): boolean => {
    const places = [resolve(home, delicate), resolve(realHome, delicate)]
    return places.some((place) => [path, real].some((one) => isInside(one, place) || isInside(place, one)))
  }
  const found = DELICATE.filter(({ paths }) => paths.some(opens)).map(({ words }) => words)
  if (found.length === 0) return null
  const isHome = isInside(real, realHome)
  const list = found.length === 1 ? found[0] : `${found.slice(0, -1).join('; ')}; and ${found.at(-1)}`
  const instead = join(isHome ? home : path, 'Hookline')
  return `Every zap could then read and change ${list}. A folder for zaps alone, such as ${instead}, opens none of that.`
}

/** Logs what the folders open that the environment or the settings allow. */
export async function warnOfFolderRisks(folders: AllowedFolders, log: Log): Promise<void> {
  for (const { path, from } of folders.list()) {
    const risk = from === 'hookline' ? null : await folderRisk(path)
    if (risk !== null) log.warn(`Steps may use the folder ${path}. ${risk}`, { from })
  }
}
