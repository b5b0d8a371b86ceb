import { setTimeout as wait } from 'node:timers/promises'
import { startNats } from '../../core/test-servers.ts'
import { connectTo } from '../../e2e/fixtures/control-client.ts'
import { enableZap } from '../../e2e/fixtures/seeded-runs.ts'
import { relayZap } from '../../e2e/fixtures/zap-files.ts'
import { startFaultTarget } from '../fault-target.ts'
import { createRandom } from '../random.ts'
import { post } from '../senders.ts'
import { type Accepted, checkFleet, type Violation } from './check-fleet.ts'
import { createMember, type FleetMember, GONE_MS } from './fleet-member.ts'

/** Sends on their way to each host at once for the zap that runs side by side; for the one with a queue it is one. */
const SENDERS = 4
const DRAIN_MS = 180_000
const PAUSE_MS = 100
/** The farthest that a clock is moved. */
const HOUR_MS = 3_600_000

export type FleetResult = {
  readonly violations: readonly Violation[]
  readonly faults: ReadonlyMap<string, number>
  readonly accepted: number
  readonly effects: number
  readonly requests: number
}

/**
 * Three hosts and a worker, joined by a nats-server. Events come in by webhooks while hosts and the broker are killed, stand still, are cut off from the
 * log or have their clocks moved; at last the worker is gone for ever. Then everything is let come to its end, and checked.
 */
export async function runFleet(options: {
  readonly seed: number
  readonly events: number
  readonly folder: string
  tell(line: string): void
}): Promise<FleetResult> {
  const { seed, events, folder, tell } = options
  const random = createRandom(seed)
  const target = await startFaultTarget()
  const nats = await startNats()
  const member = (name: string, roles: string): Promise<FleetMember> =>
    createMember({ name, roles, folder, natsPort: nats.port })
  const takers = await Promise.all(['h1', 'h2', 'h3'].map((name) => member(name, 'intake,worker')))
  const worker = await member('gone', 'worker')
  const members = [...takers, worker]
  const faults = new Map<string, number>()
  try {
    for (const one of members) await one.start()
    const [first] = takers
    if (first === undefined) throw new Error('there is no host')
    const url = `http://127.0.0.1:${target.port}/effect`
    await enableZap(first.dataDir, 'parallel', relayZap('parallel', url))
    await enableZap(first.dataDir, 'queue', { ...Object(relayZap('queue', url)), settings: { concurrency: 'queued' } })
    await Promise.all(takers.map((one) => untilZaps(one, 2)))
    tell('three hosts and a worker are joined, and have the zaps')

    const accepted: Accepted[] = []
    let n = 0
    let isOver = false
    const send = async (one: FleetMember, path: string): Promise<void> => {
      while (n < events) {
        const host = one.running()
        if (host === undefined) {
          await wait(PAUSE_MS)
          continue
        }
        const mine = n++
        const told = await post(host, path, { n: mine }).catch(() => undefined)
        if (told?.status === 200 && told.id !== undefined)
          accepted.push({ n: mine, path, host: one.name, event: told.id })
        await wait(random.between(0, 2 * PAUSE_MS))
      }
    }
    const breaking = breakThings({ random, takers, worker, nats, faults, tell, isOver: () => isOver })
    await Promise.all(
      takers.flatMap((one) => [send(one, 'queue'), ...Array.from({ length: SENDERS }, () => send(one, 'parallel'))]),
    )
    isOver = true
    await breaking
    tell(`${accepted.length} events were accepted; the worker is gone for ever now, and the rest comes to its end`)
    await worker.kill()
    const left = await drain(takers, target.effects, accepted)
    const violations = checkFleet(accepted, target.effects, ['queue'])
    for (const message of target.complaints) violations.push({ rule: 'two-keys', message })
    if (left !== null) violations.push({ rule: 'left-over', message: left })
    return {
      violations,
      faults,
      accepted: accepted.length,
      effects: target.effects.size,
      requests: target.requests(),
    }
  } finally {
    for (const one of members) {
      await one.kill()
      await one.way.cut()
    }
    await nats.stop()
    await target.close()
  }
}

async function breakThings(scene: {
  readonly random: ReturnType<typeof createRandom>
  readonly takers: readonly FleetMember[]
  readonly worker: FleetMember
  readonly nats: Awaited<ReturnType<typeof startNats>>
  readonly faults: Map<string, number>
  tell(line: string): void
  isOver(): boolean
}): Promise<void> {
  const { random, takers, worker, nats, faults, tell, isOver } = scene
  const any = [...takers, worker]
  const short = (): Promise<void> => wait(random.between(200, 2_000))
  /** Longer than its lease, so that the others count it as gone. */
  const long = (): Promise<void> => wait(random.between(GONE_MS, 2 * GONE_MS))
  const brief = (): Promise<void> => (random.chance(0.3) ? long() : short())
  const kinds: readonly { readonly weight: number; readonly name: string; run(one: FleetMember): Promise<void> }[] = [
    {
      weight: 4,
      name: 'host killed',
      async run(one) {
        await one.kill()
        await brief()
        await one.start()
      },
    },
    {
      weight: 3,
      name: 'broker killed',
      async run() {
        await nats.stopAlone()
        await brief()
        await nats.restart()
      },
    },
    {
      weight: 3,
      name: 'host cut off from the log',
      async run(one) {
        await one.way.cut()
        await brief()
        await one.way.mend()
      },
    },
    {
      weight: 2,
      name: 'host stood still',
      async run(one) {
        one.stop()
        await brief()
        one.goOn()
      },
    },
    {
      weight: 2,
      name: 'clock moved',
      async run(one) {
        one.setClock(random.between(-HOUR_MS, HOUR_MS))
        await short()
      },
    },
  ]
  while (!isOver()) {
    await wait(random.between(200, 1_500))
    const kind = random.pickWeighted(kinds)
    const one = random.pick(any)
    faults.set(kind.name, (faults.get(kind.name) ?? 0) + 1)
    tell(`${kind.name}${kind.name.startsWith('broker') ? '' : `: ${one.name}`}`)
    await kind.run(one)
  }
  for (const one of any) one.setClock(0)
}

async function untilZaps({ dataDir }: FleetMember, count: number): Promise<void> {
  const { client, close } = await connectTo(dataDir)
  try {
    for (;;) {
      const zaps = await client.zaps.list()
      if (zaps.filter(({ status }) => status === 'enabled').length === count) return
      await wait(PAUSE_MS)
    }
  } finally {
    close()
  }
}

/** Waits until every accepted event has its effect and no host waits for anything. Returns what is left, or null. */
async function drain(
  takers: readonly FleetMember[],
  effects: ReadonlyMap<string, unknown>,
  accepted: readonly Accepted[],
): Promise<string | null> {
  const keys = accepted.map(({ event }) => `${event.replace('evt_', 'run_')}:post`)
  const until = performance.now() + DRAIN_MS
  for (;;) {
    const missing = keys.filter((key) => !effects.has(key)).length
    const waiting = await Promise.all(takers.map(left))
    const all = waiting.filter((one) => one !== null)
    if (missing === 0 && all.length === 0) return null
    if (performance.now() > until) return `${missing} effects are missing; ${all.join('; ')}`
    await wait(10 * PAUSE_MS)
  }
}

/** What a host still waits for, or null. */
async function left({ name, dataDir }: FleetMember): Promise<string | null> {
  const { client, close } = await connectTo(dataDir)
  try {
    const [{ pending, leased, dead }, fleet] = await Promise.all([client.outbox.stats(), client.fleet.get()])
    const self = fleet?.members.find(({ isSelf }) => isSelf)
    if (self === undefined || fleet?.state !== 'connected') return `${name} is ${fleet?.state ?? 'alone'}`
    const { outgoing, relayed, oldestMs } = self
    if (pending + leased + dead + outgoing + relayed === 0) return null
    return `${name} has ${pending} messages pending, ${leased} leased, ${dead} dead, ${outgoing} to be sent and ${relayed} relayed, the oldest for ${oldestMs} ms`
  } finally {
    close()
  }
}
