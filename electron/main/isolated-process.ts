import { utilityProcess } from 'electron'
import type { StartIsolated } from '../../core/app.ts'

/**
 * Starts a module as a utility process without environment. A child process would not do: the desktop app's fuses keep its executable from being a
 * Node.
 */
export const startUtility: StartIsolated = (file, on) => {
  // Windows cannot start a program without it.
  const env: Record<string, string> = process.env.SystemRoot === undefined ? {} : { SystemRoot: process.env.SystemRoot }
  const child = utilityProcess.fork(file, [], { env, stdio: 'ignore', serviceName: 'Hookline code' })
  let isKilled = false
  // Not `child.kill`, which only asks: a loop of code does not listen.
  const end = (): void => {
    try {
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL')
    } catch {
      // It has ended by itself, and Electron is about to say so.
    }
  }
  child.on('message', (message: unknown) => on.message(message))
  child.on('exit', (code) => on.ended(`it ended with code ${code}`))
  // Before that it has no id.
  child.on('spawn', () => {
    if (isKilled) end()
  })
  return {
    post: (message) => child.postMessage(message),
    kill() {
      isKilled = true
      end()
    },
  }
}
