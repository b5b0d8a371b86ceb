import { StepError } from '../../domain/runs/step-error.ts'
import { shownAddress } from '../../domain/values/address-text.ts'
import { type Json, jsonSchema } from '../../domain/values/json.ts'
import type { ActionContext } from '../action-context.ts'
import { tlsTerms } from '../providers/server-account.ts'
import { secured } from './secured.ts'

type Reach = Pick<ActionContext<unknown>, 'connect' | 'signal' | 'clock'>

/** A connection by which a service tells what happens (RFC 6455), with JSON in each message. */
export type JsonSocket = {
  /** What is told, one after the other; ends when the service ends the connection, and throws a StepError when it breaks. */
  messages(): AsyncGenerator<Json>
  send(message: Json): void
  close(): void
  /** Ends it as broken: the service does not answer. */
  giveUp(why: string): void
}

/** What a service asks for beside its address. */
export type SocketTerms = {
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** The code with which we leave; 1000 when absent. Some services forget a client that says goodbye for good. */
  readonly leavesWith?: number | undefined
  /** What a code means with which the service ends it, where that is not just a broken connection. */
  readonly means?: ((code: number) => StepError | null) | undefined
}

const MAX_BYTES = 8_388_608
const HANDSHAKE_MS = 20_000
/** Milliseconds after which a service that says nothing is asked whether it is there. */
const QUIET_MS = 30_000
/** Messages that are held until they are taken; then the service waits with the rest. */
const MOST_HELD = 500

/** Connects to an address that begins with ws:// or wss://. Rejects with a StepError that says what is wrong. */
export async function openJsonSocket(
  address: string,
  { connect, signal, clock }: Reach,
  { headers = {}, leavesWith = 1_000, means = () => null }: SocketTerms = {},
): Promise<JsonSocket> {
  const url = URL.parse(address)
  if (url === null || !/^wss?:$/.test(url.protocol)) {
    const message = `"${shownAddress(address)}" is no address of a WebSocket, which begins with ws:// or wss://.`
    throw new StepError({ code: 'bad-url', message, retryable: false })
  }
  const isSecure = url.protocol === 'wss:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const server = { host, port: Number(url.port || (isSecure ? 443 : 80)) }
  const where = `${url.protocol}//${url.host}`
  const plain = await connect(server)
  const stream = await secured(plain, host, isSecure ? tlsTerms(server, 'true') : null).catch((cause: unknown) => {
    plain.destroy()
    const says = cause instanceof Error ? cause.message : String(cause)
    throw new StepError(
      { code: 'tls', message: `${where} cannot be spoken to in secret: ${says}.`, retryable: true },
      { cause },
    )
  })
  const { WebSocket } = await import('ws')
  const socket = new WebSocket(url, {
    headers: { ...headers },
    createConnection: () => stream,
    handshakeTimeout: HANDSHAKE_MS,
    maxPayload: MAX_BYTES,
    perMessageDeflate: false,
  })
  const held: string[] = []
  let news = Promise.withResolvers<void>()
  let over: StepError | 'ended' | null = null
  let isQuiet = false

  const end = (why: StepError | 'ended'): void => {
    over ??= why
    news.resolve()
  }
  const broken = (says: string): StepError =>
    new StepError({ code: 'connection', message: `The connection to ${where} broke: ${says}.`, retryable: true })
  function watch(): () => void {
    return clock.after(QUIET_MS, () => {
      if (isQuiet) return socket.terminate()
      isQuiet = true
      if (socket.readyState === WebSocket.OPEN) socket.ping()
      stop = watch()
    })
  }
  let stop = watch()
  const close = (): void => {
    stop()
    signal.removeEventListener('abort', close)
    socket.close(leavesWith)
    // What does not say goodbye in return is not waited for.
    clock.after(2_000, () => socket.terminate())
  }
  signal.addEventListener('abort', close, { once: true })
  socket.on('pong', () => {
    isQuiet = false
  })
  socket.on('message', (data, isBinary) => {
    isQuiet = false
    if (isBinary) return
    held.push(String(data))
    if (held.length >= MOST_HELD) socket.pause()
    news.resolve()
  })
  socket.on('close', (code) => {
    stop()
    const meant = means(code)
    if (meant !== null) end(meant)
    end(code === 1000 || code === 1001 || code === 1005 ? 'ended' : broken(`it was closed (${code})`))
  })
  socket.on('error', (error) => end(broken(error.message)))
  socket.on('unexpected-response', (_request, response) => {
    const status = response.statusCode ?? 0
    response.destroy()
    const message =
      status === 401 || status === 403
        ? `${where} does not take the account (${status}): connect it again, or enter a new secret under Credentials.`
        : `${where} answered ${status} in place of a connection.`
    end(new StepError({ code: `http-${status}`, message, retryable: status >= 500 || status === 429 }))
  })
  const opened = new Promise<void>((resolve) => {
    socket.once('open', resolve)
  })
  await Promise.race([opened, news.promise])
  if (over !== null) {
    close()
    throw over === 'ended' ? broken('it was closed at once') : over
  }

  return {
    async *messages() {
      for (;;) {
        const text = held.shift()
        if (text !== undefined) {
          if (held.length === 0 && socket.isPaused) socket.resume()
          const parsed = parsedOr(text)
          if (parsed !== undefined) yield parsed
        } else if (over !== null) {
          if (over === 'ended' || signal.aborted) return
          throw over
        } else {
          news = Promise.withResolvers()
          await news.promise
        }
      }
    },
    send: (message) => {
      // What broke a moment ago is told by the messages.
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
    },
    close,
    giveUp(why) {
      end(broken(why))
      socket.terminate()
    },
  }
}

function parsedOr(text: string): Json | undefined {
  try {
    return jsonSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
