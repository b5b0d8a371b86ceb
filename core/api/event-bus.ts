import type { AppEvent, BulkJob, HistoryJob as HistoryJobView } from '../contract/values.ts'
import type { Notice, NoticePlace, Notices, Notifier } from '../domain/host/adapters.ts'
import type { Log } from '../domain/host/log.ts'
import type { HistoryJob } from '../domain/settings/history-settings.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { SignalMap, Signals } from '../signals.ts'
import { createQuestionNotices } from './question-notices.ts'
import { toIso, toIsoOrNull } from './run-view.ts'

/** Gathers what changed and tells the screens, at most ten times a second; twice, where so much runs that no one can read along. */
export type EventBus = {
  /**
   * Shows something where a person may look: by the desktop's own notifier, and on every open screen. Of many questions of runs it shows some, and how
   * many there are. To be called once.
   */
  notifier(desktop: Notifier): Notices
  /** Begins to tell what changed. Nothing subscribes before that. */
  start(readers: EventReaders): void
  /** The events from now on. Ends when `signal` aborts or the bus closes. */
  subscribe(signal: AbortSignal | undefined, as?: { screen: boolean }): AsyncGenerator<AppEvent, void>
  close(): void
}

const PAUSE_MS = 100

/**
 * What is told costs the host and each screen something for each run. More than a hundred changed runs a second is more than a person reads,
 * so they are gathered for longer, and what is done besides has its turn.
 */
const PAUSE_MS_A_RUN = 10
const LONGEST_PAUSE_MS = 500

/** Milliseconds for which changes are gathered, by how many runs were told of the last time. */
export function pauseAfter(runs: number): number {
  return Math.min(LONGEST_PAUSE_MS, Math.max(PAUSE_MS, runs * PAUSE_MS_A_RUN))
}

/** A screen shows no more than this at once; it asks for the rest. */
const MAX_RUNS = 200

/** A subscriber that reads too slowly loses the oldest events; each one replaces what it said before anyway. */
const MAX_BUFFERED = 500

/** Characters of a notice's title or text at most: what a person reads in passing. */
const MAX_NOTICE = 1_000

type Subscriber = { buffer: AppEvent[]; wake: () => void; isClosed: boolean; readonly isScreen: boolean }

/** What turns changes into events; it is only called while there is a subscriber. */
export type EventReaders = {
  runs(ids: readonly string[]): Promise<Extract<AppEvent, { type: 'runs' }>['runs']>
  status(): Promise<Extract<AppEvent, { type: 'status' }>['status']>
}

/** Events that say only what to ask for again, by the signals that they come of. */
const BARE = {
  'inbox:received': 'inbox',
  'polls:changed': 'polls',
  'backups:changed': 'backups',
  'settings:changed': 'settings',
  'credentials:changed': 'credentials',
  'folders:changed': 'folders',
  'tables:changed': 'tables',
  'apps:changed': 'apps',
  'connectors:changed': 'connectors',
  'sessions:changed': 'sessions',
  'tunnel:configured': 'tunnel',
  'shell:changed': 'shell',
  'fleet:changed': 'fleet',
} as const satisfies Partial<Record<keyof SignalMap, AppEvent['type']>>
type BareSignal = keyof typeof BARE

const BARE_SIGNALS = Object.keys(BARE) as BareSignal[] // the keys of a constant

export function createEventBus(clock: Clock, log: Log, signals: Signals): EventBus {
  let read: EventReaders | null = null
  const subscribers = new Set<Subscriber>()
  let runs = new Set<string>()
  /** The changed zaps; with the revision of its draft where that alone was saved. */
  let zaps = new Map<string, number | null>()
  let jobs = new Map<string, BulkJob>()
  let history: HistoryJobView | null = null
  let bare = new Set<(typeof BARE)[BareSignal]>()
  let isScheduled = false
  let pauseMs = PAUSE_MS
  let isClosed = false
  let stopNotices = (): void => undefined

  function schedule(): void {
    if (isScheduled || isClosed || subscribers.size === 0) return
    isScheduled = true
    clock.after(pauseMs, () => {
      publish()
        .catch((error: unknown) => log.error('Changes could not be told to the screens.', { error: String(error) }))
        .finally(() => {
          isScheduled = false
          if (runs.size > 0 || zaps.size > 0 || jobs.size > 0 || history !== null || bare.size > 0) schedule()
        })
    })
  }

  async function publish(): Promise<void> {
    if (isClosed || read === null) return
    const runIds = [...runs]
    const changedZaps = [...zaps]
    pauseMs = pauseAfter(runIds.length)
    runs = new Set()
    zaps = new Map()
    const events: AppEvent[] = [...jobs.values()].map((job) => ({ type: 'bulk', job }))
    jobs = new Map()
    if (history !== null) events.push({ type: 'history', job: history })
    history = null
    for (const type of bare) events.push({ type })
    bare = new Set()
    if (changedZaps.length > 0) {
      const drafts = changedZaps.flatMap(([id, revision]) => (revision === null ? [] : [[id, revision] as const]))
      events.push({ type: 'zaps', ids: changedZaps.map(([id]) => id), drafts: Object.fromEntries(drafts) })
    }
    if (runIds.length > 0) {
      // Ids are in order of time: the newest are the ones that someone is looking at.
      const newest = runIds.sort().slice(-MAX_RUNS)
      events.push({ type: 'runs', runs: await read.runs(newest), more: newest.length < runIds.length })
    }
    events.push({ type: 'status', status: await read.status() })
    for (const subscriber of subscribers) hand(subscriber, events)
  }

  function hand(subscriber: Subscriber, events: readonly AppEvent[]): void {
    subscriber.buffer.push(...events)
    subscriber.buffer.splice(0, subscriber.buffer.length - MAX_BUFFERED)
    subscriber.wake()
  }

  function end(subscriber: Subscriber): void {
    subscriber.isClosed = true
    subscribers.delete(subscriber)
    subscriber.wake()
  }

  /** Tells the open screens something at once. False when there is none. */
  function notify({ title, body }: Notice): boolean {
    const screens = [...subscribers].filter((subscriber) => subscriber.isScreen)
    for (const screen of screens) {
      hand(screen, [{ type: 'notice', title: title.slice(0, MAX_NOTICE), body: body?.slice(0, MAX_NOTICE) ?? null }])
    }
    return screens.length > 0
  }

  /** Gathers what a signal tells, while there is a subscriber. */
  function gather<Told extends readonly unknown[]>(note: (...told: Told) => void): (...told: Told) => void {
    return (...told) => {
      if (subscribers.size === 0) return
      note(...told)
      schedule()
    }
  }

  signals.on(
    'run:changed',
    gather((ids) => {
      for (const id of ids) runs.add(id)
    }),
  )
  signals.on(
    'run:ended',
    gather(({ runId }) => runs.add(runId)),
  )
  signals.on(
    'zaps:changed',
    gather((ids) => {
      for (const id of ids) zaps.set(id, null)
    }),
  )
  signals.on(
    'draft:saved',
    gather((zapId, revision) => {
      if (zaps.get(zapId) !== null) zaps.set(zapId, revision)
    }),
  )
  signals.on(
    'bulk:progressed',
    gather((job) => jobs.set(job.id, job)),
  )
  signals.on(
    'history:progressed',
    gather((job) => {
      history = historyJobView(job)
    }),
  )
  for (const name of BARE_SIGNALS)
    signals.on(
      name,
      gather(() => bare.add(BARE[name])),
    )
  signals.on('status:changed', schedule)
  signals.on('tunnel:changed', schedule)

  return {
    notifier(desktop) {
      async function shownOn(notice: Notice): Promise<readonly NoticePlace[]> {
        const isOnScreen = notify(notice)
        const isOnDesktop = await desktop.show(notice).catch((error: unknown) => {
          log.warn('The desktop could not show a notification.', { error: String(error) })
          return false
        })
        return [...(isOnDesktop ? (['desktop'] as const) : []), ...(isOnScreen ? (['screens'] as const) : [])]
      }
      const notices = createQuestionNotices(
        { shownOn, show: async (notice) => (await shownOn(notice)).length > 0 },
        clock,
      )
      stopNotices = notices.stop
      return notices
    },
    start(readers) {
      read = readers
    },
    async *subscribe(signal, as) {
      const subscriber: Subscriber = {
        buffer: [],
        wake: () => undefined,
        isClosed: isClosed || signal?.aborted === true,
        isScreen: as?.screen === true,
      }
      subscribers.add(subscriber)
      const onAbort = (): void => end(subscriber)
      signal?.addEventListener('abort', onAbort, { once: true })
      try {
        if (read !== null) yield { type: 'status', status: await read.status() }
        while (!subscriber.isClosed) {
          const next = subscriber.buffer.shift()
          if (next !== undefined) {
            yield next
            continue
          }
          const woken = Promise.withResolvers<void>()
          subscriber.wake = woken.resolve
          await woken.promise
        }
      } finally {
        signal?.removeEventListener('abort', onAbort)
        subscribers.delete(subscriber)
      }
    },
    close() {
      isClosed = true
      stopNotices()
      for (const subscriber of subscribers) end(subscriber)
    },
  }
}

/** A job as the contract says it. */
export function historyJobView(job: HistoryJob): HistoryJobView {
  return { ...job, startedAt: toIso(job.startedAt), finishedAt: toIsoOrNull(job.finishedAt) }
}
