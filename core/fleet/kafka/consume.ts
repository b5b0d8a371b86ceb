import { setTimeout as wait } from 'node:timers/promises'
import type { Consumption, Delivery, EventRecord } from '../log.ts'
import { type Acknowledged, readAcknowledged } from './acknowledged.ts'
import type { Append } from './append.ts'
import { createCommits, readCommits } from './commits.ts'
import { deliveriesOf, eventOf, headersOf } from './event-record.ts'
import { fetchFrom, type StoredRecord } from './fetch.ts'
import { joinGroup } from './group.ts'
import type { KafkaLink, Lane } from './link.ts'
import type { Topics } from './topics.ts'

/** A record with the event that it is. `delivery` counts from 1. */
type Waiting = { readonly offset: number; readonly event: EventRecord; readonly delivery: number }

/** A partition that this host has. */
type Partition = {
  readonly number: number
  readonly acknowledged: Acknowledged
  /** Where to fetch on. */
  next: number
  /** Fetched and not given out yet. */
  readonly waiting: Waiting[]
  readonly held: Map<number, AbortController>
  /** The orders of which one is given out. */
  readonly busy: Set<string>
  isReleasing: boolean
}

/** So many fetched records of a partition wait at most before no more are fetched. */
const MAX_WAITING = 500
const MAX_WAITING_BYTES = 4 * 1024 * 1024
const FETCH_MS = 500
/** While a partition that has enough may want more at any moment. */
const SHORT_FETCH_MS = 20
const PAUSE_MS = 250

/** Takes part in the group of those that work on events. */
export async function consumeEvents(
  link: KafkaLink,
  { events, workers }: Topics,
  append: Append,
  consumer: { room(): number; take(delivery: Delivery): void },
  options: { readonly sessionMs: number; warn(message: string): void },
): Promise<Consumption & { held(): number; leave(): Promise<void> }> {
  const partitions = new Map<number, Partition>()
  /** Those whose state is still being read, too. */
  const owned = new Set<number>()
  const lanes = new Map<number, Lane>()
  const ending = new AbortController()
  const signal = createSignal()
  let isStopped = false

  // Fails here, and not in the background, where the account may not use the group.
  await readCommits(link, workers, events, [0])
  const group = joinGroup(
    link,
    { group: workers, topic: events, sessionMs: options.sessionMs, warn: options.warn },
    {
      divided(mine, releasing) {
        for (const number of [...owned]) if (!mine.has(number)) drop(number)
        const added = [...mine].filter((number) => !owned.has(number) && !releasing.has(number))
        for (const number of added) owned.add(number)
        if (added.length > 0) void open(added)
        for (const number of releasing) release(number)
      },
      owned: () => owned,
      isLeaving: () => isStopped,
      lost() {
        for (const number of [...owned]) drop(number)
      },
    },
  )
  const commit = createCommits(link, workers, events, group.membership)

  async function open(numbers: readonly number[]): Promise<void> {
    while (!ending.signal.aborted) {
      const missing = numbers.filter((number) => owned.has(number) && !partitions.has(number))
      if (missing.length === 0) return
      try {
        const commits = await readCommits(link, workers, events, missing)
        for (const [number, acknowledged] of commits) {
          if (!owned.has(number) || partitions.has(number)) continue
          partitions.set(number, partitionFrom(number, acknowledged))
        }
        await read()
        return
      } catch {
        await wait(PAUSE_MS, undefined, { ref: false })
      }
    }
  }

  function drop(number: number): void {
    owned.delete(number)
    const partition = partitions.get(number)
    partitions.delete(number)
    for (const lost of partition?.held.values() ?? []) lost.abort()
  }

  function release(number: number): void {
    const partition = partitions.get(number)
    if (partition !== undefined) {
      partition.isReleasing = true
      partition.waiting.length = 0
      if (partition.held.size > 0) return
    }
    if (!owned.has(number)) return
    drop(number)
    if (isStopped && owned.size === 0) void leave()
    else group.rejoin()
  }

  /** One loop for each broker that leads partitions of this host. */
  async function read(): Promise<void> {
    const leaders = await link.leaders(events)
    for (const { number } of partitions.values()) {
      const leader = leaders[number] ?? -1
      if (leader < 0 || lanes.has(leader)) continue
      const lane = link.lane()
      lanes.set(leader, lane)
      void readFrom(leader, lane)
    }
  }

  async function readFrom(leader: number, lane: Lane): Promise<void> {
    while (!ending.signal.aborted && !isStopped) {
      const woken = signal.next()
      try {
        const leaders = await link.leaders(events)
        const led = [...partitions.values()].filter(({ number }) => leaders[number] === leader)
        if (led.length < partitions.size) await read()
        const hungry = led.filter(isHungry)
        if (hungry.length === 0) {
          await woken
          continue
        }
        const from = new Map(hungry.map(({ number, next }) => [number, next]))
        const waitMs = hungry.length < led.length ? SHORT_FETCH_MS : FETCH_MS
        for (const [number, fetched] of await fetchFrom(link, lane, leader, events, from, waitMs)) {
          const partition = partitions.get(number)
          if (partition === undefined || partition.isReleasing || partition.next !== from.get(number)) continue
          store(partition, fetched)
        }
        pump()
      } catch {
        if (!ending.signal.aborted) await wait(PAUSE_MS, undefined, { ref: false })
      }
    }
  }

  function store(
    partition: Partition,
    { records, next, start }: { records: readonly StoredRecord[]; next: number; start: number },
  ): void {
    const { acknowledged, waiting } = partition
    // Commits of a log that was lost since may lie behind its new end: it is read from its beginning.
    if (next < partition.next) {
      drop(partition.number)
      owned.add(partition.number)
      partitions.set(partition.number, partitionFrom(partition.number, readAcknowledged(start, '')))
      return
    }
    let at = partition.next
    for (const record of records) {
      if (record.offset >= acknowledged.limit) {
        partition.next = record.offset
        return
      }
      acknowledged.skip(at, record.offset)
      at = record.offset + 1
      if (acknowledged.has(record.offset)) continue
      const event = eventOf(record, partition.number)
      waiting.push({ offset: record.offset, event, delivery: deliveriesOf(record) + 1 })
    }
    acknowledged.skip(at, next)
    partition.next = next
  }

  function isHungry({ waiting, isReleasing, next, acknowledged }: Partition): boolean {
    if (isReleasing || waiting.length >= MAX_WAITING || next >= acknowledged.limit) return false
    let bytes = 0
    for (const { event } of waiting) bytes += event.bytes.length
    return bytes < MAX_WAITING_BYTES
  }

  /** Gives out what there is room for, from each partition in turn. */
  function pump(): void {
    let hasGiven = true
    while (hasGiven && !isStopped) {
      hasGiven = false
      for (const partition of partitions.values()) {
        const at = partition.waiting.findIndex(({ event }) => event.order === null || !partition.busy.has(event.order))
        if (at < 0) continue
        if (consumer.room() <= 0) return
        const [one] = partition.waiting.splice(at, 1)
        if (one === undefined) continue
        hasGiven = true
        give(partition, one)
      }
    }
    signal.tell()
  }

  function give(partition: Partition, { offset, event, delivery }: Waiting): void {
    const lost = new AbortController()
    const { number, acknowledged, held, busy } = partition
    const { order } = event
    held.set(offset, lost)
    if (order !== null) busy.add(order)
    const isHeld = (): boolean => held.get(offset) === lost && !lost.signal.aborted

    function letGo(): void {
      held.delete(offset)
      if (order !== null) busy.delete(order)
    }

    async function ack(): Promise<void> {
      if (!isHeld()) return
      acknowledged.add(offset)
      letGo()
      pump()
      await commit(number, acknowledged, () => partitions.get(number) === partition)
      if (partition.isReleasing && held.size === 0 && partitions.get(number) === partition) release(number)
    }

    /** Of an order, it waits where it is, as those behind it do. Others go to the end of a partition, which any host may have. */
    async function comeAgain(): Promise<void> {
      if (!isHeld()) return
      if (order !== null) {
        letGo()
        if (partition.isReleasing) return void (held.size === 0 && release(number))
        partition.waiting.unshift({ offset, event, delivery: delivery + 1 })
        pump()
        return
      }
      const to = Math.floor(Math.random() * (await link.leaders(events)).length)
      await append(events, to, { key: event.key, bytes: event.bytes, headers: headersOf(event, delivery + 1) })
      await ack()
    }

    async function later(afterMs: number): Promise<void> {
      for (let ms = Math.max(1, afterMs); isHeld(); ms = PAUSE_MS) {
        const isOver = await wait(ms, false, {
          ref: false,
          signal: AbortSignal.any([lost.signal, ending.signal]),
        }).catch(() => true)
        if (isOver) return
        try {
          return await comeAgain()
        } catch {
          // The log does not answer: again, until it does.
        }
      }
    }

    consumer.take({
      ...event,
      position: `${number}:${offset}`,
      delivery,
      lost: lost.signal,
      ack,
      async pass(afterMs) {
        void later(afterMs)
      },
    })
  }

  async function leave(): Promise<void> {
    isStopped = true
    ending.abort()
    signal.tell()
    for (const number of [...owned]) drop(number)
    await Promise.all([group.stop(), ...[...lanes.values()].map((lane) => lane.close())])
  }

  return {
    wake: pump,
    held: () => [...partitions.values()].reduce((sum, { held }) => sum + held.size, 0),
    async stop() {
      isStopped = true
      signal.tell()
      for (const number of [...owned]) release(number)
      if (owned.size === 0) await leave()
    },
    leave,
  }
}

function partitionFrom(number: number, acknowledged: Acknowledged): Partition {
  const next = acknowledged.committed
  return { number, acknowledged, next, waiting: [], held: new Map(), busy: new Set(), isReleasing: false }
}

/** Wakes those that wait for a change. */
function createSignal(): { next(): Promise<void>; tell(): void } {
  let waiting = Promise.withResolvers<void>()
  return {
    next: () => waiting.promise,
    tell() {
      waiting.resolve()
      waiting = Promise.withResolvers()
    },
  }
}
