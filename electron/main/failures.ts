import type { EventEmitter } from 'node:events'
import { app, type BrowserWindow } from 'electron'
import type { Log, Notice } from '../../core/app.ts'
import { startWords } from './login-item.ts'
import { openedWords } from './opened.ts'

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

/** Why this process does not start the core by itself, in a sentence; null where it does. */
export function tooManyRestarts(args: readonly string[], now: number): string | null {
  if (recentRestarts(args, now).length <= MOST) return null
  return `Hookline failed ${MOST + 1} times within a minute, so it waits for you. What happened is in the log. Nothing that was accepted is lost.`
}

/**
 * Has the app start again once this process has ended. What it was started to open is not opened a second time: a link starts a zap. An
 * AppImage is named by its own file, as that of this process is gone with it.
 */
export function startAgain(args: readonly string[] = process.argv, ...more: readonly string[]): void {
  const [execPath = process.execPath] = startWords()
  const opened = new Set(openedWords(args))
  app.relaunch({
    execPath,
    args: [...args.slice(1).filter((arg) => !opened.has(arg) && !arg.startsWith(RESTARTS)), ...more],
  })
}

/**
 * An error that nothing caught leaves the process in an unknown state: it is logged, why is kept for the next start, and the app
 * starts anew. All that was accepted is on the disk. After four times in a minute the next start opens its window and waits; should even
 * that fail, it stays away. No box is ever shown, as that would hold up the core.
 */
export function restartOnErrors(
  log: Log,
  keepWhy: (why: string) => void,
  errors: EventEmitter = process,
  args: readonly string[] = process.argv,
  now: () => number = Date.now,
): void {
  let isEnding = false
  const end = (kind: string, error: unknown): void => {
    const { message, stack } = wordsOf(error)
    log.error(`${kind}: the app is started again.`, { error: stack })
    if (isEnding) return
    isEnding = true
    keepWhy(message)
    const before = recentRestarts(args, now())
    if (before.length <= MOST) startAgain(args, `${RESTARTS}${[...before, now()].join(',')}`)
    app.exit(1)
  }
  errors.on('uncaughtException', (error: unknown) => end('An error that nothing caught', error))
  errors.on('unhandledRejection', (error: unknown) => end('A failure that nothing caught', error))
}

/** Characters that are kept of what an error says of itself. */
const MOST_WORDS = 4_000

/** What an error says: anything may be thrown, and what fails here would end the app for good. */
function wordsOf(error: unknown): { readonly message: string; readonly stack: string } {
  try {
    const message = (error instanceof Error ? error.message : String(error)).slice(0, MOST_WORDS)
    const stack = error instanceof Error ? String(error.stack ?? message).slice(0, MOST_WORDS) : message
    return { message, stack }
  } catch {
    return { message: 'an error without words', stack: 'an error without words' }
  }
}

/** Loads the page again when its process is gone, and says so; not more than three times in a minute. */
export function reloadWhenGone(
  window: BrowserWindow,
  log: Log,
  tell: (notice: Notice) => void,
  now: () => number = Date.now,
): void {
  let reloads: number[] = []
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return
    log.error('The process of the window is gone.', { reason, exitCode })
    if (window.isDestroyed()) return
    reloads = reloads.filter((time) => time > now() - WITHIN_MS)
    if (reloads.length < MOST) {
      reloads.push(now())
      window.webContents.reload()
      tell({
        title: 'The window was loaded again',
        body: 'Its process had ended. Your zaps went on meanwhile; what was being typed may have to be typed again.',
      })
      return
    }
    tell({
      title: 'The window of Hookline keeps failing',
      body: 'Your zaps go on in the background. Close the window, and open it again from the tray; if that does not help, restart the computer.',
    })
  })
}

/** What else Chromium starts (for graphics, sound, network) it starts again by itself. */
export function logLostProcesses(log: Log): void {
  app.on('child-process-gone', (_event, { type, reason, exitCode, name }) => {
    if (reason !== 'clean-exit') log.warn('A process of Chromium is gone.', { type, name, reason, exitCode })
  })
}
