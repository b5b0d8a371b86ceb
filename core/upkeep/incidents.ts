import { getBackupFailure } from '../db/backup-failures.ts'
import { getDiskShortage } from '../db/disk-shortage.ts'
import type { Tx } from '../db/executor.ts'
import { closeIncidents, isIncidentOpen, openIncident } from '../db/incidents.ts'
import { deadLettersByZap, stuckSince } from '../db/outbox-counts.ts'
import { retryingSince, zapsThatFail } from '../db/runs.ts'
import { getSetting, writeSetting } from '../db/settings.ts'
import { newIncidentId } from '../domain/ids.ts'
import { readStoredSection, type SettingsOf } from '../domain/settings.ts'
import { type Standstill, standstillSchema } from './watchdog.ts'

/** Something that needs a person's eye: the zap that it is about ('' when it is about none), and what to say of it. */
type Finding = { readonly subject: string; readonly message: string }

/** A kind of incident. `find` returns everything of this kind that is the case now; what it returns no more is closed. */
type IncidentKind = {
  readonly kind: string
  /** Heading of its notifications. */
  readonly title: string
  find(tx: Tx, now: number): Finding[]
}

/** What came up at a look: `opened` holds the messages of new incidents by the heading of their kind. */
export type IncidentChanges = { readonly opened: ReadonlyMap<string, readonly string[]>; readonly closed: number }

/** Failed runs of a zap, one after the other, that are an incident. */
const FAILURES_IN_A_ROW = 5

/** Leases taken back within {@link STORM_MS} that are an incident, and the quiet after which it is over. */
const STORM_LEASES = 5
const STORM_MS = 10 * 60_000

/** Nothing is counted further than this: the number is for a sentence. */
const COUNTED = 1_000

const TAKEN_BACK = 'takenBack'
/** Newest times at which leases were taken back that are kept. */
const KEPT_TIMES = 100

/** The kinds of incident. `stuckAfterMs`: milliseconds after which what does not begin, or keeps failing, is one. */
function incidentKinds(stuckAfterMs: number): readonly IncidentKind[] {
  return [
    {
      kind: 'stuck',
      title: 'Hookline: something waits too long',
      find: (tx, now) =>
        stuckSince(tx, now - stuckAfterMs, COUNTED + 1).map(({ zapId, zapName, count }) => ({
          subject: zapId,
          message: `${counted(count, 'run')} of "${zapName}" ${count === 1 ? 'was' : 'were'} due more than ${minutes(stuckAfterMs)} ago and did not begin.`,
        })),
    },
    {
      kind: 'retrying',
      title: 'Hookline: runs fail and are tried again',
      find: (tx, now) =>
        retryingSince(tx, now - stuckAfterMs, COUNTED + 1).map(({ zapId, zapName, count }) => ({
          subject: zapId,
          message: `${counted(count, 'run')} of "${zapName}" ${count === 1 ? 'has' : 'have'} been failing for more than ${minutes(stuckAfterMs)} and ${count === 1 ? 'is' : 'are'} tried again.`,
        })),
    },
    {
      kind: 'dead-letters',
      title: 'Hookline: runs were given up',
      find: (tx) =>
        deadLettersByZap(tx, COUNTED + 1).map(({ zapId, zapName, count }) => ({
          subject: zapId,
          message: `${counted(count, 'run')} of "${zapName}" ${count === 1 ? 'was' : 'were'} given up: replay or dismiss ${count === 1 ? 'it' : 'them'}.`,
        })),
    },
    {
      kind: 'failing',
      title: 'Hookline: a zap keeps failing',
      find: (tx) =>
        zapsThatFail(tx, FAILURES_IN_A_ROW).map(({ zapId, zapName }) => ({
          subject: zapId,
          message: `The newest ${FAILURES_IN_A_ROW} runs of "${zapName}" all failed.`,
        })),
    },
    { kind: 'standstill', title: 'Hookline: it stood still', find: findStandstill },
    { kind: LEASE_STORM, title: 'Hookline: it keeps stopping', find: findLeaseStorm },
    { kind: 'backup', title: 'Hookline: no backup was made', find: findBackupFailure },
    { kind: 'disk', title: 'Hookline: webhooks are turned away', find: findDiskShortage },
  ]
}

const LEASE_STORM = 'lease-storm'

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
  const kinds = incidentKinds(getIncidentSettings(tx).stuckAfterMinutes * 60_000)
  const opened = new Map<string, string[]>()
  let closed = 0
  for (const { kind, title, find } of kinds) {
    const found = find(tx, now)
    const news = found.filter(({ subject, message }) =>
      openIncident(tx, { id: newIncidentId(), kind, subject, message, openedAt: now }),
    )
    if (news.length > 0)
      opened.set(
        title,
        news.map(({ message }) => message),
      )
    const subjects = found.map(({ subject }) => subject)
    closed += closeIncidents(tx, kind, subjects, now)
  }
  return { opened, closed }
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
  const isStorm = count >= STORM_LEASES || (count > 0 && isIncidentOpen(tx, LEASE_STORM, ''))
  if (!isStorm) return []
  const message = `${counted(count, 'run')} had to be taken up again within ${minutes(STORM_MS)}, as the process that worked on them vanished.`
  return [{ subject: '', message }]
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
  const doing = { run: `working on the run ${what}, which is set aside`, request: `reading the request ${what}` }
  const words = kind === 'unknown' ? 'busy with something unknown' : doing[kind]
  return [{ subject: '', message: `Hookline stood still before it was ended: it was ${words}.` }]
}

function findBackupFailure(tx: Tx): Finding[] {
  const failure = getBackupFailure(tx)
  return failure === null ? [] : [{ subject: '', message: `The daily backup failed: ${failure.message}` }]
}

function findDiskShortage(tx: Tx): Finding[] {
  const why = getDiskShortage(tx)
  return why === null ? [] : [{ subject: '', message: `Webhooks are answered 507 and nothing of them is kept. ${why}` }]
}

function counted(count: number, what: string): string {
  return `${count > COUNTED ? `More than ${COUNTED}` : count} ${what}${count === 1 ? '' : 's'}`
}

function minutes(ms: number): string {
  const count = Math.round(ms / 60_000)
  return count === 1 ? 'a minute' : `${count} minutes`
}
