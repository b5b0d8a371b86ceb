import { setTimeout as wait } from 'node:timers/promises'
import { type Connection, offsetCommitV7, offsetFetchV5 } from '@platformatic/kafka'
import { LogError, OPERATION_MS } from '../log.ts'
import { type Acknowledged, readAcknowledged } from './acknowledged.ts'
import type { Membership } from './group.ts'
import { brokerAnswers } from './kafka-errors.ts'
import type { KafkaLink } from './link.ts'

/** What a group has acknowledged of the partitions of a topic. */
export async function readCommits(
  link: KafkaLink,
  group: string,
  topic: string,
  partitions: readonly number[],
): Promise<ReadonlyMap<number, Acknowledged>> {
  const answer = await link.ask('read what was acknowledged', link.coordinator(group), (connection) =>
    offsetFetchV5.api.async(
      connection,
      [{ groupId: group, topics: [{ name: topic, partitionIndexes: [...partitions] }] }],
      false,
    ),
  )
  const found = (answer.groups[0]?.topics ?? answer.topics).flatMap((one) => one.partitions)
  return new Map(
    found.map(({ partitionIndex, committedOffset, metadata }) => [
      partitionIndex,
      readAcknowledged(Number(committedOffset), metadata ?? ''),
    ]),
  )
}

/** For a group without members, such as that of a host’s letters. */
export const ALONE: Membership = { generation: -1, member: '' }

export async function writeCommit(
  link: KafkaLink,
  group: string,
  topic: string,
  partitions: ReadonlyMap<number, { readonly committed: number; note(): string }>,
  { generation, member }: Membership,
): Promise<void> {
  const wanted = [...partitions].map(([partitionIndex, one]) => ({
    partitionIndex,
    committedOffset: BigInt(one.committed),
    committedLeaderEpoch: -1,
    committedMetadata: one.note(),
  }))
  await link.ask('acknowledge', link.coordinator(group), (connection: Connection) =>
    offsetCommitV7.api.async(connection, group, generation, member, null, [{ name: topic, partitions: wanted }]),
  )
}

const AGAIN_MS = 100
const DIVIDING = new Set(['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION'])

/**
 * Commits what changed. One commit is on its way at a time; what is asked for meanwhile goes together with the next. While the group is being divided anew
 * a commit waits for the end of that, for as long as `still` says that the partition is this host’s.
 */
export function createCommits(
  link: KafkaLink,
  group: string,
  topic: string,
  membership: () => Membership | null,
): (partition: number, acknowledged: Acknowledged, still: () => boolean) => Promise<void> {
  type Wanted = { readonly acknowledged: Acknowledged; readonly still: () => boolean }
  let changed = new Map<number, Wanted>()
  let next: Promise<void> | undefined
  let running: Promise<void> = Promise.resolve()

  async function flush(): Promise<void> {
    const until = performance.now() + OPERATION_MS
    const these = changed
    changed = new Map()
    for (;;) {
      const mine = new Map([...these].filter(([, { still }]) => still()))
      if (mine.size === 0) return
      const as = membership()
      try {
        if (as === null) throw new LogError('unreachable', 'This host has left the group of workers.')
        const offsets = new Map([...mine].map(([partition, { acknowledged }]) => [partition, acknowledged]))
        await writeCommit(link, group, topic, offsets, as)
        return
      } catch (error) {
        const isDividing = brokerAnswers(error).some((answer) => DIVIDING.has(answer))
        if (!isDividing || performance.now() > until) {
          // What was acknowledged stays so here, and goes with the next commit.
          for (const [partition, wanted] of mine) if (!changed.has(partition)) changed.set(partition, wanted)
          throw brokerAnswers(error).includes('UNKNOWN_MEMBER_ID') ? taken() : error
        }
        await wait(AGAIN_MS, undefined, { ref: false })
      }
    }
  }

  return async (partition, acknowledged, still) => {
    changed.set(partition, { acknowledged, still })
    next ??= running.then(() => {
      next = undefined
      const flushed = flush()
      running = flushed.catch(() => undefined)
      return flushed
    })
    await next
    if (!still()) throw taken()
  }
}

const taken = (): LogError =>
  new LogError('unreachable', 'The partition went to another host before its records were acknowledged.')
