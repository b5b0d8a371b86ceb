import { type MessageRecord, produceV7 } from '@platformatic/kafka'
import { LogError, OPERATION_MS } from '../log.ts'
import type { KafkaLink } from './link.ts'

export type NewRecord = {
  readonly key: string
  /** Null takes the key away, where the topic is compacted. */
  readonly bytes: Uint8Array | null
  readonly headers?: Readonly<Record<string, string>>
}

/** Appends a record to a partition and resolves with its offset when all replicas that count have it. */
export type Append = (topic: string, partition: number, record: NewRecord) => Promise<number>

const ALL_REPLICAS = -1
/** Bytes of one request: a broker takes a megabyte of a partition by default. */
const BATCH_BYTES = 900_000

type Waiting = {
  readonly record: MessageRecord
  readonly size: number
  resolve(offset: number): void
  reject(error: unknown): void
}

/** Of each partition one request is on its way at a time; what comes meanwhile goes together with the next. So records stand in the order of the calls. */
export function createAppend(link: KafkaLink): Append {
  const queues = new Map<string, Waiting[]>()

  async function send(topic: string, partition: number, batch: readonly Waiting[]): Promise<void> {
    try {
      const answer = await link.ask('append records', link.leader(topic, partition), (connection) =>
        produceV7.api.async(
          connection,
          ALL_REPLICAS,
          OPERATION_MS,
          batch.map(({ record }) => ({ ...record })),
          { compression: 'none' },
        ),
      )
      const first = typeof answer === 'boolean' ? undefined : answer.responses[0]?.partitionResponses[0]?.baseOffset
      if (first === undefined)
        throw new LogError('unreachable', `Kafka at ${link.address} did not say where it put a record.`)
      for (const [at, { resolve }] of batch.entries()) resolve(Number(first) + at)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }

  async function drain(topic: string, partition: number, key: string, queue: Waiting[]): Promise<void> {
    // What is asked for in this turn of the loop goes together.
    await Promise.resolve()
    while (queue.length > 0) {
      let size = 0
      let count = 0
      for (const one of queue) {
        if (count > 0 && size + one.size > BATCH_BYTES) break
        size += one.size
        count++
      }
      await send(topic, partition, queue.splice(0, count))
    }
    queues.delete(key)
  }

  return (topic, partition, { key, bytes, headers = {} }) =>
    new Promise((resolve, reject) => {
      const id = `${partition} ${topic}`
      const record: MessageRecord = {
        topic,
        partition,
        key: Buffer.from(key),
        // Null takes the key away in a compacted topic: the client writes it as no value, but does not say so in its types.
        value: (bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)) as Buffer,
        headers: new Map(Object.entries(headers).map(([name, value]) => [Buffer.from(name), Buffer.from(value)])),
      }
      const waiting = { record, size: (bytes?.length ?? 0) + 500, resolve, reject }
      const queue = queues.get(id)
      if (queue !== undefined) {
        queue.push(waiting)
        return
      }
      const first = [waiting]
      queues.set(id, first)
      void drain(topic, partition, id, first)
    })
}
