import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { nativeTheme, shell as system } from 'electron'
import type { Shell } from '../../core/app.ts'
import { commandLineState, setCommandLine } from './command-line.ts'
import { setLaunchAtLogin } from './login-item.ts'
import type { OpenedQueue } from './opened.ts'
import type { QuickRun } from './quick-run.ts'
import type { ShellFile } from './shell-file.ts'
import type { Updates } from './updates.ts'

/** What the app has around its screens, as the screens may ask for it. */
export function createShell(parts: {
  readonly file: ShellFile
  readonly dataDir: string
  /** The version of the app. */
  readonly version: string
  readonly quickRun: QuickRun
  readonly updates: Updates
  readonly opened: OpenedQueue
  /** Puts the settings to work, once they are kept. */
  readonly apply: () => void
  readonly openScreen: (path: string) => void
}): Shell & { changed(): void } {
  const { file, quickRun, updates, opened } = parts
  const listeners = new Set<() => void>()
  const changed = (): void => {
    for (const listener of listeners) listener()
  }
  return {
    changed,
    watch: (listener) => void listeners.add(listener),
    settings: {
      values: file.settings,
      async change(values) {
        const before = file.settings()
        // What the system may refuse comes first: it is not kept then.
        if (values.launchAtLogin !== before.launchAtLogin) setLaunchAtLogin(values.launchAtLogin)
        file.keep({ settings: values })
        parts.apply()
      },
    },
    state: () => ({
      versions: [
        { name: 'Hookline', version: parts.version },
        ...(['electron', 'chrome', 'node'] as const).map((name) => ({
          name: name === 'node' ? 'Node.js' : name === 'chrome' ? 'Chromium' : 'Electron',
          version: process.versions[name] ?? 'none',
        })),
        { name: 'System', version: `${process.platform} ${process.getSystemVersion?.() ?? ''} (${process.arch})` },
      ],
      hotkey: file.settings().quickRunKeys,
      hotkeyProblem: quickRun.keysProblem(),
      commandLine: commandLineState(),
      update: updates.state(),
      opened: opened.count(),
    }),
    takeOpened: opened.take,
    async setCommandLine(isWanted) {
      setCommandLine(isWanted)
      changed()
    },
    checkForUpdates: updates.check,
    installUpdate: updates.install,
    // Beside the packed app; the build writes it.
    notices: () =>
      readFile(join(import.meta.dirname, '../THIRD-PARTY-NOTICES.txt'), 'utf8').catch(() =>
        readFile(join(process.resourcesPath ?? import.meta.dirname, 'THIRD-PARTY-NOTICES.txt'), 'utf8').catch(
          () => null,
        ),
      ),
    async showLog() {
      const why = await system.openPath(join(parts.dataDir, 'logs'))
      if (why !== '') throw new Error(`The folder of the log cannot be opened: ${why}`)
    },
    leaveQuickRun(path) {
      quickRun.hide()
      if (path !== null) parts.openScreen(path)
    },
    setTheme(theme) {
      nativeTheme.themeSource = theme
      file.keep({ theme })
    },
  }
}
