import type { ClientContext, ClientLink } from '@orpc/client'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import { create } from 'zustand'
import { reconnectDelay } from './backoff.ts'

declare global {
  interface Window {
    /** Set by the preload of the desktop app. */
    readonly hooklineHost?: 'desktop'
  }
}

/**
 * `connecting`: never connected yet. `open`: calls go through. `lost`: the host went away or was never there; we keep
 * trying. `locked`: the host is there but does not know this browser, and only a fresh address helps.
 */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'locked'

export const useConnection = create<{
  state: ConnectionState
  /** Counts the connections made so far, so that whoever streams or caches knows when to begin anew. */
  generation: number
}>(() => ({ state: 'connecting', generation: 0 }))

type Link = ClientLink<ClientContext>

/** Longest that a call waits for a connection before it fails. */
const CALL_PATIENCE_MS = 10_000

let current: Link | null = null
let waiting: ((link: Link) => void)[] = []
let tries = 0

/** Connects to the host that served this page, and stays connected. Call once. */
export async function connect(): Promise<void> {
  if (window.hooklineHost === 'desktop') {
    const { port1, port2 } = new MessageChannel()
    window.postMessage('hookline:port', location.origin, [port2])
    port1.start()
    opened(new PortLink({ port: port1 }))
    return
  }
  // An address with a new token, opened where this page already is, changes only the hash.
  window.addEventListener('hashchange', () => void redeemToken().then((redeemed) => redeemed && location.reload()))
  await redeemToken()
  openSocket()
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
  useConnection.setState(({ generation }) => ({ state: 'open', generation: generation + 1 }))
  const ready = waiting
  waiting = []
  for (const proceed of ready) proceed(found)
}

function openSocket(): void {
  const address = new URL('/rpc', location.href)
  address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:'
  address.hash = ''
  const socket = new WebSocket(address)
  let wasOpen = false
  // The link listens from now on, so that no message is lost between "open" and its first call.
  const made = new SocketLink({ websocket: socket })
  socket.addEventListener('open', () => {
    wasOpen = true
    opened(made)
  })
  socket.addEventListener('close', () => {
    current = null
    void closed(wasOpen)
  })
}

async function closed(wasOpen: boolean): Promise<void> {
  // A browser does not tell a page why a socket was refused. A host that answers a plain request has refused the key.
  const state = !wasOpen && (await isHostThere()) ? 'locked' : 'lost'
  useConnection.setState({ state })
  tries += 1
  setTimeout(openSocket, reconnectDelay(tries))
}

async function isHostThere(): Promise<boolean> {
  try {
    await fetch('/', { method: 'HEAD', cache: 'no-store' })
    return true
  } catch {
    return false
  }
}

/** Exchanges the token of `#token=…` for a cookie, and takes it out of the address so that nobody copies it by accident. */
async function redeemToken(): Promise<boolean> {
  const found = /^#token=([^&]+)/.exec(location.hash)
  if (found?.[1] === undefined) return false
  const token = decodeURIComponent(found[1])
  history.replaceState(null, '', `${location.pathname}${location.search}`)
  try {
    await fetch('/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hookline': '1' },
      body: JSON.stringify({ token }),
    })
  } catch {
    // The socket that comes next finds out that the host is away, and says so.
  }
  return true
}
