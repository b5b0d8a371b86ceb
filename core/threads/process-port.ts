// What a process of its own hears its host by, and how it ends with it.
import { Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { speak } from './frames.ts'

/** How the process hears of its host: a desktop app's utility process has a port, a child process a pipe. */
type UtilityPort = {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
}

/** The pipe to the host, among the files that a child process is started with. */
export const PIPE_FD = 3

/** The way to the host, for a module that is started by `StartIsolated`. The process ends when its host is gone. */
export function processPort(): {
  postMessage(message: unknown): void
  on(event: 'message', listener: (message: unknown) => void): void
} {
  const port: UtilityPort | undefined = Reflect.get(process, 'parentPort')
  if (port !== undefined) {
    return {
      postMessage: (message) => port.postMessage(message),
      on: (event, listener) => port.on(event, ({ data }) => listener(data)),
    }
  }
  endWithParent()
  const pipe = new Socket({ fd: PIPE_FD })
  pipe.on('close', () => process.exit())
  let heard: ((message: unknown) => void) | undefined
  const say = speak(pipe, { message: (message) => heard?.(message), nonsense: () => process.exit(1) })
  return {
    postMessage: say,
    on(_event, listener) {
      heard = listener
    },
  }
}

/**
 * Ends this process when its host is gone: by a thread, as its work may keep it from everything else, such as code inside of `indexOf`. A
 * utility process is ended by Electron itself.
 */
function endWithParent(): void {
  const watch = `
    const parent = process.ppid
    const isThere = () => { try { return process.ppid === parent && process.kill(parent, 0) } catch (error) { return error.code === 'EPERM' } }
    setInterval(() => isThere() || process.kill(process.pid, 'SIGKILL'), 1000)`
  const resourceLimits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2, stackSizeMb: 1 }
  new Worker(watch, { eval: true, env: {}, execArgv: [], resourceLimits }).unref()
}
