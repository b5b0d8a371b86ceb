import { type FleetTrouble, writeFleetTrouble } from '../db/fleet-trouble.ts'
import type { Database } from '../db/open.ts'
import type { Log } from '../domain/host/log.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { Connection } from './connection.ts'
import type { Presence } from './presence.ts'

/** Makes what notes what is wrong in the fleet, for the incidents that are opened of it when it lasts. */
export function createTroubleNotes(config: {
  readonly name: string
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly presence: Pick<Presence, 'members'>
  problem: Connection['problem']
}): () => void {
  const { name, database, clock, log, presence } = config
  let noted = ''
  const goneSince = new Map<string, number>()

  return () => {
    const problem = config.problem()
    // Cut off from the log it hears of no one, and that says nothing of them.
    const gone = problem === null ? presence.members().filter(({ doc, isGone }) => isGone && doc.name !== name) : []
    const hosts = gone.map(({ doc }) => doc.name)
    for (const host of goneSince.keys()) if (!hosts.includes(host)) goneSince.delete(host)
    for (const host of hosts) if (!goneSince.has(host)) goneSince.set(host, clock.now())
    const trouble: FleetTrouble = {
      gone: [...goneSince].map(([host, since]) => ({ host, since })),
      log: problem && { message: problem.error.message, since: problem.since },
    }
    const text = JSON.stringify(trouble)
    if (text === noted) return
    noted = text
    database
      .write((tx) => writeFleetTrouble(tx, trouble))
      .catch((error: unknown) => {
        noted = ''
        log.warn('What is wrong in the fleet could not be noted.', { error: String(error) })
      })
  }
}
