import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Log } from '../domain/host/log.ts'
import type { Clock } from '../domain/time/clock.ts'
import { repeat } from '../domain/time/repeat.ts'
import type { FleetLog, RegisterEntry, Revision, Watch } from './log.ts'
import type { FleetTimes } from './options.ts'
import type { Presence } from './presence.ts'
import { decode, encode } from './records.ts'

const ownerSchema = z.object({ host: z.string().max(63), stay: z.int() })
type Owner = z.infer<typeof ownerSchema>

/** That what happens by itself for some zaps (schedules, polls, watches, hooks, connections) went from a host to another. */
export type Handover = {
  readonly zapIds: readonly string[]
  readonly from: string | null
  readonly to: string
  /** Milliseconds for which no host had them, as far as this one knows. */
  readonly tookMs: number | null
}

/**
 * Which host does what happens by itself for a zap. An owner is named with the number of its stay, so a host that was fenced owns nothing any more, without
 * a word about each of its zaps.
 */
export type Ownership = {
  start(log: FleetLog): Promise<void>
  stop(): Promise<void>
  /** The log is another: all are without an owner. */
  reset(): void
  /** Whether this host does it now. */
  owns(zapId: string): boolean
  /** The hosts that do it for the zaps that are on, one for each zap. */
  owners(): readonly string[]
  /** Members or zaps are others: looks at once. */
  look(): void
}

const KEY = 'owner/'

export function createOwnership(config: {
  readonly name: string
  readonly times: FleetTimes
  readonly clock: Clock
  readonly log: Log
  readonly presence: Presence
  /** The zaps of which something happens by itself, and that this host could do. */
  zaps(): readonly string[]
  /** Whether this host takes anything: it takes events in, and is not drained. */
  isEligible(): boolean
  /** What a new owner has to know first, such as due times. */
  prepare(zapIds: readonly string[]): Promise<void>
  /** This host owns others than before. Resolves when it keeps their triggers, and no others. */
  changed(): Promise<void>
  /** Tells a new owner what {@link prepare} asks for. */
  leave(zapIds: readonly string[]): Promise<void>
  handedOver(handover: Handover): void
}): Ownership {
  const { name, times, presence } = config
  const owners = new Map<string, { readonly owner: Owner | null; readonly revision: Revision }>()
  /** Since when each zap is without an owner, on the monotonic clock. */
  const freeSince = new Map<string, number>()
  /** Those that are owned and prepared. */
  let owned = new Set<string>()
  let connection: FleetLog | undefined
  let watch: Watch | undefined
  let reading: Promise<void> = Promise.resolve()

  async function note(entry: RegisterEntry): Promise<void> {
    if (!entry.key.startsWith(KEY)) return
    const zapId = entry.key.slice(KEY.length)
    if ((owners.get(zapId)?.revision ?? 0) >= entry.revision) return
    const owner = entry.bytes === null ? null : await decode(ownerSchema, entry.bytes).catch(() => null)
    owners.set(zapId, { owner, revision: entry.revision })
    if (owner?.host !== name && owned.has(zapId)) rounds.soon()
  }

  function isHeld(owner: Owner): boolean {
    if (owner.host === name) return presence.isAlive() && owner.stay === presence.stay()
    const member = presence.find(owner.host)
    return member !== undefined && !member.isGone && member.doc.stay === owner.stay
  }

  /** The host that should have it, of those that could. All hosts come to the same when they see the same. */
  function preferred(zapId: string): string {
    let best = name
    let bestWeight = weightOf(name, zapId)
    for (const { doc, isGone } of presence.members()) {
      const lacks = doc.lacks.some(({ zaps }) => zaps.includes(zapId))
      if (isGone || doc.isDraining || lacks || !doc.roles.includes('intake')) continue
      const weight = weightOf(doc.name, zapId)
      if (weight > bestWeight) [best, bestWeight] = [doc.name, weight]
    }
    return best
  }

  async function round(): Promise<void> {
    if (connection === undefined) return
    await reading
    const now = performance.now()
    const taken: { zapId: string; from: string | null; since: number | undefined }[] = []
    if (presence.isAlive() && config.isEligible()) {
      for (const zapId of config.zaps()) {
        const known = owners.get(zapId)
        const owner = known?.owner ?? null
        if (owner !== null && isHeld(owner)) {
          freeSince.delete(zapId)
          continue
        }
        const since = freeSince.get(zapId) ?? now
        freeSince.set(zapId, since)
        // One that others should have is left to them for a moment: they may not have seen it yet.
        if (preferred(zapId) !== name && now - since < times.leaseMs / 2) continue
        if (owner !== null && owner.host !== name && !(await fenced(owner))) continue
        const bytes = await encode({ host: name, stay: presence.stay() } satisfies Owner)
        const revision = await connection.registers.swap(KEY + zapId, known?.revision ?? 0, bytes)
        if (revision === null) continue
        owners.set(zapId, { owner: { host: name, stay: presence.stay() }, revision })
        freeSince.delete(zapId)
        taken.push({ zapId, from: owner?.host ?? null, since: presence.find(owner?.host ?? '')?.seenAt })
      }
    } else if (presence.isAlive()) await letGo()
    await settle(taken)
  }

  async function fenced(owner: Owner): Promise<boolean> {
    const member = presence.find(owner.host)
    if (member === undefined || member.doc.stay !== owner.stay) return true
    return presence.fence(owner.host)
  }

  /** A host that is drained says that others may have what it owns, once it has ended that here; else they would wait until it is gone. */
  async function letGo(): Promise<void> {
    const leaving = [...owned]
    if (leaving.length === 0) return
    owned = new Set()
    await config.changed()
    await config.leave(leaving)
    for (const zapId of leaving) {
      const known = owners.get(zapId)
      if (connection === undefined || known?.owner?.host !== name) continue
      const revision = await connection.registers.swap(KEY + zapId, known.revision, null)
      if (revision !== null) owners.set(zapId, { owner: null, revision })
    }
  }

  async function settle(
    taken: readonly { zapId: string; from: string | null; since: number | undefined }[],
  ): Promise<void> {
    const next = new Set(config.zaps().filter(holds))
    const added = [...next].filter((zapId) => !owned.has(zapId))
    if (added.length === 0 && next.size === owned.size) return
    if (added.length > 0) await config.prepare(added)
    owned = next
    await config.changed()
    const now = performance.now()
    for (const from of new Set(taken.map((one) => one.from))) {
      const ofHost = taken.filter((one) => one.from === from)
      if (from === null || from === name) continue
      const since = Math.min(...ofHost.map((one) => one.since ?? now))
      const zapIds = ofHost.map(({ zapId }) => zapId)
      config.handedOver({ zapIds, from, to: name, tookMs: Math.round(now - since) })
    }
  }

  function holds(zapId: string): boolean {
    const owner = owners.get(zapId)?.owner ?? null
    return owner !== null && owner.host === name && isHeld(owner)
  }

  const rounds = repeat({
    clock: config.clock,
    log: config.log,
    failed: 'What happens by itself could not be shared among the hosts of the fleet.',
    everyMs: Math.max(50, times.leaseMs / 6),
    firstMs: 0,
    run: round,
  })

  return {
    async start(opened) {
      connection = opened
      watch = await opened.registers.watch((entry) => {
        reading = reading.then(() => note(entry))
      })
      rounds.start()
    },
    async stop() {
      await rounds.stop()
      await letGo().catch(() => undefined)
      await watch?.stop()
      connection = undefined
      watch = undefined
      owned = new Set()
    },
    reset() {
      owners.clear()
      freeSince.clear()
    },
    owns: (zapId) => owned.has(zapId) && holds(zapId),
    owners: () =>
      config.zaps().flatMap((zapId) => {
        const owner = owners.get(zapId)?.owner ?? null
        return owner !== null && isHeld(owner) ? [owner.host] : []
      }),
    look() {
      // At once, and not behind a round that still waits for the log: others may take over in a moment.
      if (owned.size > 0 && !presence.isAlive()) {
        owned = new Set()
        void config.changed()
      }
      rounds.soon()
    },
  }
}

/** By rendezvous: what a host that goes has had is spread over the others, and nothing else moves. */
function weightOf(host: string, zapId: string): number {
  return createHash('sha256').update(`${host}/${zapId}`).digest().readUInt32BE(0)
}
