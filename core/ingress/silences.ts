import type { SilenceWatch } from '../connectors/trigger-sources.ts'
import type { Database } from '../db/open.ts'
import { findNewestEventIds } from '../db/run-rows.ts'
import { isZapEnabled, listZaps, type ZapRow } from '../db/zaps.ts'
import { timeOfId } from '../domain/host/ids.ts'
import type { Log } from '../domain/host/log.ts'
import type { Clock } from '../domain/time/clock.ts'
import { repeat } from '../domain/time/repeat.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { At } from './live-triggers.ts'

/** A trigger that waits for other zaps to be silent. */
export type LiveSilence = At & { readonly watch: SilenceWatch }

/** Starts runs where nothing came to other zaps for a while: one for each silence, which its last event names. */
export type Silences = {
  set(silences: readonly LiveSilence[]): void
  setPaused(paused: boolean): void
  start(): void
  stop(): Promise<void>
  /** Looks now. */
  runOnce(): Promise<void>
}

/** How exactly a silence is timed. At a start, what came meanwhile goes first. */
const LOOK_MS = 60_000

export function createSilences(config: {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly outbox: Pick<Outbox, 'acceptAll'>
}): Silences {
  const { database, clock, log, outbox } = config
  let live: readonly LiveSilence[] = []
  let isPaused = false
  /** Silences that were told, so that they are not stored again and again; the key of the event is what makes sure. */
  let told = new Set<string>()

  async function look(): Promise<void> {
    if (isPaused || live.length === 0) return
    const now = clock.now()
    const zaps = (await listZaps(database.reader)).filter(({ enabled }) => enabled)
    const still = new Set<string>()
    for (const silence of live) {
      for (const zap of watchedBy(silence, zaps)) {
        const last = await lastEventAt(zap.id)
        const since = Math.max(last ?? 0, zap.updatedAt)
        if (now - since < silence.watch.forMs) continue
        const key = `silent:${zap.id}:${since}`
        const mark = `${silence.zapId}/${silence.stepId}/${key}`
        still.add(mark)
        if (!told.has(mark)) await tell(silence, zap, last, key, now)
      }
    }
    told = still
  }

  async function tell(silence: LiveSilence, zap: ZapRow, last: number | null, key: string, now: number): Promise<void> {
    const { zapId, version, stepId: triggerStepId } = silence
    const lastEventAt = last === null ? null : new Date(last).toISOString()
    const data = { zap: { id: zap.id, name: zap.name }, lastEventAt }
    const event = { zapId, version, triggerStepId, dedupeKey: key, data, receivedAt: now }
    await outbox.acceptAll((tx) => (isZapEnabled(tx, zapId) ? [event] : []))
  }

  /** When something came last; a replay of an old event is none. */
  async function lastEventAt(zapId: string): Promise<number | null> {
    const times = (await findNewestEventIds(database.reader, zapId)).map((id) => timeOfId(id) ?? 0)
    return times.length === 0 ? null : Math.max(...times)
  }

  const rounds = repeat({ clock, log, failed: 'Silent zaps could not be looked for.', everyMs: LOOK_MS, run: look })
  return {
    set(silences) {
      live = silences
    },
    setPaused(paused) {
      isPaused = paused
    },
    start: rounds.start,
    stop: rounds.stop,
    runOnce: rounds.now,
  }
}

/** The zaps that a trigger watches: those that it names, or all but its own. */
function watchedBy({ zapId, watch }: LiveSilence, zaps: readonly ZapRow[]): readonly ZapRow[] {
  const { zaps: names } = watch
  if (names === null) return zaps.filter(({ id }) => id !== zapId)
  return zaps.filter(({ id, name }) => names.includes(id) || names.includes(name))
}
