import { rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  createApp,
  createClosers,
  type FleetOptions,
  foldersFromEnvironment,
  type Log,
  type RunningApp,
  systemClock,
  variablesFromEnvironment,
  watchClock,
} from '../core/app.ts'
import { type ControlServer, startControlServer } from './control/control-server.ts'
import { type ControlSocket, listenOnControlSocket, removeControlSocket } from './control/control-socket.ts'
import { readHostFile, removeHostFile, writeHostFile } from './control/host-file.ts'
import { createSessions } from './control/sessions.ts'
import { createDesktop } from './desktop.ts'
import { failpointOf } from './failpoint.ts'
import { injectedFaults } from './fault-injection.ts'
import { readKeyFile } from './key-file.ts'
import { createKeyFileSecretBox } from './key-file-secret-box.ts'
import { createHostLog } from './log.ts'
import { createNetwork } from './network.ts'
import { createNotifier } from './notifier.ts'

export type HostOptions = {
  readonly dataDir: string
  readonly version: string
  /** Port of the control server; 0 picks a free one. */
  readonly port: number
  readonly hookPort: number
  /** The built renderer. */
  readonly rendererDir: string
  /** The other hosts that it is joined with; it stands alone when absent. */
  readonly fleet?: FleetOptions | undefined
}

/** A running headless host. */
export type Host = {
  /** An address that opens the screens, once, and within ten minutes. */
  openAddress(): string
  readonly hooksUrl: string
  readonly app: RunningApp
  readonly log: Log
  stop(): Promise<void>
}

/** A port that cannot be listened on, in a sentence for the person at the terminal. */
export class PortError extends Error {
  constructor(what: string, port: number, option: string, cause: unknown) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    const why = code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be used (${String(code ?? cause)})`
    super(
      `Port ${port} for ${what} ${why}: end that program, or choose another port with ${option} (0 picks a free one).`,
      {
        cause,
      },
    )
    this.name = 'PortError'
  }
}

/** Starts the core and its control server, and writes `host.json` so that the command line finds them. */
export async function startHost(options: HostOptions): Promise<Host> {
  const { dataDir } = options
  const log = createHostLog(dataDir)
  endOnErrors(log)
  const injected = injectedFaults(process.env.HOOKLINE_PRETEND)
  const clock = injected?.clock ?? systemClock
  let control: ControlServer | undefined
  let socket: ControlSocket | undefined
  const sessions = createSessions({ dataDir, clock, log, origin: () => control?.origin ?? '' })
  const network = createNetwork(injected?.hasAddress, injected?.lookMs)
  const app = createApp({
    host: 'headless',
    version: options.version,
    dataDir,
    isWatched: true,
    hookPort: options.hookPort,
    secretBox: () => createKeyFileSecretBox(readKeyFile(join(dataDir, 'secret.key'))),
    notifier: createNotifier(log),
    log,
    network,
    desktop: createDesktop(),
    clock,
    sessions,
    allowedFolders: foldersFromEnvironment(process.env),
    variables: variablesFromEnvironment(process.env),
    lockHolder: () => describeHolder(dataDir),
    failpoint: failpointOf(process.env.HOOKLINE_FAILPOINT),
    fleet: options.fleet,
  })
  const running = await app.start().catch((error: unknown) => {
    throw isListenError(error) ? new PortError('webhooks', options.hookPort, '--hook-port', error) : error
  })
  const stopWatching = watchClock(
    clock,
    () => performance.now(),
    () => {
      running
        .resumed()
        .catch((error: unknown) => log.error('What came due could not be looked for.', { error: String(error) }))
    },
  )
  try {
    removeTraces(dataDir)
    socket = await listenOnControlSocket(dataDir, running.router)
    const { port, rendererDir } = options
    control = await startControlServer({
      port,
      rendererDir,
      sessions,
      router: running.router,
      signInReturned: running.signInReturned,
    })
    writeHostFile(dataDir, {
      pid: process.pid,
      origin: control.origin,
      hooks: running.hooksUrl,
      socket: socket.path,
      startedAt: new Date().toISOString(),
    })
    return {
      openAddress: () => sessions.openAddress().ui,
      hooksUrl: running.hooksUrl,
      app: running,
      log,
      async stop() {
        removeHostFile(dataDir)
        const closers = createClosers(log)
        closers.add('what it does', app.stop)
        closers.add('its screens and the command line', () => Promise.all([control?.close(), socket?.close()]))
        network.close()
        stopWatching()
        await closers.close()
        log.close()
      },
    }
  } catch (error) {
    stopWatching()
    await Promise.all([control?.close(), socket?.close()])
    await app.stop()
    throw isListenError(error) ? new PortError('the screens', options.port, '--port', error) : error
  }
}

/** An error that nothing caught leaves a state that nobody knows: it is logged, and the process ends. All that was accepted is on the disk. */
function endOnErrors(log: Log): void {
  const end = (error: unknown): void => {
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error)
    log.error('An error that nothing caught: the host ends. Start it again; nothing that was accepted is lost.', {
      error: words,
    })
    process.exit(1)
  }
  process.on('uncaughtException', end)
  process.on('unhandledRejection', end)
}

/** What a host left that was killed, and the token of earlier versions: browsers sent it to every program on 127.0.0.1. */
function removeTraces(dataDir: string): void {
  const left = readHostFile(dataDir)
  if (left !== undefined) removeControlSocket(left.socket)
  rmSync(join(dataDir, 'control.key'), { force: true })
}

function isListenError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'listen'
}

function describeHolder(dataDir: string): string {
  const host = readHostFile(dataDir)
  return host === undefined ? '' : ` (process ${host.pid}, ${host.origin})`
}
