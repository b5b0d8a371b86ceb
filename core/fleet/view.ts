import type { Log } from '../domain/host/log.ts'
import type { Clock } from '../domain/time/clock.ts'
import { repeat } from '../domain/time/repeat.ts'
import type { Connection } from './connection.ts'
import type { Happenings } from './happenings.ts'
import type { FleetLog, LogFacts } from './log.ts'
import { readLogAddress } from './log-address.ts'
import type { FleetOptions } from './options.ts'
import type { Ownership } from './ownership.ts'
import type { Member, Presence } from './presence.ts'
import type { SharedCredentials } from './shared-credentials.ts'
import type { FleetZaps } from './zaps.ts'

/** What is known of the log: as it is, or as it was when it answered last. */
export type LogState = {
  readonly facts: LogFacts | null
  readonly lag: { readonly waiting: number; readonly held: number }
  /** Milliseconds since 1970 UTC; null when it never answered. */
  readonly asOf: number | null
}

/** The fleet as this host sees it, for screens and commands. */
export type FleetView = {
  start(log: FleetLog): void
  stop(): Promise<void>
  /** Members came, went, or say something else. */
  membersChanged(): void
  state(): 'connecting' | 'connected' | 'alone'
  problem: Connection['problem']
  /** Where the log is, without secrets. */
  readonly address: string
  readonly kind: 'nats' | 'kafka'
  readonly log: () => LogState
  /** By name, this host first. */
  members(): readonly (Member & { readonly isSelf: boolean; readonly isOlder: boolean; readonly owns: number })[]
  readonly happened: Happenings['all']
  readonly credentials: Pick<SharedCredentials, 'hasKey' | 'names' | 'problem'>
  readonly origins: FleetZaps['origins']
}

const EVERY_MS = 5_000

export function createFleetView(config: {
  readonly options: FleetOptions
  readonly clock: Clock
  readonly log: Log
  readonly connection: Pick<Connection, 'current' | 'problem'>
  readonly presence: Presence
  readonly ownership: Ownership
  readonly happenings: Happenings
  readonly credentials: SharedCredentials
  readonly zaps: FleetZaps
  changed(): void
}): FleetView {
  const { options, clock, connection, presence, ownership, happenings, credentials, zaps } = config
  const { name } = options
  const address = readLogAddress(options.url)
  let state: LogState = { facts: null, lag: { waiting: 0, held: 0 }, asOf: null }
  let opened: FleetLog | undefined
  /** Hosts that were there at the last look, and whether they were gone. */
  const known = new Map<string, boolean>()
  let cancelLook = (): void => undefined

  async function look(): Promise<void> {
    if (opened === undefined) return
    const [facts, lag] = await Promise.all([opened.facts(), opened.events.lag()])
    state = { facts, lag, asOf: clock.now() }
    config.changed()
  }

  const rounds = repeat({
    clock,
    log: { ...config.log, error: () => undefined },
    failed: '',
    everyMs: EVERY_MS,
    firstMs: 0,
    run: look,
  })

  function membersChanged(): void {
    const members = presence.members()
    for (const { doc, isGone } of members) {
      const was = known.get(doc.name)
      known.set(doc.name, isGone)
      if (doc.name === name || was === isGone) continue
      const kind = isGone ? 'gone' : was === undefined ? 'joined' : 'back'
      // One that was gone before this host came is no news.
      if (was !== undefined || !isGone) happenings.saw({ kind, at: clock.now(), host: doc.name })
    }
    for (const host of known.keys()) if (!members.some(({ doc }) => doc.name === host)) known.delete(host)
    // That one is gone is told by no one: it is found out when its time is over.
    cancelLook()
    const next = presence.nextEnd()
    if (next !== undefined) cancelLook = clock.after(next, membersChanged)
  }

  return {
    start(log) {
      opened = log
      rounds.start()
    },
    async stop() {
      cancelLook()
      opened = undefined
      await rounds.stop()
    },
    membersChanged,
    state() {
      if (connection.current() !== undefined && connection.problem() === null) return 'connected'
      return connection.problem() === null ? 'connecting' : 'alone'
    },
    problem: connection.problem,
    address: address.shown,
    kind: address.kind,
    log: () => state,
    members() {
      const members = presence.members()
      const newest =
        members
          .map(({ doc }) => doc.version)
          .toSorted(compareVersions)
          .at(-1) ?? ''
      const owned = new Map<string, number>()
      for (const owner of ownership.owners()) owned.set(owner, (owned.get(owner) ?? 0) + 1)
      return members
        .map((member) => ({
          ...member,
          isSelf: member.doc.name === name,
          isOlder: compareVersions(member.doc.version, newest) < 0,
          owns: owned.get(member.doc.name) ?? 0,
        }))
        .toSorted((a, b) => Number(b.isSelf) - Number(a.isSelf) || (a.doc.name < b.doc.name ? -1 : 1))
    },
    happened: happenings.all,
    credentials,
    origins: zaps.origins,
  }
}

/** As semantic versions compare, without what stands behind a hyphen. */
function compareVersions(a: string, b: string): number {
  const numbers = (version: string): number[] => (version.split('-')[0] ?? '').split('.').map(Number)
  const [left, right] = [numbers(a), numbers(b)]
  for (let at = 0; at < 3; at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
