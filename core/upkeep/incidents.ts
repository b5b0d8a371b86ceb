import { getBackupFailure } from '../db/backup-failures.ts'
import { withdrawnCredentials } from '../db/credentials.ts'
import { getDiskShortage } from '../db/disk-shortage.ts'
import type { Tx } from '../db/executor.ts'
import { getFleetTrouble } from '../db/fleet-trouble.ts'
import { closeIncidents, isIncidentOpen, openIncident } from '../db/incidents.ts'
import { deadLettersByZap, stuckSince } from '../db/outbox-counts.ts'
import { failingPolls, POLL_FAILURES } from '../db/polls.ts'
import { countSentOnBefore } from '../db/relayed-messages.ts'
import { retryingSince, zapsThatFail } from '../db/runs.ts'
import { getSetting, writeSetting } from '../db/settings.ts'
import { countAccountWaits } from '../db/step-runs.ts'
import { failingSubscriptions } from '../db/subscriptions.ts'
import { newIncidentId } from '../domain/host/ids.ts'
import { INCIDENT_TITLES, type IncidentFact, type IncidentKind, MOST_COUNTED } from '../domain/runs/incident-fact.ts'
import { readStoredSection, type SettingsOf } from '../domain/settings/settings.ts'
import { type Standstill, standstillSchema } from './watchdog.ts'

/** Something that needs a person's eye: the zap that it is about ('' when it is about none), and what is the case. */
type Finding = { readonly subject: string; readonly fact: IncidentFact }

/** Finds everything of one kind that is the case now; an open incident of this kind that it does not find any more is closed. */
type Find = (tx: Tx, now: number) => Finding[]

/** What came up at a look: what is the case of new incidents, by their kind. */
export type IncidentChanges = {
  readonly opened: ReadonlyMap<IncidentKind, readonly IncidentFact[]>
  readonly closed: number
  /** How many are open now. */
  readonly open: number
}

/** For so long a host of the fleet may be gone, or its log away, without that being an incident: one that is started anew takes a moment. */
const FLEET_MS = 60_000

/** Failed runs of a zap, one after the other, that are an incident. */
const FAILURES_IN_A_ROW = 5

/** Leases taken back within {@link STORM_MS} that are an incident, and the quiet after which it is over. */
const STORM_LEASES = 5
const STORM_MS = 10 * 60_000

const TAKEN_BACK = 'takenBack'
/** Newest times at which leases were taken back that are kept. */
const KEPT_TIMES = 100

/** How incidents of each kind are found. `afterMs`: milliseconds after which what does not begin, or keeps failing, is one. */
function finders(afterMs: number): Readonly<Record<IncidentKind, Find>> {
  return {
    stuck: (tx, now) =>
      stuckSince(tx, now - afterMs, MOST_COUNTED + 1).map(({ zapId, zapName, count }) => ({
        subject: zapId,
        fact: { kind: 'stuck', zapName, count, afterMs },
      })),
    retrying: (tx, now) =>
      retryingSince(tx, now - afterMs, MOST_COUNTED + 1).map(({ zapId, zapName, count }) => ({
        subject: zapId,
        fact: { kind: 'retrying', zapName, count, afterMs },
      })),
    'dead-letters': (tx) =>
      deadLettersByZap(tx, MOST_COUNTED + 1).map(({ zapId, zapName, count }) => ({
        subject: zapId,
        fact: { kind: 'dead-letters', zapName, count },
      })),
    failing: (tx) =>
      zapsThatFail(tx, FAILURES_IN_A_ROW).map(({ zapId, zapName }) => ({
        subject: zapId,
        fact: { kind: 'failing', zapName, count: FAILURES_IN_A_ROW },
      })),
    standstill: findStandstill,
    'lease-storm': findLeaseStorm,
    polling: (tx, now) => ofEachZap('polling', failingPolls(tx, { failures: POLL_FAILURES, since: now - afterMs })),
    subscribing: (tx, now) =>
      ofEachZap('subscribing', failingSubscriptions(tx, { failures: POLL_FAILURES, since: now - afterMs })),
    reconnect: findWithdrawn,
    backup: findBackupFailure,
    disk: findDiskShortage,
    'fleet-host': (tx, now) =>
      getFleetTrouble(tx)
        .gone.filter(({ since }) => since < now - FLEET_MS)
        .map(({ host }) => ({ subject: host, fact: { kind: 'fleet-host', host, afterMs: FLEET_MS } })),
    'fleet-log'(tx, now) {
      const { log } = getFleetTrouble(tx)
      if (log === null || log.since >= now - FLEET_MS) return []
      return [{ subject: '', fact: { kind: 'fleet-log', message: log.message, afterMs: FLEET_MS } }]
    },
    'fleet-behind'(tx, now) {
      const count = countSentOnBefore(tx, now - afterMs, MOST_COUNTED + 1)
      return count === 0 ? [] : [{ subject: '', fact: { kind: 'fleet-behind', count, afterMs } }]
    },
  }
}

const KINDS = Object.keys(INCIDENT_TITLES) as IncidentKind[] // its keys are exactly the kinds

const STUCK_AFTER = 'stuckAfterMinutes'

/** When something is an incident; where what is stored makes no sense, the default. */
export function getIncidentSettings(tx: Tx): SettingsOf<'incidents'> {
  const stored = getSetting(tx, STUCK_AFTER)
  return readStoredSection('incidents', { stuckAfterMinutes: JSON.parse(stored ?? 'null') })
}

export function writeIncidentSettings(tx: Tx, settings: SettingsOf<'incidents'>): void {
  writeSetting(tx, STUCK_AFTER, settings.stuckAfterMinutes)
}

/** Opens, renews and closes incidents by what is the case now. */
export function sweepIncidents(tx: Tx, now: number): IncidentChanges {
  const find = finders(getIncidentSettings(tx).stuckAfterMinutes * 60_000)
  const opened = new Map<IncidentKind, IncidentFact[]>()
  let closed = 0
  let open = 0
  for (const kind of KINDS) {
    const found = find[kind](tx, now)
    const news = found.filter(({ subject, fact }) =>
      openIncident(tx, { id: newIncidentId(), subject, fact, openedAt: now }),
    )
    if (news.length > 0)
      opened.set(
        kind,
        news.map(({ fact }) => fact),
      )
    open += found.length
    const subjects = found.map(({ subject }) => subject)
    closed += closeIncidents(tx, kind, subjects, now)
  }
  return { opened, closed, open }
}

/** Remembers, also for later processes, that leases were taken back. */
export function noteTakenBack(tx: Tx, count: number, now: number): void {
  const times = [...takenBack(tx, now), { at: now, count }].slice(-KEPT_TIMES)
  writeSetting(tx, TAKEN_BACK, times)
}

type TakenBack = { readonly at: number; readonly count: number }

/** Leases that were taken back within the time that counts. Times to come are those of a clock that was set back since. */
function takenBack(tx: Tx, now: number): TakenBack[] {
  const stored = getSetting(tx, TAKEN_BACK)
  // Only `noteTakenBack` writes it.
  const times = (stored === undefined ? [] : JSON.parse(stored)) as TakenBack[]
  return times.filter(({ at }) => at > now - STORM_MS && at <= now)
}

function findLeaseStorm(tx: Tx, now: number): Finding[] {
  const recent = takenBack(tx, now)
  const count = recent.reduce((sum, entry) => sum + entry.count, 0)
  // Once open it stays so until nothing was taken back for the whole time.
  const isStorm = count >= STORM_LEASES || (count > 0 && isIncidentOpen(tx, 'lease-storm', ''))
  if (!isStorm) return []
  return [{ subject: '', fact: { kind: 'lease-storm', count, withinMs: STORM_MS } }]
}

function findWithdrawn(tx: Tx): Finding[] {
  const names = withdrawnCredentials(tx)
  if (names.length === 0) return []
  const waits = countAccountWaits(tx)
  return names.map(({ name }) => ({
    subject: name,
    fact: { kind: 'reconnect', credential: name, count: waits.get(name) ?? 0 },
  }))
}

const STANDSTILL = 'standstill'
/** Milliseconds for which a standstill is an incident. */
const STANDSTILL_MS = 86_400_000

/** Remembers what the process before this one stood still at. */
export function noteStandstill(tx: Tx, standstill: Standstill): void {
  writeSetting(tx, STANDSTILL, standstill)
}

function findStandstill(tx: Tx, now: number): Finding[] {
  const stored = standstillSchema.safeParse(JSON.parse(getSetting(tx, STANDSTILL) ?? 'null'))
  if (!stored.success || stored.data.at <= now - STANDSTILL_MS) return []
  const { kind, what } = stored.data
  return [{ subject: '', fact: { kind: 'standstill', at: kind, what } }]
}

type Failing = { readonly zapId: string; readonly zapName: string; readonly failures: number; readonly message: string }

/** One incident a zap, with what has been failing for longest. */
function ofEachZap(kind: 'polling' | 'subscribing', failing: readonly Failing[]): Finding[] {
  const byZap = new Map<string, Finding>()
  for (const { zapId, zapName, failures, message } of failing) {
    if (byZap.has(zapId)) continue
    byZap.set(zapId, { subject: zapId, fact: { kind, zapName, count: Math.max(failures, 1), message } })
  }
  return [...byZap.values()]
}

function findBackupFailure(tx: Tx): Finding[] {
  const failure = getBackupFailure(tx)
  return failure === null ? [] : [{ subject: '', fact: { kind: 'backup', message: failure.message } }]
}

function findDiskShortage(tx: Tx): Finding[] {
  const shortage = getDiskShortage(tx)
  return shortage === null ? [] : [{ subject: '', fact: { kind: 'disk', message: shortage } }]
}
