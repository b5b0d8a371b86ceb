import { createLineLog, type Log, openLogFile, systemClock } from '../../core/app.ts'

// The terminal may be closed while the app goes on.
process.stderr.on('error', () => undefined)

/** Writes one line a message into the log of the data folder, and to stderr for those who start the app in a terminal. */
export function createAppLog(dataDir: string): Log {
  const file = openLogFile(dataDir)
  return createLineLog(systemClock.now, (line) => {
    process.stderr.write(`${line}\n`)
    file.write(line)
  })
}
