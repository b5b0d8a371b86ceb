import { z } from 'zod'
import type { Database } from '../db/open.ts'
import { readSetting, writeSetting } from '../db/settings.ts'
import type { Log } from '../domain/host/log.ts'
import {
  type TunnelAccess,
  type TunnelSettings,
  type TunnelWay,
  tunnelSettingsSchema,
} from '../domain/settings/tunnel-settings.ts'
import { nextDelayMs } from '../domain/time/backoff.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { Signals } from '../signals.ts'
import { type OpenTunnel, type OpenTunnelBy, TunnelError } from './open-tunnel.ts'

/** How the tunnel is. Times are milliseconds since 1970 UTC. */
export type TunnelState =
  | { readonly kind: 'off' }
  | { readonly kind: 'opening' }
  /** Open, and what was sent to it arrived here at `checkedAt`. */
  | { readonly kind: 'open'; readonly access: TunnelAccess; readonly since: number; readonly checkedAt: number }
  /** `retryAt` is null when only a person can mend it. */
  | { readonly kind: 'down'; readonly why: string; readonly retryAt: number | null }

export type TunnelKeeperConfig = {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly pidFile: string
  readonly open: OpenTunnelBy<TunnelWay>
  /** Looks whether what is sent to a public address arrives at this very listener. Rejects when it does not. */
  probe(url: string, signal: AbortSignal): Promise<void>
  readonly signals: Signals
  /** From 0 up to but not including 1. */
  readonly random?: () => number
}

/** Keeps a tunnel open for as long as one is wanted. */
export type TunnelKeeper = {
  /** Begins, with the port of the webhook listener. */
  start(port: number): Promise<void>
  stop(): Promise<void>
  settings(): TunnelSettings
  state(): TunnelState
  /** How the world reaches the listener; null while there is no open tunnel. */
  access(): TunnelAccess | null
  /** The public address that senders were last told, where that is not the present one; null when they need not be told anything. */
  formerUrl(): string | null
  /** Opens another tunnel, or none. */
  configure(settings: TunnelSettings): Promise<void>
  /** Tries again at once, or looks at once whether the open one still works. */
  retry(): void
  /** Senders know the present address. */
  acknowledge(): Promise<void>
}

/** Pauses between attempts in milliseconds: up to a second at first, up to a minute later. */
const RETRY = { baseMs: 1_000, capMs: 60_000 } as const
/** An open tunnel is looked through this often. */
const CHECK_MS = 60_000
/** A check may take this long. */
const CHECK_TIMEOUT_MS = 10_000
/** A new name may take this many checks, one every two seconds, until it is known everywhere. */
const FIRST_CHECKS = 10
const FIRST_CHECK_PAUSE_MS = 2_000
/** Checks that must fail in a row until an open tunnel counts as lost: one may fail by itself. */
const LOST_AFTER = 2

const SETTINGS = 'tunnel'
const TOLD_URL = 'tunnelToldUrl'

export function createTunnelKeeper(config: TunnelKeeperConfig): TunnelKeeper {
  const { database, clock, log, signals, random = Math.random } = config
  let settings: TunnelSettings = { isOn: false, way: null }
  let state: TunnelState = { kind: 'off' }
  let toldUrl: string | null = null
  let port = 0
  /** The address of the tunnel that was opened last. */
  let openedUrl: string | null = null
  let work: { stop: AbortController; done: Promise<void> } | null = null
  /** Ends the present pause. */
  let wake = (): void => undefined

  function tellChange(): void {
    signals.emit('tunnel:changed', access(), hosts())
  }

  function tell(next: TunnelState): void {
    state = next
    tellChange()
  }

  /** Resolves after `ms` milliseconds, when woken, or when it is over. */
  function pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        cancel()
        signal.removeEventListener('abort', finish)
        resolve()
      }
      const cancel = clock.after(ms, finish)
      wake = finish
      if (signal.aborted) finish()
      else signal.addEventListener('abort', finish, { once: true })
    })
  }

  async function check(tunnel: OpenTunnel, signal: AbortSignal): Promise<Error | null> {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(CHECK_TIMEOUT_MS)])
    try {
      await (tunnel.check === undefined ? config.probe(tunnel.url, limited) : tunnel.check(limited))
      return null
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    }
  }

  /** Opens a tunnel and keeps it until it is lost; gives why, or throws why there was none. */
  async function keepOne(way: TunnelWay, signal: AbortSignal, opened: () => void): Promise<string> {
    const tunnel = await config.open(way, { port, log, pidFile: config.pidFile, signal })
    openedUrl = tunnel.url
    tellChange()
    let lost: string | null = null
    const closed = tunnel.closed.then((why) => {
      lost = why
      wake()
    })
    try {
      let problem = await check(tunnel, signal)
      const checks = tunnel.isFresh ? FIRST_CHECKS : 1
      for (let n = 1; problem !== null && n < checks && lost === null && !signal.aborted; n++) {
        await pause(FIRST_CHECK_PAUSE_MS, signal)
        problem = await check(tunnel, signal)
      }
      if (signal.aborted) return ''
      if (lost !== null) return lost
      if (problem !== null) {
        throw new TunnelError(`${tunnel.url} does not lead here: ${problem.message}`, { cause: problem })
      }
      opened()
      await noteUrl(tunnel.url)
      const since = clock.now()
      const { url, onlyPath, addressHeader } = tunnel
      const access = { url, onlyPath, addressHeader }
      tell({ kind: 'open', access, since, checkedAt: since })
      for (let failures = 0; failures < LOST_AFTER; ) {
        await pause(failures === 0 ? CHECK_MS : FIRST_CHECK_PAUSE_MS, signal)
        if (signal.aborted) return ''
        if (lost !== null) return lost
        const failed = await check(tunnel, signal)
        failures = failed === null ? 0 : failures + 1
        if (failed === null) tell({ kind: 'open', access, since, checkedAt: clock.now() })
      }
      return `What is sent to ${tunnel.url} does not arrive here any more.`
    } finally {
      await tunnel.close()
      // What is told after this is about a tunnel that nobody wants any more.
      void closed
    }
  }

  async function keep(way: TunnelWay, signal: AbortSignal): Promise<void> {
    for (let attempt = 1; !signal.aborted; attempt++) {
      tell({ kind: 'opening' })
      let why: string
      let isLasting = false
      let openedAt = Number.POSITIVE_INFINITY
      try {
        why = await keepOne(way, signal, () => {
          openedAt = clock.now()
        })
        // One that is lost as soon as it is open must not be opened again and again without a pause.
        if (clock.now() - openedAt >= RETRY.capMs) attempt = 1
      } catch (error) {
        why = error instanceof Error ? error.message : String(error)
        isLasting = error instanceof TunnelError && error.isLasting
      }
      if (signal.aborted) return
      const delayMs = isLasting ? null : nextDelayMs({ attempt, ...RETRY, random })
      log.warn('The tunnel is down.', { why, ...(delayMs !== null && { retryInMs: delayMs }) })
      tell({ kind: 'down', why, retryAt: delayMs === null ? null : clock.now() + delayMs })
      // Somebody may install meanwhile what is missing: that is looked for now and then all the same.
      await pause(delayMs ?? RETRY.capMs, signal)
    }
  }

  async function noteUrl(url: string): Promise<void> {
    if (toldUrl !== null) return
    toldUrl = url
    await database.write((tx) => writeSetting(tx, TOLD_URL, url))
  }

  function begin(): void {
    const { isOn, way } = settings
    if (!isOn || way === null) {
      tell({ kind: 'off' })
      return
    }
    const stop = new AbortController()
    work = { stop, done: keep(way, stop.signal) }
  }

  async function end(): Promise<void> {
    const ending = work
    work = null
    ending?.stop.abort()
    await ending?.done
  }

  const access = (): TunnelAccess | null => (state.kind === 'open' ? state.access : null)

  /** Names by which the wanted tunnel is called: also before it was seen to work, as senders may get through while a look from here does not. */
  function hosts(): readonly string[] {
    const { isOn, way } = settings
    if (!isOn || way === null) return []
    return [openedUrl, toldUrl, ...addressesOf(way)].flatMap((url) => (url === null ? [] : (hostOf(url) ?? [])))
  }

  return {
    async start(listenerPort) {
      port = listenerPort
      settings = (await readSetting(database.reader, SETTINGS, tunnelSettingsSchema)) ?? settings
      toldUrl = (await readSetting(database.reader, TOLD_URL, z.string())) ?? null
      begin()
    },
    stop: end,
    settings: () => settings,
    state: () => state,
    access,
    formerUrl() {
      const url = access()?.url
      return url === undefined || toldUrl === url ? null : toldUrl
    },
    async configure(next) {
      await database.write((tx) => writeSetting(tx, SETTINGS, next))
      settings = next
      signals.emit('tunnel:configured')
      openedUrl = null
      await end()
      begin()
    },
    retry: () => wake(),
    async acknowledge() {
      const url = access()?.url
      if (url === undefined) return
      toldUrl = url
      await database.write((tx) => writeSetting(tx, TOLD_URL, url))
      tellChange()
    },
  }
}

/** The addresses that a tunnel has by its settings alone. */
function addressesOf(way: TunnelWay): (string | null)[] {
  switch (way.provider) {
    case 'manual':
      return [way.url]
    case 'ssh':
      return [way.url ?? null, `http://${way.host}`]
    case 'ngrok':
      return [way.domain === undefined ? null : `https://${way.domain}`]
    default:
      return []
  }
}

function hostOf(url: string): string | null {
  return URL.parse(url)?.hostname.replace(/^\[|\]$/g, '') ?? null
}
