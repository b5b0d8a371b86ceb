import type { StoreAddress } from './store-address.ts'

/** What a host is for in its fleet: `intake` takes events in, `worker` runs what comes through the log. */
export const FLEET_ROLES = ['intake', 'worker'] as const
export type FleetRole = (typeof FLEET_ROLES)[number]

/** How a host takes part in a fleet. */
export type FleetOptions = {
  /** Where the log is: `nats://…`, `tls://…`, `kafka://…` or `kafkas://…`. */
  readonly url: string
  /** This host's name, which no other host of the fleet has. */
  readonly name: string
  readonly roles: readonly FleetRole[]
  /** The passphrase with which shared credentials are sealed; without one, none is shared or opened. */
  readonly key?: string | undefined
  /** A bucket for large values of events, so that they can be had when the host that took them in cannot be reached; without one they stay there. */
  readonly store?: StoreAddress | undefined
  /** Other times than {@link FLEET_TIMES}. */
  readonly times?: Partial<FleetTimes>
}

/** Milliseconds. */
export type FleetTimes = {
  /** A host that shows no sign of life for so long does not own anything any more. */
  readonly leaseMs: number
  /** What others wait beyond that before they take over, for clocks that run at different speed and timers that are late. */
  readonly marginMs: number
  /** After so long without the log, a worker runs its own events itself. */
  readonly aloneMs: number
  /** A delivery that its consumer has not acknowledged comes again after this, when the consumer is gone. */
  readonly deliveryMs: number
  /** What was sent on and of which nothing was heard for so long is asked after, and sent again if there is reason to. */
  readonly relayedMs: number
  /** What is to be said to a host is collected for so long. */
  readonly letterMs: number
  /** From an attempt to open the log to the next one, at most. */
  readonly retryMs: number
}

/** What a host owned is at another within 12 s of its last sign. */
export const FLEET_TIMES: FleetTimes = {
  leaseMs: 9_000,
  marginMs: 2_000,
  aloneMs: 3_000,
  deliveryMs: 30_000,
  relayedMs: 30_000,
  letterMs: 10,
  retryMs: 15_000,
}
