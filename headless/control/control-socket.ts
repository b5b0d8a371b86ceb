import { randomBytes } from 'node:crypto'
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { AppRouter } from '../../core/app.ts'
import { isSocketOfOurs } from './own-socket.ts'
import { createRpcSockets, refuseUpgrade } from './rpc-sockets.ts'

/** Longest path of a socket in bytes: 108 with the closing zero on Linux, 104 on macOS. */
const MOST_PATH_BYTES = 103

/** The way of the command line to the host. */
export type ControlSocket = { readonly path: string; close(): Promise<void> }

/**
 * Speaks the contract on a socket that only its owner's programs can reach, so that neither side needs a secret: it lies in a folder of
 * mode 0700 inside the data folder, or, where that path is too long for a socket or on a file system without any, in one of its own for
 * temporary files. On Windows it is a named pipe that cannot be guessed.
 *
 * @throws the system's error when no place could be listened on.
 */
export async function listenOnControlSocket(dataDir: string, router: AppRouter): Promise<ControlSocket> {
  const sockets = createRpcSockets(router)
  const server = process
    .getBuiltinModule('node:http')
    .createServer((_request, response) => response.writeHead(404).end())
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    if (request.url === '/rpc') sockets.accept(request, socket, head)
    else refuseUpgrade(socket, '404 Not Found')
  })
  const path = await listenSomewhere(server, dataDir)
  server.on('error', () => undefined)
  return {
    path,
    async close() {
      const closed = Promise.withResolvers<void>()
      server.close(() => closed.resolve())
      sockets.close()
      server.closeAllConnections()
      await closed.promise
      removeControlSocket(path)
    },
  }
}

async function listenSomewhere(server: Server, dataDir: string): Promise<string> {
  let failure: unknown
  for (const place of places(dataDir)) {
    try {
      const path = place()
      if (Buffer.byteLength(path) > MOST_PATH_BYTES && process.platform !== 'win32') {
        removeControlSocket(path)
        continue
      }
      const listening = Promise.withResolvers<void>()
      server.once('error', listening.reject)
      server.listen(path, listening.resolve)
      await listening.promise
      server.off('error', listening.reject)
      if (process.platform !== 'win32') chmodSync(path, 0o600)
      return path
    } catch (error) {
      failure = error
    }
  }
  throw new Error(
    `No socket could be made for the command line, neither in ${dataDir} nor in ${tmpdir()}: make room there, or set TMPDIR to a folder with a short path.`,
    { cause: failure },
  )
}

/** Where the socket may be, the best first. Each makes its folder. */
function places(dataDir: string): (() => string)[] {
  if (process.platform === 'win32') return [() => `\\\\.\\pipe\\hookline-${randomBytes(16).toString('hex')}`]
  const inOwnFolder = (parent: string) => () => join(mkdtempSync(join(parent, 'hookline-')), 'host.sock')
  const runtimeDir = process.env.XDG_RUNTIME_DIR
  return [
    () => {
      const folder = join(dataDir, 'control')
      mkdirSync(folder, { mode: 0o700, recursive: true })
      chmodSync(folder, 0o700)
      const path = join(folder, 'host.sock')
      // What a host left that was killed. This folder is ours alone.
      rmSync(path, { force: true })
      return path
    },
    ...(runtimeDir === undefined || runtimeDir === '' ? [] : [inOwnFolder(runtimeDir)]),
    inOwnFolder(tmpdir()),
    inOwnFolder('/tmp'),
  ]
}

/** Takes a socket away that a host left, and its folder if nothing else is in it. */
export function removeControlSocket(path: string): void {
  if (process.platform === 'win32') return
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
      if (!isSocketOfOurs(path)) return
      rmSync(path)
    }
    rmdirSync(dirname(path))
  } catch {
    // It is gone already, or its folder is in use.
  }
}
