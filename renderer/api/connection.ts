import type { ClientContext, ClientLink } from '@orpc/client'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import { create } from 'zustand'
import { reconnectDelay } from './backoff.ts'
import { type Locked, openingProtocols, redeemAddress } from './session.ts'
import { followStart } from './start-state.ts'

declare global {
  interface Window {
    /** Set by the preload of the desktop app. */
    readonly hooklineHost?: 'desktop'
  }
}

/**
 * `connecting`: never connected yet. `open`: calls go through. `lost`: the host went away or was never there; we keep
 * trying. `locked`: the host is there but has no session with this browser, and only a fresh address helps.
 */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'locked'

export const useConnection = create<{
  state: ConnectionState
  /** Why, while it is locked. */
  locked: Locked
  /** Counts the connections made so far: another number means that streams have to begin anew. */
  generation: number
}>(() => ({ state: 'connecting', locked: 'no-session', generation: 0 }))

type Link = ClientLink<ClientContext>

/** Longest that a call waits for a connection before it fails. */
const CALL_PATIENCE_MS = 10_000

let current: Link | null = null
let waiting: ((link: Link) => void)[] = []
let tries = 0

/** Connects to the host that served this page, and stays connected. Call once. */
export async function connect(): Promise<void> {
  if (window.hooklineHost === 'desktop') {
    const calls = new MessageChannel()
    const start = new MessageChannel()
    // Calls go through once the core is there; how far it is, is told by the other port from the first moment on.
    followStart(start.port1, () => opened(new PortLink({ port: calls.port1 })))
    window.postMessage('hookline:port', location.origin, [calls.port2, start.port2])
    calls.port1.start()
    return
  }
  // A fresh address, opened where this page already is, changes only the hash.
  window.addEventListener('hashchange', () => void redeem().then((opened) => opened && location.reload()))
  await redeem()
  await openSocket()
}

/** The link that the client calls through: the present connection, or the next one if it comes soon enough. */
export const link: Link = {
  async call(path, input, options) {
    return (await presentLink()).call(path, input, options)
  },
}

function presentLink(): Promise<Link> {
  if (current !== null) return Promise.resolve(current)
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      waiting = waiting.filter((other) => other !== proceed)
      reject(new Error('Hookline is not running.'))
    }, CALL_PATIENCE_MS)
    const proceed = (found: Link) => {
      clearTimeout(timer)
      resolve(found)
    }
    waiting.push(proceed)
  })
}

function opened(found: Link): void {
  tries = 0
  current = found
  useConnection.setState(({ generation }) => ({ state: 'open', locked: 'no-session', generation: generation + 1 }))
  const ready = waiting
  waiting = []
  for (const proceed of ready) proceed(found)
}

/** Whether the address had a code that opened a session. */
async function redeem(): Promise<boolean> {
  const redeemed = await redeemAddress()
  if (redeemed === 'void-address') useConnection.setState({ locked: 'void-address' })
  return redeemed === 'opened'
}

async function openSocket(): Promise<void> {
  const protocols = await openingProtocols()
  if (protocols === 'away') return tryLater('lost')
  if (protocols === 'no-session') return tryLater('locked')
  const address = new URL('/rpc', location.href)
  address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:'
  address.hash = ''
  const socket = new WebSocket(address, protocols)
  // The link listens from now on, so that no message is lost between "open" and its first call.
  const made = new SocketLink({ websocket: socket })
  socket.addEventListener('open', () => opened(made))
  socket.addEventListener('close', () => {
    current = null
    tryLater('lost')
  })
}

function tryLater(state: 'lost' | 'locked'): void {
  useConnection.setState({ state })
  tries += 1
  setTimeout(() => void openSocket(), reconnectDelay(tries))
}
