import { setTimeout as wait } from 'node:timers/promises'
import { fetchV11, listOffsetsV2, type RecordsBatch } from '@platformatic/kafka'
import { answerIn, brokerAnswers } from './kafka-errors.ts'
import type { KafkaLink, Lane } from './link.ts'

/** A record as it stands in a partition. */
export type StoredRecord = {
  readonly offset: number
  readonly key: string
  readonly bytes: Buffer | null
  readonly headers: ReadonlyMap<string, string>
  /** By the broker's clock where the topic says so, else by the clock of the host that wrote it. Milliseconds since 1970 UTC. */
  readonly storedAt: number
}

export type Fetched = {
  readonly records: readonly StoredRecord[]
  /** Where to read on. */
  readonly next: number
  /** The first offset that is still kept, and the one behind the last. */
  readonly start: number
  readonly end: number
}

const CONTROL = 0x20
const BROKER_TIME = 0x08
const FETCH_BYTES = 8 * 1024 * 1024
/** Room for the largest record, and many small ones. */
const PARTITION_BYTES = 2 * 1024 * 1024
const PAUSE_MS = 250

/** Of each partition the first offset that is kept, or the one behind its last record. */
export async function findOffsets(
  link: KafkaLink,
  topic: string,
  partitions: readonly number[],
  which: 'start' | 'end',
): Promise<ReadonlyMap<number, number>> {
  const leaders = await link.leaders(topic)
  const found = new Map<number, number>()
  await Promise.all(
    [...Map.groupBy(partitions, (partition) => leaders[partition] ?? -1).values()].map(async (led) => {
      const asked = led.map((partitionIndex) => ({
        partitionIndex,
        currentLeaderEpoch: -1,
        timestamp: which === 'start' ? -2n : -1n,
      }))
      const answer = await link.ask(`look how far "${topic}" goes`, link.leader(topic, led[0] ?? 0), (connection) =>
        listOffsetsV2.api.async(connection, -1, 0, [{ name: topic, partitions: asked }]),
      )
      for (const { partitionIndex, offset } of answer.topics.flatMap(({ partitions }) => partitions))
        found.set(partitionIndex, Number(offset))
    }),
  )
  return found
}

export async function findOffset(
  link: KafkaLink,
  topic: string,
  partition: number,
  which: 'start' | 'end',
): Promise<number> {
  return (await findOffsets(link, topic, [partition], which)).get(partition) ?? 0
}

/** Reads partitions that one broker leads, each from an offset; waits up to `waitMs` for the first record. */
export async function fetchFrom(
  link: KafkaLink,
  lane: Lane,
  leader: number,
  topic: string,
  from: ReadonlyMap<number, number>,
  waitMs: number,
): Promise<ReadonlyMap<number, Fetched>> {
  const partitions = [...from].map(([partition, offset]) => ({
    partition,
    currentLeaderEpoch: -1,
    fetchOffset: BigInt(offset),
    lastFetchedEpoch: -1,
    partitionMaxBytes: PARTITION_BYTES,
  }))
  const answer = await link.ask(
    'fetch records',
    async () => leader,
    (connection) =>
      fetchV11.api
        .async(connection, waitMs, 1, FETCH_BYTES, 0, 0, -1, [{ topicId: topic, partitions }], [], '')
        .catch((error: unknown) => {
          // What is asked for may lie before the first record that is kept, or behind the last of a log that has lost some.
          const partly = answerIn<Awaited<ReturnType<typeof fetchV11.api.async>>>(error)
          if (partly !== undefined && brokerAnswers(error).every((name) => name === 'OFFSET_OUT_OF_RANGE'))
            return partly
          throw error
        }),
    { lane, timeoutMs: waitMs + 5_000 },
  )
  const found = new Map<number, Fetched>()
  for (const one of answer.responses.flatMap(({ partitions }) => partitions)) {
    const offset = from.get(one.partitionIndex)
    if (offset === undefined) continue
    let [start, end] = [Number(one.logStartOffset), Number(one.highWatermark)]
    if (one.errorCode !== 0) {
      start = await findOffset(link, topic, one.partitionIndex, 'start')
      end = await findOffset(link, topic, one.partitionIndex, 'end')
      found.set(one.partitionIndex, { records: [], next: start, start, end })
      continue
    }
    const records = (one.records ?? []).flatMap(readBatch).filter((record) => record.offset >= offset)
    const last = one.records?.at(-1)
    const behind = last === undefined ? offset : Number(last.firstOffset) + last.lastOffsetDelta + 1
    found.set(one.partitionIndex, { records, next: Math.max(offset, behind), start: Math.max(0, start), end })
  }
  return found
}

function readBatch(batch: RecordsBatch): StoredRecord[] {
  if ((batch.attributes & CONTROL) !== 0) return []
  const hasBrokerTime = (batch.attributes & BROKER_TIME) !== 0
  return batch.records.map(({ offsetDelta, timestampDelta, key, value, headers }) => ({
    offset: Number(batch.firstOffset) + offsetDelta,
    key: key?.toString('utf8') ?? '',
    // It may be kept for long, and shares its memory with all that was fetched with it.
    bytes: value === null ? null : Buffer.from(value),
    headers: new Map(headers.map(([name, text]) => [name?.toString('utf8') ?? '', text?.toString('utf8') ?? ''])),
    storedAt: Number(hasBrokerTime ? batch.maxTimestamp : batch.firstTimestamp + timestampDelta),
  }))
}

export type Following = {
  /** Resolves when all records before `offset` were read. */
  until(offset: number): Promise<void>
  stop(): Promise<void>
}

/**
 * Reads the only partition of a topic from an offset on, for as long as it is not stopped, and hands each record to `read` in order, one at a time.
 * A `read` that rejects is called with the same record again after a moment.
 */
export function follow(
  link: KafkaLink,
  topic: string,
  from: number,
  read: (record: StoredRecord, start: number) => void | Promise<void>,
): Following {
  const lane = link.lane()
  const waiting = new Set<{ offset: number; resolve(): void }>()
  let next = from
  let isStopped = false

  function tell(): void {
    for (const one of waiting) {
      if (next < one.offset && !isStopped) continue
      waiting.delete(one)
      one.resolve()
    }
  }

  async function run(): Promise<void> {
    while (!isStopped && !link.isClosed()) {
      try {
        const leader = await link.leader(topic, 0)()
        const fetched = (await fetchFrom(link, lane, leader, topic, new Map([[0, next]]), 500)).get(0)
        if (fetched === undefined) continue
        for (const record of fetched.records) {
          if (isStopped) return
          await read(record, fetched.start)
          next = record.offset + 1
          tell()
        }
        next = fetched.next
        tell()
      } catch {
        // Not there at the moment, or not to be read yet: from the same record on.
        await wait(PAUSE_MS, undefined, { ref: false })
      }
    }
  }
  const running = run().finally(() => {
    isStopped = true
    tell()
  })
  return {
    until: (offset) =>
      new Promise((resolve) => {
        waiting.add({ offset, resolve })
        tell()
      }),
    async stop() {
      isStopped = true
      await lane.close()
      await running
    },
  }
}
