import { spawn } from 'node:child_process'
import type { Log, Notifier } from '../core/app.ts'
import { hasDisplay } from './open-browser.ts'

/** Shows notifications with the desktop's own `notify-send` or `osascript`; where there is none, the log has to do. */
export function createNotifier(log: Log): Notifier {
  return {
    show({ title, body = '' }) {
      const shown = Promise.withResolvers<void>()
      const toLog = (): void => {
        log.info(`Notification: ${title}${body === '' ? '' : ` (${body})`}`)
        shown.resolve()
      }
      const command = notifyCommand(title, body)
      if (command === undefined) {
        toLog()
        return shown.promise
      }
      const [program, ...args] = command
      const child = spawn(program, args, { stdio: 'ignore' })
      child.once('error', toLog)
      child.once('exit', (code) => (code === 0 ? shown.resolve() : toLog()))
      return shown.promise
    },
  }
}

function notifyCommand(title: string, body: string): [program: string, ...args: string[]] | undefined {
  if (!hasDisplay(process.platform, process.env)) return undefined
  if (process.platform === 'darwin') {
    // The texts travel as arguments, so nothing in them is read as script.
    const script = 'on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run'
    return ['osascript', '-e', script, title, body]
  }
  return process.platform === 'win32' ? undefined : ['notify-send', '--app-name=Hookline', '--', title, body]
}
