import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { WebSocket } from 'ws'
import type { contract } from '../core/contract/contract.ts'

/** The contract, as a screen of the host calls it. */
export type ControlClient = ContractRouterClient<typeof contract>

/** Connects to a host by the address of its screens, which has the token in its fragment. Rejects when nobody answers. */
export async function connectTo(ui: string): Promise<{ client: ControlClient; close(): void }> {
  const { origin, hash } = new URL(ui)
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, {
    headers: { authorization: `Bearer ${hash.replace('#token=', '')}` },
    handshakeTimeout: 10_000,
  })
  const opened = Promise.withResolvers<void>()
  socket.once('open', opened.resolve)
  socket.on('error', opened.reject)
  await opened.promise
  // oRPC asks for the browser's WebSocket; the one of `ws` has the same events and methods.
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket })
  return { client: createORPCClient(link), close: () => socket.terminate() }
}
