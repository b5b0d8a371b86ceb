import { z } from 'zod'
import { runSummarySchema } from './run-values.ts'
import { timeSchema } from './states.ts'

/** A host of the fleet as the others see it. */
export const fleetMemberSchema = z.object({
  name: z.string(),
  /** The host that is asked. */
  isSelf: z.boolean(),
  version: z.string(),
  /** Another host of the fleet has a newer version. */
  isOlder: z.boolean(),
  roles: z.array(z.enum(['intake', 'worker'])),
  /** Where its webhooks come in. */
  address: z.string(),
  /**
   * `gone`: nothing was heard of it for longer than its lease. `draining`: it ends what it has, and takes no more. `unknown`: the host that is asked
   * does not reach the log, so the rest is what it heard last.
   */
  state: z.enum(['connected', 'draining', 'gone', 'unknown']),
  /** Events that came to it through the log and wait for a slot there. */
  lag: z.int(),
  /** Runs under way there. */
  running: z.int(),
  /** Runs that ended in the last whole minute. */
  runsAMinute: z.int(),
  /** The same of each minute of the last hour, the oldest first. */
  minutes: z.array(z.int()),
  /** Events a second that it takes in. */
  takenInASecond: z.number(),
  /** Events that it took in and could not send on yet. */
  outgoing: z.int(),
  /** Events that it sent on, and whose end it has not heard of. */
  relayed: z.int(),
  /** For how many milliseconds the oldest of both waits; null where none does. */
  oldestMs: z.int().nullable(),
  /** Zaps whose schedules, polls, watches, hooks and connections it keeps. */
  owns: z.int(),
  /** Milliseconds since its last sign of life, as the host that is asked counts them. */
  seenMs: z.int(),
  /** Credentials that it lacks, and what it therefore does not run. */
  lacks: z.array(z.object({ credential: z.string(), zaps: z.array(z.object({ id: z.string(), name: z.string() })) })),
})
export type FleetMember = z.infer<typeof fleetMemberSchema>

/** Something that happened in the fleet. */
export const fleetHappeningSchema = z.discriminatedUnion('kind', [
  /** What happens by itself for some zaps went from a host to another; `tookMs`: from the last sign of the one to the other's start. */
  z.object({
    kind: z.literal('handover'),
    at: timeSchema,
    from: z.string(),
    to: z.string(),
    zaps: z.int(),
    tookMs: z.number().nullable(),
  }),
  z.object({ kind: z.enum(['joined', 'gone', 'back', 'removed']), at: timeSchema, host: z.string() }),
  /** A record in the log that no host could have written. */
  z.object({ kind: z.literal('set-aside'), at: timeSchema, host: z.string(), record: z.string(), why: z.string() }),
])
export type FleetHappening = z.infer<typeof fleetHappeningSchema>

/** A fleet as one of its hosts sees it. */
export const fleetSchema = z.object({
  /** The name of the host that is asked. */
  self: z.string(),
  /** Hosts that share a log may be of several fleets. */
  fleet: z.string(),
  roles: z.array(z.enum(['intake', 'worker'])),
  /** `connecting`: it has not reached the log yet. `alone`: it does not, since `since`. */
  state: z.enum(['connecting', 'connected', 'alone']),
  /** Why it is alone, as a sentence with the remedy. */
  problem: z.object({ code: z.string(), message: z.string(), since: timeSchema }).nullable(),
  log: z.object({
    kind: z.enum(['nats', 'kafka']),
    address: z.string(),
    /** Null while it does not answer, and was never asked. The rest is what was known last, at `asOf`. */
    asOf: timeSchema.nullable(),
    version: z.string().nullable(),
    brokersUp: z.int(),
    brokers: z.int(),
    partitions: z.int().nullable(),
    roundTripMs: z.number(),
    /** Events in the log that no host has acknowledged, without those that were given out. */
    waiting: z.int(),
    held: z.int(),
    /** Events a second that all hosts take in. */
    perSecond: z.number(),
    /** Milliseconds from the storing of an event to the host that works on it, the median of late; null where none went. */
    addedMs: z.number().nullable(),
  }),
  /** By name; the host that is asked is first. */
  members: z.array(fleetMemberSchema),
  /** The newest first. */
  happened: z.array(fleetHappeningSchema),
  credentials: z.object({
    /** Whether this host has the fleet's passphrase. */
    hasKey: z.boolean(),
    /** Names of those that are shared. */
    shared: z.array(z.string()),
    /** Those on the host that is asked. */
    all: z.array(z.string()),
    /** Why what others share cannot be opened here. */
    problem: z.string().nullable(),
  }),
  /** Zaps that were changed on another host last. */
  zaps: z.array(z.object({ id: z.string(), by: z.string() })),
})
export type Fleet = z.infer<typeof fleetSchema>

/** A run of any host. */
export const fleetRunSchema = runSummarySchema.extend({ host: z.string() })
export type FleetRun = z.infer<typeof fleetRunSchema>
