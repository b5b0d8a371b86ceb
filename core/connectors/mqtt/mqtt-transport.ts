import type { Duplex } from 'node:stream'
import { StepError } from '../../domain/runs/step-error.ts'
import type { ActionContext } from '../action-context.ts'
import type { CredentialFields } from '../credential.ts'
import { secured } from '../kit/secured.ts'
import { badCredential, serverOf, tlsTerms } from '../providers/server-account.ts'

const HANDSHAKE_MS = 20_000
const PLAIN = /^(?:mqtt|tcp|ws):$/
const SECURE = /^(?:mqtts|ssl|tls|wss):$/
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'ws:': 80, 'wss:': 443 }

/** Where a broker is, as the credential says it; `socket` is the address of a WebSocket, where it is reached by one. */
export function brokerOf({ url = '', tls }: CredentialFields) {
  const address = URL.parse(url.trim())
  if (address === null || !(PLAIN.test(address.protocol) || SECURE.test(address.protocol)))
    throw badCredential(
      'The address of the broker must begin with mqtt://, mqtts://, ws:// or wss:// and name a server.',
    )
  if (address.username !== '' || address.password !== '')
    throw badCredential('The address of the broker holds a user or a password: enter them in fields of their own.')
  const isSecure = SECURE.test(address.protocol)
  const usual = DEFAULT_PORTS[address.protocol] ?? (isSecure ? 8883 : 1883)
  const server = serverOf({ host: address.hostname, port: address.port }, usual, 'broker')
  const socket = /^wss?:$/.test(address.protocol) ? address : null
  return { server, terms: isSecure ? tlsTerms(server, tls === 'any' ? 'any' : 'true') : null, socket }
}

/** The bytes to and from a broker: straight, encrypted, or within a WebSocket (MQTT 5.0, section 6). */
export async function connectToBroker(
  entered: CredentialFields,
  { connect }: Pick<ActionContext<unknown>, 'connect'>,
): Promise<Duplex> {
  const { server, terms, socket } = brokerOf(entered)
  const plain = await connect(server)
  const stream = await secured(plain, server.host, terms).catch((error: unknown) => {
    plain.destroy()
    const says = error instanceof Error ? error.message : String(error)
    const message = `The connection to the broker cannot be encrypted as the credential wants it: look at its address and “Encryption”. ${says}.`
    throw new StepError({ code: 'tls', message, retryable: false }, { cause: error })
  })
  return socket === null ? stream : overWebSocket(socket, stream)
}

async function overWebSocket(address: URL, stream: Duplex): Promise<Duplex> {
  const { createWebSocketStream, WebSocket } = await import('ws')
  const socket = new WebSocket(address, ['mqtt'], {
    createConnection: () => stream,
    handshakeTimeout: HANDSHAKE_MS,
    perMessageDeflate: false,
  })
  const bytes = createWebSocketStream(socket)
  // What goes wrong later is told by the stream itself.
  const opened = Promise.withResolvers<void>()
  socket.once('open', opened.resolve)
  bytes.once('error', opened.reject)
  try {
    await opened.promise
  } catch (cause) {
    stream.destroy()
    const says = cause instanceof Error ? cause.message : String(cause)
    const message = `What answers at ${address.protocol}//${address.host}${address.pathname} is no broker of MQTT over WebSockets: look at the address and its path, which is often /mqtt. ${says}.`
    throw new StepError({ code: 'no-mqtt', message, retryable: false }, { cause })
  }
  return bytes
}
