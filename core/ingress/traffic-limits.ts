import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import { isLoopback } from './address-list.ts'
import type { Turned } from './hook-gates.ts'
import { comeBack } from './webhook-answer.ts'

/** Connections of all senders together. */
const MAX_CONNECTIONS = 512
/** Bytes of bodies that are held in memory for all senders together, and for one. */
const MAX_BYTES = 67_108_864
const MAX_BYTES_EACH = 33_554_432
/** A body up to this size is not counted: that of every connection together is half of what may be held. */
const SMALL_BYTES = 65_536
/** Requests of one connection that are worked on at a time. Few senders send the next one before they have the answer; an attack sends thousands. */
const MAX_PIPELINED = 16
/** Seconds after which a sender that was one too many may try again. */
const RETRY_SECONDS = 5

/** Bounds what senders can hold of this process: connections, requests under way, and the memory of their bodies. */
export type TrafficLimits = {
  /** Watches the connections of a server. When there are too many, those go first that wait for nothing, then the one that sends most slowly. */
  watch(server: Server): void
  /**
   * Whether a request has to wait until others of its connection are answered; `later` is called when it may begin. Nothing more is
   * read of the connection until then.
   */
  holdBack(request: IncomingMessage, later: () => void): boolean
  /** A request has come; null lets it in. */
  enter(request: IncomingMessage, address: string | null): Turned | null
  /** Asked before bytes of its body are held; false when there is no room for them. */
  take(request: IncomingMessage, bytes: number): boolean
  /** It is answered, or its sender has gone. */
  leave(request: IncomingMessage): void
  /** Connections, or requests under way behind a tunnel that tells senders apart, that one address may have; 0 is no limit. */
  setPerAddress(max: number): void
  /** Which tunnel leads here; with one, what comes from this computer may be anybody. */
  setTunnel(tunnel: TunnelKind): void
}

/** Whether a tunnel leads here, and whether it tells from which address each request came. */
export type TunnelKind = 'none' | 'silent' | 'telling'

/** How many requests of a connection are under way; the last one that came, and how many had come before it by all connections. */
type Connection = { requests: number; last: IncomingMessage | null; order: number }
/** What one address holds. */
type Share = { requests: number; bytes: number }
/** What one request holds, and of whose share. */
type Held = { readonly share: Share | null; readonly address: string | null; bytes: number }

export function createTrafficLimits(): TrafficLimits {
  /** Open connections, the oldest first, with the requests that each has under way. */
  const connections = new Map<Socket, Connection>()
  /** Requests that wait for others of their connection. */
  const heldBack = new Map<Socket, (() => void)[]>()
  const shares = new Map<string, Share>()
  const held = new Map<IncomingMessage, Held>()
  let bytes = 0
  let came = 0
  let perAddress = 0
  let tunnel: TunnelKind = 'none'

  /** This computer's own programs share no limit, unless they may be anybody by a tunnel. */
  const isLimited = (address: string | null): address is string =>
    address !== null && perAddress > 0 && (tunnel !== 'none' || !isLoopback(address))

  function connected(socket: Socket): void {
    const { remoteAddress = '' } = socket
    if (connections.size >= MAX_CONNECTIONS && !endIdle(() => true) && !endSlowest()) {
      socket.destroy()
      return
    }
    // The connections of a tunnel that tells its senders apart are those of all of them.
    if (isLimited(remoteAddress) && !(tunnel === 'telling' && isLoopback(remoteAddress))) {
      let own = 0
      for (const other of connections.keys()) if (other.remoteAddress === remoteAddress) own++
      if (own >= perAddress && !endIdle((other) => other.remoteAddress === remoteAddress)) {
        refuse(socket)
        return
      }
    }
    connections.set(socket, { requests: 0, last: null, order: 0 })
    socket.once('close', () => {
      connections.delete(socket)
      heldBack.delete(socket)
    })
  }

  /** Ends the connection that has been open for longest among those that have no request under way. */
  function endIdle(isMeant: (socket: Socket) => boolean): boolean {
    for (const [socket, { requests }] of connections) {
      if (requests > 0 || !isMeant(socket)) continue
      connections.delete(socket)
      socket.destroy()
      return true
    }
    return false
  }

  /** Ends the connection whose request came first of those that have not come in whole: where all are at work, a slow one makes room. */
  function endSlowest(): boolean {
    let slowest: { readonly socket: Socket; readonly order: number } | undefined
    for (const [socket, { last, order }] of connections) {
      if (last?.complete === false && (slowest === undefined || order < slowest.order)) slowest = { socket, order }
    }
    if (slowest === undefined) return false
    connections.delete(slowest.socket)
    slowest.socket.destroy()
    return true
  }

  function holdBack({ socket }: IncomingMessage, later: () => void): boolean {
    if ((connections.get(socket)?.requests ?? 0) < MAX_PIPELINED) return false
    const waiting = heldBack.get(socket)
    if (waiting === undefined) heldBack.set(socket, [later])
    else waiting.push(later)
    socket.pause()
    return true
  }

  /** One of a connection's requests is over: the next one begins after others have had their turn. */
  function letNext(socket: Socket): void {
    const waiting = heldBack.get(socket)
    const next = waiting?.shift()
    if (next === undefined) return
    if (waiting?.length === 0) {
      heldBack.delete(socket)
      socket.resume()
    }
    setImmediate(next)
  }

  function enter(request: IncomingMessage, address: string | null): Turned | null {
    const { socket } = request
    const connection = connections.get(socket) ?? { requests: 0, last: null, order: 0 }
    if (connection.last === null) connections.set(socket, connection)
    connection.requests++
    connection.last = request
    connection.order = ++came
    const isCounted = isLimited(address)
    if (isCounted) {
      const share = shares.get(address) ?? { requests: 0, bytes: 0 }
      shares.set(address, share)
      share.requests++
      held.set(request, { share, address, bytes: 0 })
      if (share.requests > perAddress) {
        return turned(429, `More than ${perAddress} requests of ${address} were under way at once.`)
      }
    }
    const length = Number(request.headers['content-length'] ?? 0)
    // One that says it is larger than anything that is read is refused for that, and nothing of it is held.
    return length <= SMALL_BYTES || length > MAX_BYTES_EACH || take(request, length) ? null : noRoom(address)
  }

  function take(request: IncomingMessage, wanted: number): boolean {
    const known = held.get(request)
    const holding = known ?? { share: null, address: null, bytes: 0 }
    if (bytes + wanted > MAX_BYTES) return false
    if (holding.share !== null && holding.share.bytes + wanted > MAX_BYTES_EACH) return false
    if (known === undefined) held.set(request, holding)
    holding.bytes += wanted
    bytes += wanted
    if (holding.share !== null) holding.share.bytes += wanted
    return true
  }

  function leave(request: IncomingMessage): void {
    const { socket } = request
    const connection = connections.get(socket)
    if (connection !== undefined) connection.requests--
    if (heldBack.size > 0) letNext(socket)
    const holding = held.size === 0 ? undefined : held.get(request)
    if (holding === undefined) return
    held.delete(request)
    bytes -= holding.bytes
    const { share, address } = holding
    if (share === null || address === null) return
    share.bytes -= holding.bytes
    share.requests--
    if (share.requests === 0) shares.delete(address)
  }

  return {
    watch(server) {
      // One more than are kept, so that Node itself never closes one that is waiting for its answer.
      server.maxConnections = MAX_CONNECTIONS + 1
      server.on('connection', connected)
    },
    holdBack,
    enter,
    take,
    leave,
    setPerAddress(max) {
      perAddress = max
    },
    setTunnel(kind) {
      tunnel = kind
    },
  }
}

/** What a request is told whose body finds no room in memory. */
export function noRoom(address: string | null): Turned {
  return turned(
    503,
    `Bodies that were being received held all the memory that they may (${address ?? 'unknown address'}).`,
  )
}

function turned(status: 429 | 503, note: string): Turned {
  const answer = comeBack('busy', 'Too many requests are under way; send it again later.', RETRY_SECONDS)
  return { verdict: 'rate-limited', note, answer: { ...answer, status } }
}

/** A connection that is one too many, of a sender all of whose others are at work. */
function refuse(socket: Socket): void {
  socket.on('error', () => undefined)
  socket.end(
    `HTTP/1.1 503 Service Unavailable\r\nretry-after: ${RETRY_SECONDS}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
    () => socket.destroy(),
  )
}
