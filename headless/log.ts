import { createLineLog, type Log, openLogFile, systemClock } from '../core/app.ts'
import { printAside } from './terminal.ts'

/** Writes one line a message into the log of the data folder and to stderr, so that stdout stays for what a command answers. */
export function createHostLog(dataDir: string): Log & { close(): void } {
  const file = openLogFile(dataDir)
  const log = createLineLog(systemClock.now, (line) => {
    printAside(line)
    file.write(line)
  })
  return { ...log, close: file.close }
}
