import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type ErrorRequestHandler } from 'express'
import { sqliteCode } from '../db/database-error.ts'
import type { Database } from '../db/open.ts'
import { insertWebhookRequest } from '../db/webhook-requests.ts'
import type { Clock } from '../domain/clock.ts'
import type { Failpoint } from '../domain/failpoint.ts'
import { exceedsDepth } from '../domain/json.ts'
import type { Log } from '../domain/log.ts'
import type { ZapSettings } from '../domain/zap-file.ts'
import { type Admission, acceptEvent, type IncomingEvent } from './accept-event.ts'
import { checkSender, type SenderSecrets } from './check-sender.ts'
import { dedupeKeyOf } from './dedupe-key.ts'
import type { LiveWebhook } from './live-triggers.ts'
import { type KeepBytes, parseBody } from './parse-body.ts'
import { hasPlainBody, readPlainBody } from './read-body.ts'
import { createRefusalKeeper } from './refused-requests.ts'
import { withoutProof } from './secret-headers.ts'
import { type Answer, comeBack, configuredAnswer, errorBody, send } from './webhook-answer.ts'
import { plainHeaders, publicUrl, requestEvent, splitUrl } from './webhook-request.ts'

export type WebhookListenerConfig = {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly failpoint: Failpoint
  /** 0 picks a free port. */
  readonly port: number
  /** Bytes of a body beyond which a request is answered 413. */
  readonly maxBodyBytes: number
  readonly secrets: SenderSecrets
  /** What is stored of an event's JSON text: that text or, when it is large, that of a reference to a file with it. */
  packText(json: string): string | Promise<string>
  readonly keepBytes: KeepBytes
  /** Asked for a place for the run of an event; undefined when its run has to wait for its turn. */
  admit(event: IncomingEvent, settings: ZapSettings): Admission | undefined
  /** Called when a request has been answered or is about to be, and the inbox has it. */
  received(): void
  /** Called after the commit of an event that has to wait for its turn. */
  accepted(zapId: string): void
}

/** Receives webhooks on loopback, the only thing that a tunnel ever reaches. */
export type WebhookListener = {
  /** Starts to listen; resolves with the base address. Rejects with the system's error, such as `EADDRINUSE`. */
  start(): Promise<string>
  /** Answers what has come in whole, or does so within two seconds, and closes. */
  stop(): Promise<void>
  /** Replaces the webhooks that are listened to. */
  setWebhooks(webhooks: readonly LiveWebhook[]): void
  /** While paused, every webhook is answered 503, so that its sender tries again later. */
  setPaused(paused: boolean): void
}

const MAX_DEPTH = 200
/** Milliseconds that a stop waits for requests that are still coming in; Node's own time limits end with `close`. */
const STOP_MS = 2_000

export function createWebhookListener(config: WebhookListenerConfig): WebhookListener {
  const { database, clock, log } = config
  const keep = createRefusalKeeper(config)
  let byPath = new Map<string, LiveWebhook[]>()
  let isPaused = false
  let isStopping = false
  let server: Server | undefined

  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', false)
  app.use(express.raw({ type: () => true, limit: config.maxBodyBytes }))
  app.use((request, response) => {
    answer(response, receive(request, Buffer.isBuffer(request.body) ? request.body : new Uint8Array()))
  })
  const onError: ErrorRequestHandler = (error, request, response, _next) => {
    answer(response, refuse(request, error))
  }
  app.use(onError)

  /** Takes the short way round Express's router and body parser where nothing of them is needed: a tenth of a request's cost. */
  function handle(request: IncomingMessage, response: ServerResponse): void {
    if (!hasPlainBody(request, config.maxBodyBytes)) {
      app(request, response)
      return
    }
    readPlainBody(request).then(
      (raw) => answer(response, receive(request, raw)),
      () => answer(response, refuse(request, { status: 400 })),
    )
  }

  function answer(response: ServerResponse, pending: Promise<Answer>): void {
    pending.then(
      (ready) => sendNow(response, ready),
      (error: unknown) => sendNow(response, failed(error)),
    )
  }

  function sendNow(response: ServerResponse, ready: Answer): void {
    // A sender that keeps its connection for the next request must not keep Hookline from stopping.
    if (isStopping && !response.headersSent) response.setHeader('connection', 'close')
    send(response, ready)
  }

  async function receive(request: IncomingMessage, raw: Uint8Array): Promise<Answer> {
    const receivedAt = clock.now()
    const { method = 'GET', url = '/' } = request
    const [path, query] = splitUrl(url)
    const hooks = byPath.get(path)
    if (isPaused) {
      await keep(request, raw, 'paused', 503, null)
      return comeBack('paused', 'Hookline is paused; send it again later.')
    }
    const hook = hooks?.find((candidate) => candidate.endpoint.methods.includes(method))
    if (hook === undefined) {
      const status = hooks === undefined ? 404 : 405
      await keep(request, raw, 'unknown-path', status, null)
      if (hooks === undefined) {
        return { status, body: errorBody('unknown-path', `No zap that is switched on listens at ${path}.`) }
      }
      const allowed = hooks.flatMap((other) => other.endpoint.methods).join(', ')
      return {
        status,
        headers: { allow: allowed },
        body: errorBody('method-not-allowed', `${path} takes ${allowed}, not ${method}.`),
      }
    }
    if (hook.endpoint.verify !== null) {
      const signed = {
        headers: plainHeaders(request),
        rawBody: Buffer.from(raw),
        url: publicUrl(request),
        method,
      }
      const verdict = await checkSender(hook.endpoint.verify, signed, config.secrets, receivedAt)
      if (!verdict.ok) {
        await keep(request, raw, 'bad-signature', 401, hook, verdict.reason)
        return { status: 401, body: errorBody('bad-signature', 'The request is not signed as it should be.') }
      }
    }
    const pending = parseBody(raw, request.headers['content-type'], config.keepBytes)
    const parsed = pending instanceof Promise ? await pending : pending
    if (exceedsDepth(parsed.body, MAX_DEPTH)) {
      await keep(request, raw, 'too-deep', 400, hook)
      return { status: 400, body: errorBody('too-deep', `The body nests deeper than ${MAX_DEPTH} levels.`) }
    }
    const headers = withoutProof(plainHeaders(request), hook.endpoint.verify)
    const remoteAddress = request.socket.remoteAddress ?? null
    const received = requestEvent({ method, path, query, headers, raw, parsed, receivedAt, remoteAddress })
    const { data } = received
    const dedupe = dedupeKeyOf(hook.endpoint.dedupeKey, hook.stepId, data, headers)
    const { answer: configured, problem } = configuredAnswer(hook, data)
    const packed = config.packText(received.json)
    const json = typeof packed === 'string' ? packed : await packed
    const incoming: IncomingEvent = {
      zapId: hook.zapId,
      version: hook.version,
      triggerStepId: hook.stepId,
      dedupeKey: dedupe.key,
      data,
      json,
      receivedAt,
    }
    const admission = config.admit(incoming, hook.settings)
    const stored = database.write((tx) => {
      const event = acceptEvent(tx, incoming, admission)
      const isBorrowed = !event.isDuplicate
      insertWebhookRequest(tx, {
        receivedAt,
        method,
        path,
        query: isBorrowed ? null : query,
        headers: isBorrowed ? null : JSON.stringify(headers),
        body: isBorrowed && received.isReproducible ? null : raw,
        remoteAddress: isBorrowed ? null : remoteAddress,
        verdict: event.isDuplicate ? 'duplicate' : 'accepted',
        status: configured?.status ?? 200,
        note: problem ?? dedupe.note ?? parsed.note,
        zapId: hook.zapId,
        eventId: event.eventId,
      })
      config.failpoint('before-commit')
      return event
    })
    admission?.begin(stored)
    const accepted = await stored
    config.failpoint('after-commit')
    config.received()
    if (admission !== undefined) await letRunGoFirst()
    else if (!accepted.isDuplicate) config.accepted(hook.zapId)
    return (
      configured ?? {
        status: 200,
        body: { id: accepted.eventId, status: accepted.isDuplicate ? 'duplicate' : 'accepted' },
      }
    )
  }

  /** What express could not read: a body that is too large, cut off, or badly encoded. */
  async function refuse(request: IncomingMessage, error: unknown): Promise<Answer> {
    const status = statusOf(error)
    if (status === 413) {
      await keep(request, new Uint8Array(), 'too-large', status, null)
      const megabytes = config.maxBodyBytes / 1_048_576
      return { status, body: errorBody('too-large', `The body is larger than ${megabytes} MB.`) }
    }
    if (status >= 400 && status < 500) {
      await keep(request, new Uint8Array(), 'unreadable', status, null)
      return { status, body: errorBody('bad-request', 'The request could not be read.') }
    }
    return failed(error)
  }

  function failed(error: unknown): Answer {
    log.error('A webhook could not be stored.', { error: String(error) })
    const isFull = sqliteCode(error) === 'SQLITE_FULL'
    const message = isFull ? 'The disk is full; send it again later.' : 'It could not be stored; send it again later.'
    return comeBack('not-stored', message)
  }

  return {
    start() {
      const listening = Promise.withResolvers<string>()
      // Node's own defaults let a slow sender hold a connection for minutes.
      const created = createServer(
        {
          headersTimeout: 10_000,
          requestTimeout: 30_000,
          connectionsCheckingInterval: 5_000,
          keepAliveTimeout: 15_000,
        },
        handle,
      )
      created.maxConnections = 256
      created.once('error', listening.reject)
      created.listen(config.port, '127.0.0.1', () => {
        created.off('error', listening.reject)
        created.on('error', (error) => log.error('The webhook listener had an error.', { error: String(error) }))
        // A server that listens on a port has an AddressInfo; only pipes have a text.
        listening.resolve(`http://127.0.0.1:${(created.address() as AddressInfo).port}`)
      })
      server = created
      return listening.promise
    },
    stop() {
      const closed = Promise.withResolvers<void>()
      const closing = server
      if (closing === undefined || !closing.listening) return Promise.resolve()
      isStopping = true
      const cancelDeadline = clock.after(STOP_MS, () => closing.closeAllConnections())
      closing.close(() => {
        cancelDeadline()
        closed.resolve()
      })
      closing.closeIdleConnections()
      return closed.promise
    },
    setWebhooks(webhooks) {
      byPath = Map.groupBy(webhooks, (hook) => hook.path)
    },
    setPaused(paused) {
      isPaused = paused
    },
  }
}

/**
 * Lets the run of the event go first: to answer keeps the thread for longer than to send what a step asks for. Two turns, as undici
 * lets one pass before it uses an idle connection again.
 */
function letRunGoFirst(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
}

function statusOf(error: unknown): number {
  return typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number'
    ? error.status
    : 500
}
