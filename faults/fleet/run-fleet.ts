import { setTimeout as wait } from 'node:timers/promises'
import { connectTo } from '../../e2e/fixtures/control-client.ts'
import { enableZap } from '../../e2e/fixtures/seeded-runs.ts'
import { relayZap } from '../../e2e/fixtures/zap-files.ts'
import { type FaultTarget, startFaultTarget } from '../fault-target.ts'
import { createRandom } from '../random.ts'
import { post } from '../senders.ts'
import { type BROKERS, type Brokers, startBrokers } from './brokers.ts'
import { type Accepted, checkFleet, type Violation } from './check-fleet.ts'
import { createMember, type FleetMember, GONE_MS } from './fleet-member.ts'
import { type PolledList, startPolledList } from './polled-list.ts'

/** Sends on their way to each host at once for the zap that runs side by side; for the one with a queue it is one. */
const SENDERS = 4
/** Without anything new at the target for so long, what is left does not come. */
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
 * Three hosts and a worker, joined by brokers. Events come in by webhooks and items by a poll, while hosts and brokers are killed, stand still, are cut
 * off from each other or have their clocks moved; at last the worker is gone for ever. Then everything is let come to its end, and checked.
 */
export async function runFleet(options: {
  readonly seed: number
  readonly events: number
  readonly log: (typeof BROKERS)[number]
  readonly folder: string
  tell(line: string): void
}): Promise<FleetResult> {
  const { seed, events, folder, tell } = options
  const random = createRandom(seed)
  const target = await startFaultTarget()
  const list = await startPolledList()
  const brokers = await startBrokers(options.log)
  tell(brokers.words)
  const member = (name: string, roles: string): Promise<FleetMember> => createMember({ name, roles, folder, brokers })
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
    await enableZap(first.dataDir, 'polled', pollZap(list.url, `http://127.0.0.1:${target.port}/polled`))
    await Promise.all(takers.map((one) => untilZaps(one, 3)))
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
    const breaking = breakThings({ random, takers, worker, brokers, faults, tell, isOver: () => isOver })
    await Promise.all(
      takers.flatMap((one) => [send(one, 'queue'), ...Array.from({ length: SENDERS }, () => send(one, 'parallel'))]),
    )
    isOver = true
    await breaking
    list.end()
    tell(`${accepted.length} events were accepted; the worker is gone for ever now, and the rest comes to its end`)
    await worker.kill()
    const left = await drain(takers, target, accepted, list)
    const violations = checkFleet(accepted, target.effects, ['queue'], list.items())
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
      await one.way.close()
    }
    await brokers.close()
    await list.close()
    await target.close()
  }
}

async function breakThings(scene: {
  readonly random: ReturnType<typeof createRandom>
  readonly takers: readonly FleetMember[]
  readonly worker: FleetMember
  readonly brokers: Brokers
  readonly faults: Map<string, number>
  tell(line: string): void
  isOver(): boolean
}): Promise<void> {
  const { random, takers, worker, brokers, faults, tell, isOver } = scene
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
    ...brokers.faults.map(({ weight, name, run }) => ({
      weight,
      name,
      run: () => run((count) => random.between(0, count - 1), brief),
    })),
    {
      weight: brokers.canCut ? 3 : 0,
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
    tell(`${kind.name}${kind.name.includes('broker') ? '' : `: ${one.name}`}`)
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

/** Waits until every accepted event and every item has its effect and no host waits for anything. Returns what is left, or null. */
async function drain(
  takers: readonly FleetMember[],
  target: Pick<FaultTarget, 'effects' | 'requests'>,
  accepted: readonly Accepted[],
  list: PolledList,
): Promise<string | null> {
  const keys = accepted.map(({ event }) => `${event.replace('evt_', 'run_')}:post`)
  let [requests, changedAt] = [target.requests(), performance.now()]
  for (;;) {
    const missing = keys.filter((key) => !target.effects.has(key)).length
    const polled = [...target.effects.values()].filter(({ path }) => path === '/polled').length
    const waiting = await Promise.all(takers.map(left))
    const all = waiting.filter((one) => one !== null)
    if (missing === 0 && polled >= list.items() && all.length === 0) return null
    if (target.requests() !== requests) [requests, changedAt] = [target.requests(), performance.now()]
    if (performance.now() - changedAt > DRAIN_MS)
      return `${missing} effects and ${list.items() - polled} items are missing; ${all.join('; ')}`
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

/** A zap that tells the target of each new item of a list. */
function pollZap(list: string, url: string): unknown {
  return {
    format: 'hookline/zap@1',
    name: 'Relay polled',
    steps: [
      { id: 'new', uses: 'http.poll', input: { url: list, every: '1s', first: 'all' } },
      { id: 'post', uses: 'http.request', input: { method: 'POST', url, body: '{{ new.item }}' } },
    ],
    edges: [{ from: 'new', to: 'post' }],
  }
}
