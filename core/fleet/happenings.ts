import { z } from 'zod'
import type { Clock } from '../domain/time/clock.ts'
import type { FleetLog, StateEntry } from './log.ts'
import type { Handover } from './ownership.ts'
import { decode, encode } from './records.ts'

/** Something that happened in the fleet, for people. */
export const happeningSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('handover'),
    at: z.number(),
    from: z.string().max(63),
    to: z.string().max(63),
    zaps: z.int(),
    tookMs: z.number().nullable(),
  }),
  z.object({ kind: z.enum(['joined', 'gone', 'back', 'removed']), at: z.number(), host: z.string().max(63) }),
  z.object({
    kind: z.literal('set-aside'),
    at: z.number(),
    host: z.string().max(63),
    record: z.string().max(300),
    why: z.string().max(500),
  }),
])
export type Happening = z.infer<typeof happeningSchema>

/** What happened of late: what this host saw, and what others tell of what they did. */
export type Happenings = {
  note(entry: StateEntry): Promise<void>
  start(log: FleetLog): void
  stop(): void
  /** This host did it: the others are told. */
  did(happening: Happening): void
  /** This host saw it, as the others do. */
  saw(happening: Happening): void
  handedOver(handover: Handover): void
  all(): readonly Happening[]
}

const KEY = 'happened/'
const KEPT = 50
const listSchema = z.object({ list: z.array(happeningSchema).max(KEPT) })

export function createHappenings({
  name,
  clock,
  changed,
}: {
  readonly name: string
  readonly clock: Clock
  changed(): void
}): Happenings {
  const ofHosts = new Map<string, readonly Happening[]>()
  let seen: readonly Happening[] = []
  let connection: FleetLog | undefined

  function tell(): void {
    const list = ofHosts.get(name)
    if (connection === undefined || list === undefined) return
    // What is lost of this is told by nothing else, and nothing depends on it.
    void encode({ list })
      .then((bytes) => connection?.state.put(KEY + name, bytes))
      .catch(() => undefined)
  }

  const happenings: Happenings = {
    async note(entry) {
      if (!entry.key.startsWith(KEY) || entry.bytes === null) return
      const host = entry.key.slice(KEY.length)
      const read = await decode(listSchema, entry.bytes).catch(() => undefined)
      // Its own list is older than what it has done since.
      if (read === undefined || (host === name && ofHosts.has(name))) return
      ofHosts.set(host, read.list)
      changed()
    },
    start(opened) {
      connection = opened
      tell()
    },
    stop() {
      connection = undefined
    },
    did(happening) {
      ofHosts.set(name, [happening, ...(ofHosts.get(name) ?? [])].slice(0, KEPT))
      tell()
      changed()
    },
    saw(happening) {
      seen = [happening, ...seen].slice(0, KEPT)
      changed()
    },
    handedOver({ from, to, zapIds, tookMs }) {
      if (from !== null) happenings.did({ kind: 'handover', at: clock.now(), from, to, zaps: zapIds.length, tookMs })
    },
    all: () => [...seen, ...[...ofHosts.values()].flat()].toSorted((a, b) => b.at - a.at).slice(0, KEPT),
  }
  return happenings
}
