import type { IncomingMessage, ServerResponse } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import express from 'express'
import { sqliteCode } from '../db/database-error.ts'
import type { Log } from '../domain/host/log.ts'
import type { WorkMarker } from '../domain/runs/work-marker.ts'
import type { Clock } from '../domain/time/clock.ts'
import { MAX_JSON_DEPTH } from '../domain/values/json.ts'
import { SMALL_JSON } from '../domain/values/json-text.ts'
import type { Outbox } from '../outbox/outbox.ts'
import { aliveAnswer } from './alive.ts'
import { APPROVALS } from './approvals/approval-links.ts'
import type { ApprovalPages } from './approvals/approval-pages.ts'
import { openTo, pageCallOf, preflightAnswer, readableBy, turnedPage } from './browser-calls.ts'
import { checkSender, type SenderSecrets } from './check-sender.ts'
import type { DiskRoom } from './disk-room.ts'
import { plainPage } from './forms/form-page.ts'
import type { Forms } from './forms/forms.ts'
import { bodyHandshake } from './handshakes.ts'
import { createHookGates, type Turned, turnedHost } from './hook-gates.ts'
import { createHookPaths } from './hook-paths.ts'
import { createHookServer } from './hook-server.ts'
import { isOwnHost } from './host-check.ts'
import { FORMS, type LiveWebhook } from './live-triggers.ts'
import type { BodyReader } from './parse-body.ts'
import { NO_PUBLIC_ACCESS, type PublicAccess, publicUrl, senderAddress } from './public-access.ts'
import { BodyError, hasPlainBody, readCodedBody, readPlainBody } from './read-body.ts'
import { createRefusalKeeper } from './refused-requests.ts'
import { withoutProof } from './secret-headers.ts'
import { createServiceTaker } from './take-service-call.ts'
import { createWebhookTaker, type WebhookTakerConfig } from './take-webhook.ts'
import { createTrafficLimits, noRoom } from './traffic-limits.ts'
import { createUnclaimedRequests } from './unclaimed-requests.ts'
import { type Answer, comeBack, errorBody, send } from './webhook-answer.ts'
import { plainHeaders, splitUrl } from './webhook-request.ts'

export type WebhookListenerConfig = WebhookTakerConfig & {
  readonly outbox: Pick<Outbox, 'accept' | 'acceptAll'>
  readonly clock: Clock
  readonly log: Log
  /** 0 picks a free port. */
  readonly port: number
  /** Bytes of a body beyond which a request is answered 413. */
  readonly maxBodyBytes: number
  /** By which requests for a sign of life are answered. */
  readonly aliveKey: string
  readonly secrets: SenderSecrets
  readonly bodies: BodyReader
  readonly forms: Pick<Forms, 'answer'>
  readonly approvals: Pick<ApprovalPages, 'answer' | 'close'>
  /** Why nothing is taken in for want of room on the disk, or null. */
  readonly room: Pick<DiskRoom, 'refusal'>
  /** Tells the watchdog which request is at work. */
  readonly mark: WorkMarker
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
  /** What one address may send in a minute, and hold open at a time; 0, as at first, is no limit. */
  setAddressLimits(limits: { readonly perMinute: number; readonly connections: number }): void
  /** While paused, every webhook is answered 503, so that its sender tries again later. */
  setPaused(paused: boolean): void
}

export function createWebhookListener(config: WebhookListenerConfig): WebhookListener {
  const { clock, log } = config
  const keep = createRefusalKeeper(config)
  const answerUnclaimed = createUnclaimedRequests({ ...config, keep })
  const take = createWebhookTaker(config)
  const takeServiceCall = createServiceTaker({ ...config, keep })
  const gates = createHookGates()
  const traffic = createTrafficLimits()
  const paths = createHookPaths()
  const server = createHookServer({ ...config, handle, watch: traffic.watch })
  let access = NO_PUBLIC_ACCESS
  /** The last `Host` that was found to be ours: nearly every request names the same. */
  let lastOwnHost = ''
  let isPaused = false
  let isStopping = false

  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', false)
  app.use((request, response) => {
    const body = readCodedBody(request, config.maxBodyBytes, (bytes) => traffic.take(request, bytes))
    answerTo(request, response, body)
  })

  /** Takes the short way round Express's router where nothing of it is needed: a tenth of a request's cost. */
  function handle(request: IncomingMessage, response: ServerResponse): void {
    if (traffic.holdBack(request, () => handle(request, response))) return
    const turned = traffic.enter(request, senderAddress(request, access))
    if (turned !== null) answer(request, response, turnAway(request, turned))
    else if (hasPlainBody(request, config.maxBodyBytes)) answerTo(request, response, readPlainBody(request))
    else app(request, response)
  }

  function answerTo(request: IncomingMessage, response: ServerResponse, body: Promise<Buffer>): void {
    body.then(
      (raw) => answer(request, response, receive(request, response, raw)),
      (error: unknown) => answer(request, response, refuse(request, error)),
    )
  }

  function answer(request: IncomingMessage, response: ServerResponse, pending: Promise<Answer>): void {
    pending.then(
      (ready) => sendNow(request, response, ready),
      (error: unknown) => sendNow(request, response, failed(error)),
    )
  }

  function sendNow(request: IncomingMessage, response: ServerResponse, ready: Answer): void {
    traffic.leave(request)
    // A sender that keeps its connection for the next request must not keep Hookline from stopping.
    if (isStopping && !response.headersSent) response.setHeader('connection', 'close')
    send(response, ready)
  }

  function isOurs(host: string | undefined): boolean {
    if (host === undefined || host === lastOwnHost) return true
    if (!isOwnHost(host, server.port(), access.hosts)) return false
    lastOwnHost = host
    return true
  }

  /** Answers a request that is not let in, and tells the inbox. */
  async function turnAway(
    request: IncomingMessage,
    turned: Turned,
    hook?: LiveWebhook,
    raw: Uint8Array = NOTHING,
  ): Promise<Answer> {
    const { answer, ...refusal } = turned
    await keep(request, raw, { ...refusal, status: answer.status, hook, address: senderAddress(request, access) })
    return answer
  }

  async function receive(request: IncomingMessage, response: ServerResponse, raw: Buffer): Promise<Answer> {
    const receivedAt = clock.now()
    const { method = 'GET', url = '/', headers: given } = request
    const [sentPath, query] = splitUrl(url)
    // The path alone: to put a text together for every request costs more than the mark.
    config.mark('request', sentPath)
    const { path, hooks } = paths.find(sentPath)
    const alive = hooks.length === 0 ? aliveAnswer(path, config.aliveKey) : null
    if (alive !== null) return alive
    const address = senderAddress(request, access)
    if (!isOurs(given.host)) return turnAway(request, turnedHost(given.host), hooks[0], raw)
    if (hooks.length === 0 && isPage(path)) return answerPage(request, path, raw, receivedAt, address)
    const page = pageCallOf(method, given)
    if (page !== null) {
      const open = openTo(page, hooks, method)
      if (open === undefined) return turnAway(request, turnedPage(page, hooks), hooks[0], raw)
      for (const [name, value] of Object.entries(readableBy(page, open))) response.setHeader(name, value)
      if (page.asksFor !== null) return preflightAnswer(given, open)
    }
    if (isPaused) {
      await keep(request, raw, { verdict: 'paused', status: 503, address })
      return comeBack('paused', 'Hookline is paused; send it again later.')
    }
    const full = config.room.refusal()
    if (full !== null) return turnAway(request, full, hooks[0])
    const hook = hooks.find((candidate) => candidate.endpoint.methods.includes(method))
    const turned = gates.refusalOf(address, receivedAt) ?? (hook && gates.refusalAt(hook, address, receivedAt)) ?? null
    if (turned !== null) return turnAway(request, turned, hook, raw)
    if (hook === undefined) return answerUnclaimed(request, raw, { path, hooks }, address)
    const { service } = hook
    if (service !== undefined) {
      const url = publicUrl(request, access)
      return takeServiceCall({ request, hook, service, query, raw, receivedAt, address, url })
    }
    const sent = plainHeaders(request)
    let secret: string | null = null
    if (hook.endpoint.verify !== null) {
      const signed = { headers: sent, rawBody: raw, url: publicUrl(request, access), method }
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
    const pending = config.bodies.parse(raw, given['content-type'])
    const parsed = pending instanceof Promise ? await pending : pending
    if (pending instanceof Promise) config.mark('request', sentPath)
    if (parsed.isTooDeep) {
      await keep(request, raw, { verdict: 'too-deep', status: 400, hook, address })
      return { status: 400, body: errorBody('too-deep', `The body nests deeper than ${MAX_JSON_DEPTH} levels.`) }
    }
    // What is large is done in several turns, so that others have theirs.
    const isLarge = raw.length > SMALL_JSON
    if (isLarge) await turn()
    const handshake = bodyHandshake(hook, parsed.body, secret)
    if (handshake !== null) {
      const { answer, note } = handshake
      await keep(request, raw, { verdict: 'handshake', status: answer.status, hook, note, address })
      return answer
    }
    const headers = withoutProof(sent, hook.endpoint.verify)
    return take({ hook, socket: request.socket, method, path, query, headers, raw, parsed, receivedAt, address })
  }

  /** Pages that people fill in look by themselves from which page something was sent, and say why they take nothing. */
  function answerPage(
    request: IncomingMessage,
    path: string,
    raw: Buffer,
    receivedAt: number,
    address: string | null,
  ): Promise<Answer> {
    const turned = isPaused
      ? { status: 503, retryAfter: '60', isPaused }
      : closedBy(config.room.refusal() ?? gates.refusalOf(address, receivedAt))
    const { method = 'GET', headers } = request
    const { hosts } = access
    const port = server.port()
    const asked = { method, path, headers, raw, receivedAt, address, port, hosts, closed: turned }
    return path.startsWith(APPROVALS) ? config.approvals.answer(asked) : config.forms.answer(asked)
  }

  /** A body that could not be read: it is too large, cut off, or packed in a way that is not known. */
  async function refuse(request: IncomingMessage, error: unknown): Promise<Answer> {
    const address = senderAddress(request, access)
    const { status, raw, message } = error instanceof BodyError ? error : new BodyError(400, String(error))
    if (isPage(request.url ?? '') && status === 413) {
      const text = `All of it together may have ${Math.floor(config.maxBodyBytes / 1_048_576)} MB. Go back, choose a smaller file, and send it again.`
      await keep(request, raw, { verdict: 'too-large', status, address })
      return plainPage(status, 'This is too large', text)
    }
    if (status === 503) return turnAway(request, noRoom(address))
    if (status === 413) {
      await keep(request, raw, { verdict: 'too-large', status, address })
      const megabytes = config.maxBodyBytes / 1_048_576
      return { status, body: errorBody('too-large', `The body is larger than ${megabytes} MB.`) }
    }
    await keep(request, raw, { verdict: 'unreadable', status, address, note: message })
    const isUnknown = status === 415
    const headers = isUnknown ? { 'accept-encoding': 'gzip, deflate, br, zstd' } : {}
    return { status, headers, body: errorBody(isUnknown ? 'unknown-encoding' : 'bad-request', message) }
  }

  function failed(error: unknown): Answer {
    log.error('A webhook could not be stored.', { error: String(error) })
    const isFull = sqliteCode(error) === 'SQLITE_FULL'
    const message = isFull ? 'The disk is full; send it again later.' : 'It could not be stored; send it again later.'
    return comeBack('not-stored', message)
  }

  return {
    start: server.start,
    stop() {
      isStopping = true
      config.held.close()
      config.approvals.close()
      return server.stop()
    },
    setWebhooks: paths.set,
    setPublicAccess(wanted) {
      access = wanted
      lastOwnHost = ''
      traffic.setTunnel(wanted.baseUrl === null ? 'none' : wanted.addressHeader === null ? 'silent' : 'telling')
    },
    setAddressLimits({ perMinute, connections }) {
      gates.setPerAddress(perMinute)
      traffic.setPerAddress(connections)
    },
    setPaused(paused) {
      isPaused = paused
    },
  }
}

const isPage = (path: string): boolean => path.startsWith(FORMS) || path.startsWith(APPROVALS)

function closedBy(turned: Turned | null) {
  if (turned === null) return null
  const { status, headers } = turned.answer
  return { status, retryAfter: headers?.['retry-after'] ?? '60', isPaused: false }
}

const NOTHING = new Uint8Array()
