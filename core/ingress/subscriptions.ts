import { createHmac, randomBytes } from 'node:crypto'
import type { SenderAnswer } from '../connectors/action-context.ts'
import type { CallService, ServiceCaller, ServiceContext } from '../connectors/service-context.ts'
import { HOOK_METHODS, type Hook, type HookAnswer, type Subscribed } from '../connectors/trigger-sources.ts'
import type { Tx } from '../db/executor.ts'
import type { Database } from '../db/open.ts'
import {
  deleteSubscription,
  getSubscription,
  getSubscriptions,
  type SubscriptionRow,
  writeSubscription,
} from '../db/subscriptions.ts'
import { getCurrentVersion, getZapVersion, isZapEnabled } from '../db/zaps.ts'
import type { Log } from '../domain/host/log.ts'
import { StepError, type StepErrorDetails } from '../domain/runs/step-error.ts'
import { nextDelayMs } from '../domain/time/backoff.ts'
import type { Clock } from '../domain/time/clock.ts'
import { repeat } from '../domain/time/repeat.ts'
import type { Json } from '../domain/values/json.ts'
import type { Signals } from '../signals.ts'
import type { At, LiveWebhook, ServiceHookCall } from './live-triggers.ts'
import type { LivePoll } from './polls.ts'

type Values = Record<string, unknown>

/** A trigger whose service calls. `subject` is what it subscribes to, as text: another text is another subscription. */
export type LiveHook = At & {
  readonly subject: string
  readonly input: Values
  readonly source: Hook<Values>
  readonly caller: ServiceCaller
  /** How it asks what is new while the service cannot reach this computer. */
  readonly fallback: LivePoll | null
}

/** How the subscription of a trigger is. */
export type ShownSubscription = {
  readonly stepId: string
  /** `unreachable`: no address of this computer can be called from outside. */
  readonly state: 'active' | 'pending' | 'unreachable'
  /** Whether the service is asked meanwhile. */
  readonly isPolled: boolean
  readonly expiresAt: number | null
  readonly error: { readonly code: string; readonly message: string } | null
}

/** What follows from the subscriptions: where the listener hears of them, and what is polled in their place. */
export type SubscribedTriggers = { readonly webhooks: readonly LiveWebhook[]; readonly polls: readonly LivePoll[] }

/**
 * Tells services what to call, renews that before it ends, and takes it back when its zap goes off. What is wanted and what was told is stored
 * before and after every call, so a crash in between leaves no subscription that is not known, where a service can be asked for it.
 */
export type Subscriptions = {
  start(): Promise<void>
  stop(): Promise<void>
  /** Replaces the triggers. One whose subject is the same keeps its subscription. */
  set(hooks: readonly LiveHook[]): Promise<void>
  /** Does at once what is due, as after a change of the public address. */
  look(): void
  /** Does what is due; resolves when that is done. */
  runOnce(): Promise<void>
  of(zapId: string): readonly ShownSubscription[]
}

export type SubscriptionsConfig = {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly signals: Signals
  readonly call: CallService
  /** Key that secrets of our own making follow from. */
  readonly secret: string
  /** What senders call to reach a path here; null when they cannot. */
  urlOf(path: string): string | null
  seal(text: string, name: string): Promise<Uint8Array>
  open(sealed: Uint8Array, name: string): Promise<string>
  /** The trigger of a version that is not live any more; undefined when it cannot be read. */
  read(zapId: string, version: number, stepId: string): Promise<LiveHook | undefined>
  /** Called whenever it follows from the subscriptions that other webhooks are listened to, or others polled. */
  apply(triggers: SubscribedTriggers): Promise<void>
}

/** The clock may be set and the computer may sleep, so no timer is trusted for longer than this. */
const MAX_WAIT_MS = 60_000
const DAY_MS = 86_400_000
const RETRY = { baseMs: 60_000, capMs: 3_600_000 } as const
/** How long an end that fails is tried: the service may be gone for good. */
const END_MS = DAY_MS
const AT_ONCE = 8
const TIMEOUT_MS = 30_000

export function createSubscriptions(config: SubscriptionsConfig): Subscriptions {
  const { database, clock, log, signals } = config
  const stopping = new AbortController()
  let hooks = new Map<string, LiveHook>()
  let rows: readonly SubscriptionRow[] = []
  const secrets = new Map<string, string>()
  /** Those that services are being told of, and the secrets that they said meanwhile. */
  const subscribing = new Set<string>()
  const told = new Map<string, string>()
  const keyOf = (at: { zapId: string; stepId: string }): string => `${at.zapId}/${at.stepId}`
  const pathOf = ({ id }: Pick<SubscriptionRow, 'id'>): string => `/hooks/${id}`
  const urlOf = (row: Pick<SubscriptionRow, 'id'>): string | null => config.urlOf(pathOf(row))

  const rounds = repeat({
    clock,
    log,
    failed: 'Services could not be told what to call.',
    everyMs: () => Math.max(1, Math.min(...rows.map(({ nextAt }) => nextAt - clock.now()), MAX_WAIT_MS)),
    retryMs: MAX_WAIT_MS,
    run: round,
  })

  async function round(): Promise<void> {
    await moveToNewAddress()
    const now = clock.now()
    // What only waited for an address has one now.
    const isFree = (row: SubscriptionRow): boolean =>
      row.state === 'pending' && row.failures === 0 && urlOf(row) !== null
    const due = rows.filter((row) => row.nextAt <= now || isFree(row))
    for (let at = 0; at < due.length && !stopping.signal.aborted; at += AT_ONCE) {
      await Promise.all(due.slice(at, at + AT_ONCE).map(upkeep))
    }
    await reload()
  }

  /** Reads the rows again, and hands on what follows from them. */
  async function reload(): Promise<void> {
    rows = await database.write(getSubscriptions)
    for (const row of rows) {
      if (secrets.has(row.id)) continue
      const own = createHmac('sha256', config.secret).update(`subscription/${row.id}`).digest('base64url')
      secrets.set(row.id, row.sealed === null ? own : await config.open(row.sealed, nameOf(row)).catch(() => own))
    }
    const shown = [...hooks.values()].map((hook) => ({ hook, row: rowOf(hook) }))
    await config.apply({
      webhooks: shown.flatMap(({ hook, row }) => (row === undefined ? [] : [webhookOf(hook, row)])),
      polls: shown.flatMap(({ hook, row }) => (isReached(row) || hook.fallback === null ? [] : [hook.fallback])),
    })
    signals.emit('polls:changed')
  }

  function rowOf(hook: LiveHook): SubscriptionRow | undefined {
    return rows.find((row) => keyOf(row) === keyOf(hook) && row.state !== 'ending')
  }

  const isReached = (row: SubscriptionRow | undefined): boolean => row?.state === 'active' && urlOf(row) !== null

  function webhookOf(hook: LiveHook, row: SubscriptionRow): LiveWebhook {
    const { input, source } = hook
    const secret = secrets.get(row.id) ?? ''
    const verify = source.verify === null ? null : { ...source.verify, secrets: [{ $credential: row.id }] }
    const endpoint = {
      path: null,
      methods: HOOK_METHODS,
      verify,
      dedupeKey: null,
      response: null,
      holdMs: 0,
      allowFrom: [],
      rateLimit: null,
    }
    return {
      ...hook,
      path: pathOf(row),
      endpoint,
      holdMs: null,
      service: {
        secrets: { open: async () => secret, peek: () => secret },
        ...(source.proves && { proves: (made) => proves(hook, row, made) }),
        handshake: (call) => learned(row, source.handshake?.({ ...call, input }) ?? null),
        events: (call) => source.events({ ...call, input }),
      },
    }
  }

  /** A secret that a service says by itself is taken while it is being told to call, and at no other time. */
  function learned(row: SubscriptionRow, answer: HookAnswer | null): SenderAnswer | null {
    if (answer?.secret === undefined) return answer
    if (!subscribing.has(row.id)) return null
    told.set(row.id, answer.secret)
    secrets.set(row.id, answer.secret)
    return answer
  }

  /** Asks the service whether a call is its own. */
  async function proves(hook: LiveHook, row: SubscriptionRow, made: ServiceHookCall): Promise<boolean> {
    const subscription: Json = JSON.parse(row.data ?? 'null')
    return call(hook, row, async (context) => {
      return (await hook.source.proves?.({ ...context, subscription, call: made })) ?? true
    })
  }

  /** Another public address is another subscription: the service goes on to call the old one. */
  async function moveToNewAddress(): Promise<void> {
    const moved = rows.filter((row) => {
      const url = urlOf(row)
      return row.state === 'active' && url !== null && row.url !== url
    })
    if (moved.length === 0) return
    await database.write((tx) => {
      for (const row of moved) {
        end(tx, row, clock.now())
        writeSubscription(tx, newRow(row, clock.now()))
      }
    })
    await reload()
  }

  function end(tx: Tx, row: SubscriptionRow, now: number): void {
    // The service never heard of it.
    if (row.state === 'pending' && row.triedAt === null) deleteSubscription(tx, row.id)
    else writeSubscription(tx, { ...row, state: 'ending', nextAt: now, ...NO_FAILURE })
  }

  async function upkeep(row: SubscriptionRow): Promise<void> {
    const hook = await config.read(row.zapId, row.version, row.stepId)
    const now = clock.now()
    try {
      if (hook === undefined) throw UNREADABLE
      if (row.state === 'pending') await subscribe(hook, row)
      else if (row.state === 'active') await keepAlive(hook, row)
      else await unsubscribe(hook, row)
    } catch (error) {
      if (stopping.signal.aborted) return
      await failed(row, StepError.from(error), now)
    }
  }

  async function subscribe(hook: LiveHook, row: SubscriptionRow): Promise<void> {
    const url = urlOf(row)
    if (url === null) return change(row, { nextAt: clock.now() + MAX_WAIT_MS })
    // From here on it is not known whether the service has it.
    const tried = { ...row, url, triedAt: clock.now() }
    await change(row, tried)
    const { find } = hook.source
    subscribing.add(row.id)
    const found = await call(hook, tried, async (context) => {
      const before = row.triedAt === null || find === undefined ? null : await find(context)
      return before ?? hook.source.subscribe(context)
    }).finally(() => subscribing.delete(row.id))
    const said = told.get(row.id)
    told.delete(row.id)
    await subscribed(tried, said === undefined ? found : { secret: said, ...found })
  }

  async function keepAlive(hook: LiveHook, row: SubscriptionRow): Promise<void> {
    const { renew, isThere } = hook.source
    const subscription: Json = JSON.parse(row.data ?? 'null')
    const now = clock.now()
    if (row.expiresAt !== null && row.expiresAt - now <= DAY_MS) {
      if (renew === undefined || now >= row.expiresAt) return change(row, { ...ANEW, nextAt: now })
      const renewed = await call(hook, row, (context) => renew({ ...context, subscription })).catch(goneAs(null))
      return renewed === null ? change(row, { ...ANEW, nextAt: now }) : subscribed(row, renewed)
    }
    const isKept =
      isThere === undefined ||
      (await call(hook, row, (context) => isThere({ ...context, subscription })).catch(goneAs(false)))
    return change(
      row,
      isKept ? { nextAt: nextLook(row.expiresAt, clock.now()), ...NO_FAILURE } : { ...ANEW, nextAt: now },
    )
  }

  async function unsubscribe(hook: LiveHook, row: SubscriptionRow): Promise<void> {
    const { find, unsubscribe } = hook.source
    await call(hook, row, async (context) => {
      // Cut off while the service was told: it may have it all the same.
      const known = row.data === null ? ((await find?.(context))?.subscription ?? null) : (JSON.parse(row.data) as Json)
      if (known !== null) await unsubscribe({ ...context, subscription: known })
    }).catch(goneAs(undefined))
    await database.write((tx) => deleteSubscription(tx, row.id))
    secrets.delete(row.id)
  }

  /** Stores what a service answered. It may not be wanted any more by now, and is ended then. */
  async function subscribed(row: SubscriptionRow, found: Subscribed): Promise<void> {
    const now = clock.now()
    const { subscription, secret, expiresAt = null } = found
    const sealed = secret === undefined ? row.sealed : await config.seal(secret, nameOf(row))
    if (secret !== undefined) secrets.set(row.id, secret)
    const known = { url: row.url, data: JSON.stringify(subscription), sealed, expiresAt, triedAt: null, ...NO_FAILURE }
    await database.write((tx) => {
      const current = getSubscription(tx, row.id)
      if (current === undefined) return
      if (current.state === 'ending') writeSubscription(tx, { ...current, ...known, nextAt: now })
      else writeSubscription(tx, { ...current, ...known, state: 'active', nextAt: nextLook(expiresAt, now) })
    })
  }

  async function failed(row: SubscriptionRow, error: StepErrorDetails, now: number): Promise<void> {
    const { code, message, needsNetwork = false } = error
    const since = row.failingSince ?? now
    if (row.state === 'ending' && now - since >= END_MS) {
      log.warn('A service could not be told to call no more; end the subscription there.', {
        zapId: row.zapId,
        url: row.url,
        error: message,
      })
      await database.write((tx) => deleteSubscription(tx, row.id))
      return
    }
    const failures = row.failures + (needsNetwork ? 0 : 1)
    const pause = nextDelayMs({
      attempt: Math.max(failures, 1),
      ...RETRY,
      retryAfterMs: error.retryAfterMs,
      random: () => 1,
    })
    await change(row, {
      nextAt: now + pause,
      failures,
      failingSince: failures === 0 ? null : since,
      error: { code, message },
    })
    signals.emit('incidents:suspected')
  }

  /** Changes a row, unless it was ended or deleted meanwhile. */
  async function change(row: SubscriptionRow, changes: Partial<SubscriptionRow>): Promise<void> {
    await database.write((tx) => {
      const current = getSubscription(tx, row.id)
      if (current !== undefined && current.state === row.state) writeSubscription(tx, { ...current, ...changes })
    })
  }

  function call<Result>(
    hook: LiveHook,
    row: SubscriptionRow,
    work: (context: ServiceContext & { input: Values; url: string; secret: string }) => Promise<Result>,
  ): Promise<Result> {
    const { input, caller } = hook
    const options = { signal: stopping.signal, timeoutMs: TIMEOUT_MS, idempotencyKey: `subscription:${row.id}` }
    const secret = secrets.get(row.id) ?? ''
    return config.call(caller, (context) => work({ ...context, input, url: row.url ?? '', secret }), options)
  }

  return {
    async start() {
      rounds.start()
      rounds.soon()
    },
    async stop() {
      stopping.abort(new StepError({ code: 'stopped', message: 'Hookline was stopped.', retryable: true }))
      await rounds.stop()
    },
    async set(wanted) {
      hooks = new Map(wanted.map((hook) => [keyOf(hook), hook]))
      const now = clock.now()
      await database.write((tx) => {
        const kept = new Set<string>()
        for (const row of getSubscriptions(tx).filter(({ state }) => state !== 'ending')) {
          const hook = hooks.get(keyOf(row))
          if (hook === undefined ? isStillThere(tx, row) : hook.subject === row.subject && !kept.has(keyOf(row))) {
            kept.add(keyOf(row))
            if (hook !== undefined && hook.version !== row.version)
              writeSubscription(tx, { ...row, version: hook.version })
          } else end(tx, row, now)
        }
        for (const [key, hook] of hooks) if (!kept.has(key)) writeSubscription(tx, newRow(hook, now))
      })
      await reload()
      rounds.soon()
    },
    look: rounds.soon,
    runOnce: rounds.now,
    of: (zapId) =>
      [...hooks.values()].flatMap((hook): ShownSubscription[] => {
        const row = rowOf(hook)
        if (hook.zapId !== zapId || row === undefined) return []
        const state = urlOf(row) === null ? 'unreachable' : row.state === 'active' ? 'active' : 'pending'
        const isPolled = hook.fallback !== null && !isReached(row)
        return [{ stepId: hook.stepId, state, isPolled, expiresAt: row.expiresAt, error: row.error }]
      }),
  }
}

const NO_FAILURE = { failures: 0, failingSince: null, error: null } as const
/** What is left of a subscription that the service does not have any more. */
const ANEW = { state: 'pending', data: null, triedAt: null, expiresAt: null, ...NO_FAILURE } as const

const UNREADABLE = new StepError({
  code: 'unknown-connector',
  message: 'The app of this trigger is not there any more, so its service cannot be told anything: install it again.',
  retryable: false,
})

function newRow(at: Pick<SubscriptionRow, 'zapId' | 'stepId' | 'version' | 'subject'>, now: number): SubscriptionRow {
  const { zapId, stepId, version, subject } = at
  // Its address must not be guessed, as some services prove themselves by nothing else.
  const id = randomBytes(18).toString('base64url')
  return { id, zapId, stepId, version, subject, url: null, sealed: null, nextAt: now, ...ANEW }
}

const nameOf = ({ id }: Pick<SubscriptionRow, 'id'>): string => `subscription ${id}`

/** A zap that is on has the trigger, though it cannot be read for now: its app may be broken. */
function isStillThere(tx: Tx, { zapId, stepId }: SubscriptionRow): boolean {
  const version = isZapEnabled(tx, zapId) ? getCurrentVersion(tx, zapId) : null
  const steps = version === null ? [] : (getZapVersion(tx, zapId, version)?.definition.steps ?? [])
  return steps.some((step) => step.id === stepId && step.settings?.disabled !== true)
}

/** The next day; before that where it ends: a day before, or when three quarters of a shorter time are over. */
function nextLook(expiresAt: number | null, now: number): number {
  if (expiresAt === null) return now + DAY_MS
  return Math.min(now + DAY_MS, expiresAt - Math.min(DAY_MS, Math.max(60_000, (expiresAt - now) / 4)))
}

/** Takes "there is no such subscription" for an answer. */
function goneAs<Value>(value: Value): (error: unknown) => Value {
  return (error) => {
    if (error instanceof StepError && /^http-4(04|10)$/.test(error.details.code)) return value
    throw error
  }
}
