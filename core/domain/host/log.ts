import { visibleJson, visibleLine } from '../values/visible-text.ts'

/** Where the core reports what a person who runs the host may want to know. Never payloads, never secrets. */
export type Log = {
  info(message: string, details?: Readonly<Record<string, unknown>>): void
  warn(message: string, details?: Readonly<Record<string, unknown>>): void
  error(message: string, details?: Readonly<Record<string, unknown>>): void
}

/** Characters of a line at most: a log tells what happened, and is not filled by what somebody sent. */
const MOST_CHARS = 8_000

/** A log that hands each message on as one line (without its end), in which nothing is hidden: time, level, message, details as JSON. */
export function createLineLog(now: () => number, write: (line: string) => void): Log {
  const level =
    (name: string): Log['info'] =>
    (message, details = {}) => {
      const rest = Object.keys(details).length === 0 ? '' : ` ${visibleJson(details)}`
      const line = `${new Date(now()).toISOString()} ${name} ${visibleLine(message)}${rest}`
      write(line.length > MOST_CHARS ? `${line.slice(0, MOST_CHARS)}…` : line)
    }
  return { info: level('info'), warn: level('warn'), error: level('error') }
}
