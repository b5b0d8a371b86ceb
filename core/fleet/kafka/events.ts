import type { Consumption, EventLog } from '../log.ts'
import type { Append } from './append.ts'
import { readCommits } from './commits.ts'
import { consumeEvents } from './consume.ts'
import { headersOf, partitionFor } from './event-record.ts'
import { findOffsets } from './fetch.ts'
import type { KafkaLink } from './link.ts'
import type { Topics } from './topics.ts'

/** Events on Kafka: one topic, one group; `commits.ts` tells how single records are acknowledged. */
export function createEvents(
  link: KafkaLink,
  topics: Topics,
  append: Append,
  options: { readonly sessionMs: number; warn(message: string): void },
): EventLog & { stop(): Promise<void> } {
  const { events, workers } = topics
  const consumptions = new Set<Awaited<ReturnType<typeof consumeEvents>>>()
  const all = async (): Promise<number[]> => [...(await link.leaders(events)).keys()]

  return {
    async publish(record) {
      const partition = partitionFor(record, (await link.leaders(events)).length)
      const offset = await append(events, partition, {
        key: record.key,
        bytes: record.bytes,
        headers: headersOf(record),
      })
      return `${partition}:${offset}`
    },
    async isWaiting(position) {
      const [partition = 0, offset = 0] = position.split(':').map(Number)
      const acknowledged = (await readCommits(link, workers, events, [partition])).get(partition)
      if (acknowledged?.has(offset) === true) return false
      const [start, end] = await Promise.all([
        findOffsets(link, events, [partition], 'start'),
        findOffsets(link, events, [partition], 'end'),
      ])
      return offset >= (start.get(partition) ?? 0) && offset < (end.get(partition) ?? 0)
    },
    async lag() {
      const partitions = await all()
      const [starts, ends, commits] = await Promise.all([
        findOffsets(link, events, partitions, 'start'),
        findOffsets(link, events, partitions, 'end'),
        readCommits(link, workers, events, partitions),
      ])
      let open = 0
      for (const partition of partitions) {
        const [start, end] = [starts.get(partition) ?? 0, ends.get(partition) ?? 0]
        open += commits.get(partition)?.open(start, end) ?? end - start
      }
      // Kafka does not know what other hosts have been given.
      const held = [...consumptions].reduce((sum, one) => sum + one.held(), 0)
      return { waiting: Math.max(0, open - held), held }
    },
    async consume(consumer): Promise<Consumption> {
      const consumption = await consumeEvents(link, topics, append, consumer, options)
      consumptions.add(consumption)
      return consumption
    },
    async stop() {
      await Promise.all([...consumptions].map((one) => one.leave()))
    },
  }
}
