import type { Log } from '../core/app.ts'

/** Writes one line a message to stderr, so that stdout stays for what a command answers. */
export function createStderrLog(): Log {
  const line =
    (level: string): Log['info'] =>
    (message, details = {}) => {
      const rest = Object.keys(details).length === 0 ? '' : ` ${JSON.stringify(details)}`
      process.stderr.write(`${new Date().toISOString()} ${level} ${message}${rest}\n`)
    }
  return { info: line('info'), warn: line('warn'), error: line('error') }
}
