import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type ErrorRequestHandler } from 'express'
import { sqliteCode } from '../db/database-error.ts'
import type { Database } from '../db/open.ts'
import { insertWebhookRequest, newestRequestId } from '../db/webhook-requests.ts'
import type { Clock } from '../domain/clock.ts'
import type { Failpoint } from '../domain/failpoint.ts'
import { exceedsDepth } from '../domain/json.ts'
import type { Log } from '../domain/log.ts'
import type { ZapSettings } from '../domain/zap-file.ts'
import { type AcceptedEvent, type Admission, acceptEvent, type IncomingEvent } from './accept-event.ts'
import { aliveAnswer } from './alive.ts'
import type { Captures } from './captures.ts'
import { checkSender, type SenderSecrets } from './check-sender.ts'
import { dedupeKeyOf } from './dedupe-key.ts'
import { bodyHandshake } from './handshakes.ts'
import type { HeldRequests } from './held-requests.ts'
import { createHookGates } from './hook-gates.ts'
import type { LiveWebhook } from './live-triggers.ts'
import { type KeepBytes, parseBody } from './parse-body.ts'
import { NO_PUBLIC_ACCESS, type PublicAccess, publicUrl, senderAddress } from './public-access.ts'
import { hasPlainBody, readPlainBody } from './read-body.ts'
import { createRefusalKeeper } from './refused-requests.ts'
import { withoutProof } from './secret-headers.ts'
import { createUnclaimedRequests } from './unclaimed-requests.ts'
import { createWaitingSender } from './waiting-sender.ts'
import { type Answer, comeBack, configuredAnswer, errorBody, send } from './webhook-answer.ts'
import { plainHeaders, requestEvent, splitUrl } from './webhook-request.ts'

export type WebhookListenerConfig = {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly failpoint: Failpoint
  /** 0 picks a free port. */
  readonly port: number
  /** Bytes of a body beyond which a request is answered 413. */
  readonly maxBodyBytes: number
  /** By which requests for a sign of life are answered. */
  readonly aliveKey: string
  readonly secrets: SenderSecrets
  readonly captures: Captures
  readonly held: HeldRequests
  /** What is stored of an event's JSON text: that text or, when it is large, that of a reference to a file with it. */
  packText(json: string): string | Promise<string>
  readonly keepBytes: KeepBytes
  /**
   * Asked for a place for the run of an event. Calls `store` once, at once or within a moment; with nothing when the run has to wait
   * for its turn.
   */
  admit(event: IncomingEvent, settings: ZapSettings, store: (place: Admission | undefined) => void): void
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
  /** How the world reaches this listener; nothing is known of it at first. */
  setPublicAccess(access: PublicAccess): void
  /** Requests a minute that one address may send; 0, as at first, is no limit. */
  setAddressLimit(perMinute: number): void
  /** While paused, every webhook is answered 503, so that its sender tries again later. */
  setPaused(paused: boolean): void
}

const MAX_DEPTH = 200
const NO_HOOKS: readonly LiveWebhook[] = []
/** Milliseconds that a stop waits for requests that are still coming in; Node's own time limits end with `close`. */
const STOP_MS = 2_000

/** An event on its way to the disk, with the place of its run if it has one. */
type Stored = { readonly admission: Admission | undefined; readonly stored: Promise<AcceptedEvent> }

export function createWebhookListener(config: WebhookListenerConfig): WebhookListener {
  const { database, clock, log } = config
  const keep = createRefusalKeeper(config)
  const answerUnclaimed = createUnclaimedRequests({ ...config, keep })
  const gates = createHookGates()
  let access = NO_PUBLIC_ACCESS
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
    const hooks = byPath.get(path) ?? NO_HOOKS
    const alive = hooks === NO_HOOKS ? aliveAnswer(path, config.aliveKey) : null
    if (alive !== null) return alive
    const address = senderAddress(request, access)
    if (isPaused) {
      await keep(request, raw, { verdict: 'paused', status: 503, address })
      return comeBack('paused', 'Hookline is paused; send it again later.')
    }
    const hook = hooks.find((candidate) => candidate.endpoint.methods.includes(method))
    const turned = gates.refusalOf(address, receivedAt) ?? (hook && gates.refusalAt(hook, address, receivedAt)) ?? null
    if (turned !== null) {
      await keep(request, raw, { ...turned, status: turned.answer.status, hook, address })
      return turned.answer
    }
    if (hook === undefined) return answerUnclaimed(request, raw, hooks, address)
    const sent = plainHeaders(request)
    let secret: string | null = null
    if (hook.endpoint.verify !== null) {
      const rawBody = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
      const signed = { headers: sent, rawBody, url: publicUrl(request, access), method }
      const checked = checkSender(hook.endpoint.verify, signed, config.secrets, receivedAt)
      const verdict = checked instanceof Promise ? await checked : checked
      if (!verdict.ok) {
        const { reason: note, report } = verdict
        await keep(request, raw, { verdict: 'bad-signature', status: 401, hook, note, report, address })
        config.captures.came(path)
        return { status: 401, body: errorBody('bad-signature', 'The request is not signed as it should be.') }
      }
      secret = verdict.secret
    }
    const pending = parseBody(raw, request.headers['content-type'], config.keepBytes)
    const parsed = pending instanceof Promise ? await pending : pending
    if (exceedsDepth(parsed.body, MAX_DEPTH)) {
      await keep(request, raw, { verdict: 'too-deep', status: 400, hook, address })
      return { status: 400, body: errorBody('too-deep', `The body nests deeper than ${MAX_DEPTH} levels.`) }
    }
    const handshake = bodyHandshake(hook, parsed.body, secret)
    if (handshake !== null) {
      const { answer, note } = handshake
      await keep(request, raw, { verdict: 'handshake', status: answer.status, hook, note, address })
      return answer
    }
    const headers = withoutProof(sent, hook.endpoint.verify)
    const received = requestEvent({ method, path, query, headers, raw, parsed, receivedAt, remoteAddress: address })
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
    const { holdMs } = hook
    const sender = holdMs === null ? null : createWaitingSender(database, config.held, request.socket, holdMs)
    let requestId = 0
    const { admission, stored } = await new Promise<Stored>((resolve, reject) => {
      const store = (admission: Admission | undefined): void => {
        if (admission !== undefined) sender?.expect(admission.eventId)
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
            remoteAddress: isBorrowed ? null : address,
            verdict: event.isDuplicate ? 'duplicate' : 'accepted',
            status: configured?.status ?? 200,
            note: problem ?? dedupe.note ?? parsed.note,
            zapId: hook.zapId,
            eventId: event.eventId,
          })
          if (sender !== null) requestId = newestRequestId(tx)
          config.failpoint('before-commit')
          return event
        })
        admission?.begin(stored)
        resolve({ admission, stored })
      }
      config.admit(incoming, hook.settings, (place) => {
        try {
          store(place)
        } catch (error) {
          reject(error)
        }
      })
    })
    if (sender !== null) stored.catch(sender.giveUp)
    const accepted = await stored
    config.failpoint('after-commit')
    config.received()
    config.captures.came(path)
    // A run that has to wait for its turn is expected before it is woken, so that its answer finds somebody.
    const fromRun = sender?.answerFor(accepted, requestId)
    if (admission === undefined && !accepted.isDuplicate) config.accepted(hook.zapId)
    const answered = fromRun === undefined ? null : await fromRun
    if (answered !== null) return answered
    if (admission !== undefined && sender === null) await letRunGoFirst()
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
      await keep(request, new Uint8Array(), { verdict: 'too-large', status, address: senderAddress(request, access) })
      const megabytes = config.maxBodyBytes / 1_048_576
      return { status, body: errorBody('too-large', `The body is larger than ${megabytes} MB.`) }
    }
    if (status >= 400 && status < 500) {
      await keep(request, new Uint8Array(), { verdict: 'unreadable', status, address: senderAddress(request, access) })
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
      config.held.close()
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
    setPublicAccess(wanted) {
      access = wanted
    },
    setAddressLimit: gates.setPerAddress,
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
