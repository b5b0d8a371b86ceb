import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream'
import { type ConnectionOptions, connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node'
import { type LogError, OPERATION_MS } from '../log.ts'
import { type LogAddress, readSettingFile, serverText } from '../log-address.ts'
import { natsError, USE_JETSTREAM } from './nats-errors.ts'

/** One connection to NATS, which is made again by itself when it is lost. */
export type NatsLink = {
  readonly connection: NatsConnection
  readonly client: JetStreamClient
  readonly manager: JetStreamManager
  readonly address: string
  /** Does something with the connection; rejects with a LogError, at once while there is no connection. `what` completes "could not be reached to …". */
  use<T>(what: string, work: () => Promise<T>): Promise<T>
  /** The reason why the connection is down, or null. */
  problem(): LogError | null
  /** It is connected, and cannot be used all the same. */
  fail(problem: LogError): void
  watch(listener: (problem: LogError | null) => void): () => void
  isClosed(): boolean
  close(): Promise<void>
}

const RECONNECT_MS = 250

export async function openLink(address: LogAddress, host: string): Promise<NatsLink> {
  const { shown } = address
  let connection: NatsConnection
  try {
    connection = await connect(optionsOf(address, host))
  } catch (error) {
    throw natsError(error, 'sign in', shown)
  }
  const listeners = new Set<(problem: LogError | null) => void>()
  let problem: LogError | null = null
  let isClosed = false
  const say = (next: LogError | null): void => {
    if (next === problem) return
    problem = next
    for (const listener of listeners) listener(next)
  }
  const lost = (error: unknown): void => say(natsError(error, 'go on', shown))

  async function follow(): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'reconnect') say(null)
      else if (status.type === 'disconnect' || status.type === 'staleConnection')
        lost(new Error('the connection was lost'))
      else if (status.type === 'error' && problem !== null) lost(status.error)
    }
    if (!isClosed) lost((await connection.closed()) ?? new Error('the connection was closed'))
  }
  void follow()

  const timeout = { timeout: OPERATION_MS }
  const client = jetstream(connection, timeout)
  let manager: JetStreamManager
  try {
    manager = await jetstreamManager(connection, timeout)
  } catch (error) {
    isClosed = true
    await connection.close()
    throw natsError(error, USE_JETSTREAM, shown)
  }
  return {
    connection,
    client,
    manager,
    address: shown,
    async use(what, work) {
      if (problem !== null) throw problem
      try {
        return await work()
      } catch (error) {
        throw natsError(error, what, shown)
      }
    },
    problem: () => problem,
    fail: say,
    watch(listener) {
      listeners.add(listener)
      listener(problem)
      return () => listeners.delete(listener)
    },
    isClosed: () => isClosed,
    async close() {
      isClosed = true
      await connection.close().catch(() => undefined)
    },
  }
}

function optionsOf(address: LogAddress, host: string): ConnectionOptions {
  const { settings, user, password } = address
  const file = (setting: string): string | undefined => readSettingFile(address, setting)?.toString('utf8')
  const creds = readSettingFile(address, 'creds')
  const [ca, cert, key] = [file('ca'), file('cert'), file('key')]
  const isTls = address.isTls || ca !== undefined || cert !== undefined
  return {
    servers: address.servers.map(serverText),
    name: `hookline ${host}`,
    timeout: OPERATION_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    reconnectJitter: RECONNECT_MS,
    // A server that is being set up may refuse a sign-in for a moment; a host that gave up would have to be started again.
    ignoreAuthErrorAbort: true,
    pingInterval: 2_000,
    maxPingOut: 2,
    ...(user !== null && password !== null && { user, pass: password }),
    ...(user === null && password !== null && { token: password }),
    ...(creds !== undefined && { authenticator: credsAuthenticator(creds) }),
    ...(isTls && {
      tls: { ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) },
    }),
    ...(settings.get('discover') === 'no' && { ignoreClusterUpdates: true }),
  }
}
