import { z } from 'zod'
import type { Tx } from './executor.ts'
import { getSetting, writeSetting } from './settings.ts'

const SETTING = 'fleetTrouble'

const troubleSchema = z.object({
  /** Hosts of which nothing is heard, since when. */
  gone: z.array(z.object({ host: z.string(), since: z.number() })),
  /** Why the log does not answer. */
  log: z.object({ message: z.string(), since: z.number() }).nullable(),
})

/** What is wrong in the fleet as this host sees it. Milliseconds since 1970 UTC. */
export type FleetTrouble = z.infer<typeof troubleSchema>

const NONE: FleetTrouble = { gone: [], log: null }

export function getFleetTrouble(tx: Tx): FleetTrouble {
  const stored = getSetting(tx, SETTING)
  return (stored === undefined ? undefined : troubleSchema.safeParse(JSON.parse(stored)).data) ?? NONE
}

export function writeFleetTrouble(tx: Tx, trouble: FleetTrouble): void {
  writeSetting(tx, SETTING, trouble)
}

/** This host is in no fleet. */
export function forgetFleetTrouble(tx: Tx): void {
  if (getSetting(tx, SETTING) !== undefined) writeSetting(tx, SETTING, NONE)
}
