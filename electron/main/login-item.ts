import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { app } from 'electron'

/** Of an app that the system starts: it begins without a window. */
const HIDDEN = '--hidden'

/** Whether the system started the app at login, so that no window is wanted yet. */
export function isStartedHidden(args: readonly string[] = process.argv, platform = process.platform): boolean {
  return args.includes(HIDDEN) || (platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin)
}

/** What starts this app again: an AppImage is mounted elsewhere each time, so that its own file is meant; in development Electron needs the app's folder. */
export function startWords(env: NodeJS.ProcessEnv = process.env): readonly string[] {
  return app.isPackaged ? [env.APPIMAGE ?? process.execPath] : [process.execPath, app.getAppPath()]
}

/**
 * Has the system start the app at each login, or not any more.
 *
 * @throws Error with a sentence where this system does not let us.
 */
export function setLaunchAtLogin(
  isWanted: boolean,
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
): void {
  if (platform === 'linux') {
    writeAutostart(isWanted, env)
    return
  }
  const [, ...rest] = startWords(env)
  // macOS takes no arguments, and tells by `wasOpenedAtLogin`.
  app.setLoginItemSettings({
    openAtLogin: isWanted,
    ...(platform === 'win32' ? { args: [...rest.map(quoted), HIDDEN] } : {}),
  })
  if (platform === 'darwin' && isWanted && app.getLoginItemSettings().status === 'requires-approval')
    throw new Error('macOS asks you first: allow Hookline in System Settings, General, Login Items.')
}

const quoted = (word: string): string => (/\s/.test(word) ? `"${word}"` : word)

/** https://specifications.freedesktop.org/autostart-spec/latest/ */
function writeAutostart(isWanted: boolean, env: NodeJS.ProcessEnv): void {
  // One that is not absolute counts for nothing: https://specifications.freedesktop.org/basedir-spec/latest/
  const { XDG_CONFIG_HOME: config = '' } = env
  const folder = join(isAbsolute(config) ? config : join(homedir(), '.config'), 'autostart')
  const file = join(folder, 'hookline.desktop')
  try {
    if (!isWanted) {
      rmSync(file, { force: true })
      return
    }
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, desktopEntry([...startWords(env), HIDDEN]))
  } catch (error) {
    throw new Error(`${file} cannot be ${isWanted ? 'written' : 'removed'}: look at the permissions of that folder.`, {
      cause: error,
    })
  }
}

/** A file that starts a program: each word in quotes, with what is special within them escaped twice, as the specification has it. */
function desktopEntry(words: readonly string[]): string {
  const exec = words
    .map(
      (word) =>
        `"${word
          .replace(/["`$\\]/g, '\\$&')
          .replaceAll('\\', '\\\\')
          .replaceAll('\n', '\\n')
          .replaceAll('\r', '\\r')
          .replaceAll('%', '%%')}"`,
    )
    .join(' ')
  return `[Desktop Entry]
Type=Application
Name=Hookline
Comment=Runs your automations
Exec=${exec}
Icon=hookline
Terminal=false
X-GNOME-Autostart-enabled=true
`
}
