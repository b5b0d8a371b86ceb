import type { EventEmitter } from 'node:events'
import { app, type BrowserWindow, dialog } from 'electron'
import type { Log } from '../../core/app.ts'

/** More than so many failures within this many milliseconds, and starting again helps no more. */
const MOST = 3
const WITHIN_MS = 60_000

/** Names, in the arguments of a process that was started again, when that was done before. */
const RESTARTS = '--hookline-restarts='

/** The times, as milliseconds since 1970, at which this app was started again lately. */
export function recentRestarts(args: readonly string[], now: number): number[] {
  const times = args.find((arg) => arg.startsWith(RESTARTS))?.slice(RESTARTS.length) ?? ''
  return times
    .slice(0, 1_000)
    .split(',')
    .map(Number)
    .filter((time) => time <= now && time > now - WITHIN_MS)
}

/**
 * An error that nothing caught leaves the process in a state that nobody knows: it is logged, and the app starts anew. All that was
 * accepted is on the disk. After three times in a minute it stays away, and says so.
 */
export function restartOnErrors(
  log: Log,
  errors: EventEmitter = process,
  args: readonly string[] = process.argv,
  now: () => number = Date.now,
): void {
  let isEnding = false
  const end = (kind: string, error: unknown): void => {
    log.error(`${kind}: the app is started again.`, {
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    })
    if (isEnding) return
    isEnding = true
    const before = recentRestarts(args, now())
    if (before.length < MOST) {
      const rest = args.slice(1).filter((arg) => !arg.startsWith(RESTARTS))
      app.relaunch({ args: [...rest, `${RESTARTS}${[...before, now()].join(',')}`] })
    } else {
      dialog.showErrorBox(
        'Hookline ended',
        `It failed ${MOST + 1} times within a minute, so it is not started again. What happened is in the folder "logs" of its data. Nothing that was accepted is lost.`,
      )
    }
    app.exit(1)
  }
  errors.on('uncaughtException', (error: unknown) => end('An error that nothing caught', error))
  errors.on('unhandledRejection', (error: unknown) => end('A failure that nothing caught', error))
}

/** Loads the page again when its process is gone; not more than three times in a minute. */
export function reloadWhenGone(window: BrowserWindow, log: Log, now: () => number = Date.now): void {
  let reloads: number[] = []
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return
    log.error('The process of the window is gone.', { reason, exitCode })
    if (window.isDestroyed()) return
    reloads = reloads.filter((time) => time > now() - WITHIN_MS)
    if (reloads.length < MOST) {
      reloads.push(now())
      window.webContents.reload()
      return
    }
    dialog.showErrorBox(
      'The window of Hookline keeps failing',
      'Your zaps go on in the background. Close the window, and open it again from the tray; if that does not help, restart the computer.',
    )
  })
}

/** What else Chromium starts (for graphics, sound, network) it starts again by itself. */
export function logLostProcesses(log: Log): void {
  app.on('child-process-gone', (_event, { type, reason, exitCode, name }) => {
    if (reason !== 'clean-exit') log.warn('A process of Chromium is gone.', { type, name, reason, exitCode })
  })
}
