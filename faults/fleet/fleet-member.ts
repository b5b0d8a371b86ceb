import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RunningHost, startHost } from '../../e2e/fixtures/headless-host.ts'
import type { Brokers } from './brokers.ts'
import type { Way } from './ways.ts'

/** Short beside a test, and long beside what an idle computer takes. */
const TIMES = { leaseMs: 3_000, marginMs: 1_000, aloneMs: 1_500, deliveryMs: 3_000, relayedMs: 4_000, retryMs: 500 }

/** What it takes for its lease, and the margin of the others: after that it counts as gone. */
export const GONE_MS = TIMES.leaseMs + TIMES.marginMs

/** A host of the fleet, which is a process, and what can happen to it. */
export type FleetMember = {
  readonly name: string
  readonly dataDir: string
  /** Undefined while it is killed. */
  running(): RunningHost | undefined
  start(): Promise<void>
  /** As a power cut. */
  kill(): Promise<void>
  /** It stands still, as a computer that sleeps does. */
  stop(): void
  goOn(): void
  /** Its way to the log. */
  readonly way: Way
  setClock(aheadMs: number): void
}

export async function createMember(options: {
  readonly name: string
  readonly roles: string
  readonly folder: string
  readonly brokers: Pick<Brokers, 'scheme' | 'query' | 'newWay'>
}): Promise<FleetMember> {
  const { name, roles, folder, brokers } = options
  const dataDir = join(folder, name)
  const pretend = join(folder, `${name}.json`)
  const way = await brokers.newWay()
  let running: RunningHost | undefined
  const setClock = (aheadMs: number): void => writeFileSync(pretend, JSON.stringify({ clockAheadMs: aheadMs }))
  setClock(0)
  return {
    name,
    dataDir,
    way,
    setClock,
    running: () => running,
    async start() {
      running = await startHost({
        dataDir,
        env: {
          HOOKLINE_PRETEND: pretend,
          HOOKLINE_FLEET: `${brokers.scheme}://${way.servers}?fleet=faults&${brokers.query}`,
          HOOKLINE_FLEET_TIMES: JSON.stringify(TIMES),
        },
        args: ['--name', name, '--role', roles],
      })
    },
    async kill() {
      const host = running
      running = undefined
      // One that stands still hears a kill, too.
      await host?.kill()
    },
    stop() {
      running?.child.kill('SIGSTOP')
    },
    goOn() {
      running?.child.kill('SIGCONT')
    },
  }
}
