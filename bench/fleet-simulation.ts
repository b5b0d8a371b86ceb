// `node bench/fleet-simulation.ts`: a fleet that no one computer can hold, simulated: 100 hosts, a million events an hour, and hosts that die and come back.
// What is simulated is time (arrivals, runs, deaths, sessions); how partitions are divided is decided by the code that the hosts have.
import { parseArgs } from 'node:util'
import { shareOut } from '../core/fleet/kafka/share-out.ts'
import { quantile } from './quantile.ts'
import { digits, table } from './table.ts'

const HELP = `node bench/fleet-simulation.ts [options]

  --hosts N        100
  --events N       1000000, an hour
  --hours N        2
  --run-ms N       2000: how long a run takes on average, most of it waiting for services
  --slots N        50: runs that a host has under way at once
  --dies-hours N   6: how often a host dies, on average; it is back after one to five minutes
  --seed N         1
`

/** After so long without a sign a host has left the group (Kafka), and its deliveries come again (NATS): `deliveryMs`. */
const SESSION_MS = 30_000
/** What an origin waits until it sends again what a dead worker had begun: the lease and its margin, and half of the time between two looks. */
const AGAIN_MS = 9_000 + 2_000 + 5_000
/** Members hear of a new division with their next sign, and join: one round. */
const ROUND_MS = 600
const HOUR_MS = 3_600_000
const WARM_UP_MS = 120_000

type Event = { readonly cameAt: number; isRepeat: boolean }
type Host = { isUp: boolean; busy: Set<Event>; life: number; partitions: Set<number>; turn: number }
type Partition = { owner: number | null; readonly waiting: Event[]; head: number }

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    hosts: { type: 'string', default: '100' },
    events: { type: 'string', default: '1000000' },
    hours: { type: 'string', default: '2' },
    'run-ms': { type: 'string', default: '2000' },
    slots: { type: 'string', default: '50' },
    'dies-hours': { type: 'string', default: '6' },
    seed: { type: 'string', default: '1' },
  },
})

/** The same draws for the same seed: xorshift. */
function createChance(seed: number): () => number {
  let state = seed >>> 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 4_294_967_296
  }
}

/** Things to come, the earliest first: a binary heap. */
function createAgenda() {
  const heap: { readonly at: number; readonly run: () => void }[] = []
  const swap = (a: number, b: number): void => {
    const [x, y] = [heap[a], heap[b]]
    if (x !== undefined && y !== undefined) [heap[a], heap[b]] = [y, x]
  }
  const at = (index: number): number => heap[index]?.at ?? Number.POSITIVE_INFINITY
  return {
    add(when: number, run: () => void): void {
      heap.push({ at: when, run })
      for (let child = heap.length - 1; child > 0; ) {
        const parent = (child - 1) >> 1
        if (at(parent) <= at(child)) break
        swap(parent, child)
        child = parent
      }
    },
    next() {
      const [first] = heap
      const last = heap.pop()
      if (heap.length > 0 && last !== undefined) heap[0] = last
      for (let parent = 0; ; ) {
        const child = at(2 * parent + 1) <= at(2 * parent + 2) ? 2 * parent + 1 : 2 * parent + 2
        if (at(child) >= at(parent)) return first
        swap(parent, child)
        parent = child
      }
    },
  }
}

function simulate(partitionCount: number, options: Readonly<Record<keyof typeof values, string | boolean>>) {
  const [hostCount, hours, slots] = [Number(options.hosts), Number(options.hours), Number(options.slots)]
  const chance = createChance(Number(options.seed))
  const soon = (mean: number): number => -Math.log(1 - chance()) * mean
  const agenda = createAgenda()
  const hosts: Host[] = Array.from({ length: hostCount }, () => ({
    isUp: true,
    busy: new Set(),
    life: 0,
    partitions: new Set(),
    turn: 0,
  }))
  const partitions: Partition[] = Array.from({ length: partitionCount }, () => ({ owner: null, waiting: [], head: 0 }))
  const members = new Set(hosts.keys())
  const endMs = hours * HOUR_MS
  const waits: number[] = []
  const recoveries: number[] = []
  let [now, deaths, moved, rounds, repeats] = [0, 0, 0, 0, 0]
  let isDividing = false

  function begin(host: Host, event: Event): void {
    if (now > WARM_UP_MS && !event.isRepeat) waits.push(now - event.cameAt)
    host.busy.add(event)
    const { life } = host
    agenda.add(now + soon(Number(options['run-ms'])), () => {
      if (host.life !== life || !host.busy.delete(event)) return
      pull(host)
    })
  }

  /** Takes what its partitions have, from each in turn. */
  function pull(host: Host): void {
    const own = [...host.partitions]
    for (let tried = 0; tried < own.length && host.busy.size < slots; ) {
      const partition = partitions[own[host.turn++ % own.length] ?? 0]
      const event = partition?.waiting[partition.head]
      if (partition === undefined || event === undefined) {
        tried++
        continue
      }
      tried = 0
      partition.head++
      if (partition.head > 1_000) {
        partition.waiting.splice(0, partition.head)
        partition.head = 0
      }
      begin(host, event)
    }
  }

  function arrive(event: Event): void {
    const partition = partitions[Math.floor(chance() * partitionCount)]
    partition?.waiting.push(event)
    const host = hosts[partition?.owner ?? -1]
    if (host?.isUp === true) pull(host)
  }

  /** Rounds of the group, until nothing is to be released any more. */
  function divide(): void {
    if (isDividing) return
    isDividing = true
    agenda.add(now + ROUND_MS, () => {
      isDividing = false
      rounds++
      const owned = new Map([...members].map((member) => [String(member), [...(hosts[member]?.partitions ?? [])]]))
      let isMore = false
      for (const [member, { partitions: mine, release }] of shareOut(partitionCount, owned)) {
        const host = hosts[Number(member)]
        if (host === undefined) continue
        for (const number of mine) {
          const partition = partitions[number]
          if (partition === undefined || release.has(number)) continue
          if (partition.owner !== Number(member)) moved++
          partition.owner = Number(member)
          host.partitions.add(number)
        }
        for (const number of release) {
          host.partitions.delete(number)
          isMore = true
        }
        if (host.isUp) pull(host)
      }
      if (isMore) divide()
    })
  }

  function die(index: number): void {
    const host = hosts[index]
    if (host === undefined || !host.isUp) return
    deaths++
    host.isUp = false
    host.life++
    for (const event of host.busy) {
      repeats++
      agenda.add(now + AGAIN_MS, () => arrive({ ...event, isRepeat: true }))
    }
    host.busy.clear()
    const diedAt = now
    const had = [...host.partitions]
    const { life } = host
    agenda.add(now + SESSION_MS, () => {
      if (host.life !== life || host.isUp) return
      members.delete(index)
      host.partitions.clear()
      divide()
      watch(had, diedAt)
    })
    agenda.add(now + 60_000 * (1 + 4 * chance()), () => {
      host.isUp = true
      host.life++
      members.add(index)
      divide()
      plan(index)
    })
  }

  /** Until nothing that came before now waits in the partitions of a host that died. */
  function watch(had: readonly number[], diedAt: number): void {
    const isBehind = had.some((number) => {
      const partition = partitions[number]
      const first = partition?.waiting[partition.head]
      return first !== undefined && now - first.cameAt > 1_000
    })
    if (isBehind) agenda.add(now + 200, () => watch(had, diedAt))
    else recoveries.push(now - diedAt)
  }

  const plan = (index: number): void =>
    agenda.add(now + soon(Number(options['dies-hours']) * HOUR_MS), () => die(index))
  function come(): void {
    arrive({ cameAt: now, isRepeat: false })
    agenda.add(now + soon(HOUR_MS / Number(options.events)), come)
  }

  divide()
  agenda.add(2 * ROUND_MS, come)
  for (const index of hosts.keys()) plan(index)
  for (let next = agenda.next(); next !== undefined && next.at < endMs; next = agenda.next()) {
    now = next.at
    next.run()
  }
  const seconds = (ms: number): string => `${digits(ms / 1_000)} s`
  return [
    String(partitionCount),
    digits(waits.length),
    seconds(quantile(waits, 0.5)),
    seconds(quantile(waits, 0.99)),
    seconds(quantile(waits, 0.9999)),
    String(deaths),
    digits(repeats),
    digits(moved / Math.max(1, deaths)),
    digits(rounds / Math.max(1, deaths)),
    seconds(quantile(recoveries, 0.5)),
    seconds(quantile(recoveries, 1)),
  ]
}

if (values.help) console.log(HELP)
else {
  const hosts = Number(values.hosts)
  const head = [
    'partitions',
    'events',
    'wait p50',
    'p99',
    'p99.99',
    'deaths',
    'runs repeated',
    'moved a death',
    'rounds a death',
    'recovered p50',
    'at most',
  ]
  console.log(table([head, ...[1, 2, 3, 6].map((times) => simulate(hosts * times, values))]))
}
