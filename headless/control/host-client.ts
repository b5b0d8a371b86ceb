import { connect } from 'node:net'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { WebSocket } from 'ws'
import type { contract } from '../../core/contract/contract.ts'
import { readHostFile } from './host-file.ts'
import { isSocketOfOurs } from './own-socket.ts'

/** The contract as the command line calls it. */
export type HostClient = ContractRouterClient<typeof contract>

/** Nobody uses the data folder, so there is nobody to ask. */
export class NoHostError extends Error {
  constructor(dataDir: string) {
    super(`No Hookline is running on ${dataDir}: start one with "hookline start", or name its folder with --data.`)
    this.name = 'NoHostError'
  }
}

/** The host ended in the middle of a call. What it had done by then is not known. */
class HostGoneError extends Error {
  constructor(cause: unknown) {
    super('Hookline stopped before it had answered: start it again, and see whether what you asked for was done.', {
      cause,
    })
    this.name = 'HostGoneError'
  }
}

const CONNECT_TIMEOUT_MS = 5_000

/**
 * Calls `work` with a connection to the host that uses `dataDir`, and closes it afterwards.
 *
 * @throws NoHostError when no host answers.
 */
export async function withHost<T>(dataDir: string, work: (client: HostClient) => Promise<T>): Promise<T> {
  const host = readHostFile(dataDir)
  // A file that a killed host left names a socket that is gone or deaf. Nothing is ever sent to a port, which others may take over.
  if (host === undefined || !isSocketOfOurs(host.socket)) throw new NoHostError(dataDir)
  const socket = new WebSocket('ws://localhost/rpc', {
    createConnection: () => connect(host.socket),
    handshakeTimeout: CONNECT_TIMEOUT_MS,
  })
  const opened = Promise.withResolvers<void>()
  socket.once('open', opened.resolve)
  socket.on('error', () => opened.reject(new NoHostError(dataDir)))
  await opened.promise
  try {
    // oRPC asks for the browser's WebSocket; the one of `ws` has the same events and methods.
    const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket })
    const client: HostClient = createORPCClient(link)
    return await work(client)
  } catch (error) {
    // What was asked for then fails in the words of the protocol.
    throw socket.readyState === WebSocket.OPEN ? error : new HostGoneError(error)
  } finally {
    socket.terminate()
  }
}
