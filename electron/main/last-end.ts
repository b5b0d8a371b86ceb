import { uptime } from 'node:os'
import type { Log, Notice } from '../../core/app.ts'
import type { ShellFile } from './shell-file.ts'

/** Writes down that the app works from now on; and says so where it did not end in order the last time, with why as far as that is known. */
export function beginRunning(file: ShellFile, log: Log, tell: (notice: Notice) => void): void {
  const last = file.content().running
  file.keep({ running: { since: new Date().toISOString(), why: null } })
  if (last === null) return
  const bootedAt = Date.now() - uptime() * 1_000
  // In order or not: computers are switched off.
  if (last.why === null && Date.parse(last.since) < bootedAt) {
    log.info('The computer was switched off while the app ran.', { since: last.since })
    return
  }
  const why = last.why === null ? 'It was ended by force.' : `An error had ended it: ${last.why.slice(0, 300)}`
  log.warn('The app did not end in order the last time.', { ...last })
  tell({
    title: 'Hookline goes on where it was',
    body: `${why} Nothing that was accepted is lost, and what was under way goes on.`,
    opens: '/runs',
  })
}

/** Keeps for the next start what ends this one. */
export function keepWhy(file: ShellFile, why: string): void {
  const { running } = file.content()
  if (running !== null) file.keep({ running: { ...running, why } })
}

export function endedInOrder(file: ShellFile): void {
  file.keep({ running: null })
}
