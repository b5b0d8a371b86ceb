import { spawn } from 'node:child_process'
import type { Log, Notifier } from '../core/app.ts'
import { visibleLine } from '../core/contract/values.ts'
import { hasDisplay } from './open-browser.ts'

/** Characters of a text at most; a notification shows far fewer. */
const MOST_CHARS = 1_000

/** Shows notifications with the desktop's own `notify-send` or `osascript`; where there is none, only the log has them. */
export function createNotifier(log: Log): Notifier {
  return {
    show({ title, body = '' }) {
      const shown = Promise.withResolvers<boolean>()
      const toLog = (): void => {
        log.info(`Notification: ${title}${body === '' ? '' : ` (${body})`}`)
        shown.resolve(false)
      }
      const command = hasDisplay(process.platform, process.env)
        ? notifyCommand(title, body, process.platform)
        : undefined
      if (command === undefined) {
        toLog()
        return shown.promise
      }
      const [program, ...args] = command
      const child = spawn(program, args, { stdio: 'ignore' })
      child.once('error', toLog)
      child.once('exit', (code) => (code === 0 ? shown.resolve(true) : toLog()))
      return shown.promise
    },
  }
}

/** The program that shows a notification, and its arguments; undefined where there is none. */
export function notifyCommand(
  title: string,
  body: string,
  platform: NodeJS.Platform,
): [program: string, ...args: string[]] | undefined {
  if (platform === 'win32') return undefined
  if (platform === 'darwin') {
    // The texts travel as arguments, so nothing in them is read as script.
    const script = 'on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run'
    return ['osascript', '-e', script, plain(title), plain(body)]
  }
  // Desktops read the body, and only that, as markup with links and pictures; notify-send itself reads `\n` and the like in it.
  return ['notify-send', '--app-name=Hookline', '--', plain(title), markupOf(plain(body)).replaceAll('\\', '\\\\')]
}

/** Nothing hidden, no NUL (which no argument can hold), lines as they are, and not too long. */
function plain(text: string): string {
  return text.slice(0, MOST_CHARS).split('\n').map(visibleLine).join('\n')
}

const markupOf = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
