import { performance } from 'node:perf_hooks'
import { powerMonitor } from 'electron'
import { type AppAdapters, createApp, createClosers, type RunningApp, systemClock, watchClock } from '../../core/app.ts'
import {
  type ControlSocket,
  listenOnControlSocket,
  removeControlSocket,
} from '../../headless/control/control-socket.ts'
import { readHostFile, removeHostFile, writeHostFile } from '../../headless/control/host-file.ts'

/** The core at work in this process, with the way of the command line to it. */
export type CoreHost = { readonly app: RunningApp; stop(): Promise<void> }

/**
 * Starts the core and what makes it reachable: the socket of the command line, and the file that tells of it.
 *
 * @throws what `App.start` does; nothing is left open then.
 */
export async function startCoreHost(adapters: AppAdapters): Promise<CoreHost> {
  const { dataDir, log } = adapters
  const created = createApp(adapters)
  const app = await created.start()
  // Its timers slept too: what came due meanwhile is done now, not some seconds later.
  const onResume = (): void => {
    app
      .resumed()
      .catch((error: unknown) => log.error('Hookline could not look after the sleep.', { error: String(error) }))
  }
  powerMonitor.on('resume', onResume)
  // Nor does anybody tell when the clock is set.
  const stopWatching = watchClock(systemClock, () => performance.now(), onResume)
  let socket: ControlSocket | undefined
  try {
    const left = readHostFile(dataDir)
    if (left !== undefined) removeControlSocket(left.socket)
    socket = await listenOnControlSocket(dataDir, app.router)
    writeHostFile(dataDir, {
      pid: process.pid,
      origin: 'the desktop app',
      hooks: app.hooksUrl,
      socket: socket.path,
      startedAt: new Date().toISOString(),
    })
  } catch (error) {
    // The app is of use without its command line.
    log.warn('The command line cannot reach this app.', {
      error: error instanceof Error ? error.message : String(error),
    })
  }
  return {
    app,
    async stop() {
      removeHostFile(dataDir)
      powerMonitor.off('resume', onResume)
      stopWatching()
      const closers = createClosers(log)
      closers.add('what it does', created.stop)
      closers.add('the command line', async () => socket?.close())
      await closers.close()
    },
  }
}
