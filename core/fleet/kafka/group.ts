import { setTimeout as wait } from 'node:timers/promises'
import {
  decodeConsumerProtocolAssignment,
  decodeConsumerProtocolSubscription,
  encodeConsumerProtocolAssignment,
  encodeConsumerProtocolSubscription,
  heartbeatV3,
  joinGroupV5,
  leaveGroupV1,
  syncGroupV3,
} from '@platformatic/kafka'
import { answerIn, brokerAnswers } from './kafka-errors.ts'
import type { KafkaLink } from './link.ts'
import { shareOut } from './share-out.ts'

/** Membership in the group of consumers of a topic. */
export type Group = {
  /** What a commit has to name; null while there is no membership. */
  membership(): Membership | null
  /** Asks for a new division of the partitions, when some were let go of. */
  rejoin(): void
  stop(): Promise<void>
}

export type Membership = { readonly generation: number; readonly member: string }

/** What a member hears of its partitions. */
export type GroupListener = {
  /**
   * Those that it has now, and which of them others are to have: they stay here until `owned` leaves them out. Everything else that it had is
   * another host's.
   */
  divided(partitions: ReadonlySet<number>, release: ReadonlySet<number>): void
  owned(): ReadonlySet<number>
  /** It wants none, and is there only until what it has was let go of. */
  isLeaving(): boolean
  /** The membership is over, or may be: other hosts have the partitions. */
  lost(): void
}

const PROTOCOL = 'hookline'
const LEAVING = Buffer.from('leaving')
const HEARTBEAT_MS = 500
const PAUSE_MS = 500
/** The broker's answers after which one has to join as a new member. */
const FORGOTTEN = new Set(['UNKNOWN_MEMBER_ID', 'FENCED_INSTANCE_ID'])

/**
 * Takes part in a group. A partition goes from one host to another only when the first has let go of it: the leader of the group tells a host what it
 * should release, that host finishes what it holds of it and joins again without it. So no record is at two hosts while both are alive.
 */
export function joinGroup(
  link: KafkaLink,
  options: { readonly group: string; readonly topic: string; readonly sessionMs: number; warn(message: string): void },
  listener: GroupListener,
): Group {
  const { group, topic } = options
  const { sessionMs } = options
  const lane = link.lane()
  const stopped = new AbortController()
  let membership: Membership | null = null
  let member = ''
  let wantsRejoin = false
  let hasWarned = false
  let wake = (): void => undefined
  /** When the last sign of life that the broker took was sent. */
  let signedAt = performance.now()

  const ask = <T>(what: string, request: Parameters<typeof link.ask<T>>[2], timeoutMs?: number): Promise<T> =>
    link.ask(what, link.coordinator(group), request, { lane, ...(timeoutMs !== undefined && { timeoutMs }) })

  /** Once around: joins, divides the partitions where this host leads the group, and hears which are its own. */
  async function join(): Promise<void> {
    const owned = [...listener.owned()]
    const metadata = encodeConsumerProtocolSubscription({
      version: 1,
      topics: [topic],
      userData: listener.isLeaving() ? LEAVING : Buffer.alloc(0),
      ownedPartitions: [{ topic, partitions: owned }],
    })
    const begunAt = performance.now()
    const joined = await ask(
      'join the group of workers',
      (connection) =>
        joinGroupV5.api.async(connection, group, sessionMs, sessionMs, member, null, 'consumer', [
          { name: PROTOCOL, metadata },
        ]),
      sessionMs + 5_000,
    ).catch((error: unknown) => {
      // The broker's way of telling a new member its id.
      const answer = answerIn<{ readonly memberId: string }>(error)
      if (brokerAnswers(error).includes('MEMBER_ID_REQUIRED') && answer !== undefined) {
        member = answer.memberId
        return null
      }
      throw error
    })
    if (joined === null) return join()
    member = joined.memberId
    const assignments = joined.leader === member ? await divide(joined.members) : []
    const { assignment } = await ask(
      'hear which partitions are its own',
      (connection) =>
        syncGroupV3.api.async(connection, group, joined.generationId, member, null, null, null, assignments),
      sessionMs + 5_000,
    )
    const { assignedPartitions: mine, userData } = decodeConsumerProtocolAssignment(assignment)
    signedAt = Math.max(signedAt, begunAt)
    membership = { generation: joined.generationId, member }
    const partitions = new Set(mine.filter((one) => one.topic === topic).flatMap((one) => one.partitions))
    const release = new Set(userData.toString('utf8').split(',').filter(Boolean).map(Number))
    listener.divided(partitions, release)
  }

  async function divide(
    members: readonly { memberId: string; metadata: Buffer }[],
  ): Promise<{ memberId: string; assignment: Buffer }[]> {
    const count = (await link.look(topic))?.length ?? 0
    if (members.length > count && !hasWarned) {
      hasWarned = true
      options.warn(
        `The topic "${topic}" has ${count} partitions for ${members.length} workers, so some have nothing to do. Add partitions with "kafka-topics.sh --alter --topic ${topic} --partitions N".`,
      )
    }
    const owned = new Map<string, readonly number[]>()
    const leaving = new Set<string>()
    for (const { memberId, metadata } of members) {
      const { ownedPartitions, userData } = decodeConsumerProtocolSubscription(metadata)
      owned.set(memberId, ownedPartitions?.flatMap((one) => (one.topic === topic ? one.partitions : [])) ?? [])
      if (userData?.equals(LEAVING) === true) leaving.add(memberId)
    }
    return [...shareOut(count, owned, leaving)].map(([memberId, { partitions, release }]) => ({
      memberId,
      assignment: encodeConsumerProtocolAssignment({
        version: 1,
        assignedPartitions: [{ topic, partitions: [...partitions] }],
        userData: Buffer.from([...release].join(',')),
      }),
    }))
  }

  function giveUp(): void {
    membership = null
    listener.lost()
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted && !link.isClosed()) {
      try {
        if (membership === null || wantsRejoin) {
          wantsRejoin = false
          await join()
        }
        await pause(HEARTBEAT_MS)
        if (stopped.signal.aborted) return
        const now = performance.now()
        const { generation } = membership ?? { generation: -1 }
        await ask('tell that this host is there', (connection) =>
          heartbeatV3.api.async(connection, group, generation, member),
        )
        signedAt = now
      } catch (error) {
        const answers = brokerAnswers(error)
        if (stopped.signal.aborted) return
        if (answers.includes('REBALANCE_IN_PROGRESS')) {
          signedAt = performance.now()
          wantsRejoin = true
          continue
        }
        if (answers.some((answer) => FORGOTTEN.has(answer))) {
          member = ''
          giveUp()
        } else if (answers.includes('ILLEGAL_GENERATION')) giveUp()
        else if (membership !== null && performance.now() - signedAt > sessionMs) giveUp()
        else wantsRejoin ||= membership !== null && answers.length > 0
        await pause(PAUSE_MS)
      }
    }
  }

  /** The broker forgets a host that it has not heard of, while that may wait for an answer: this clock does not. */
  const watchdog = setInterval(() => {
    if (membership !== null && performance.now() - signedAt > sessionMs) giveUp()
  }, HEARTBEAT_MS)
  watchdog.unref()

  async function pause(ms: number): Promise<void> {
    const woken = new AbortController()
    wake = () => woken.abort()
    if (wantsRejoin) return
    await wait(ms, undefined, { ref: false, signal: AbortSignal.any([woken.signal, stopped.signal]) }).catch(
      () => undefined,
    )
  }

  const running = run()
  return {
    membership: () => membership,
    rejoin() {
      wantsRejoin = true
      wake()
    },
    async stop() {
      stopped.abort()
      clearInterval(watchdog)
      if (member !== '' && !link.isClosed())
        await ask(
          'leave the group',
          (connection) => leaveGroupV1.api.async(connection, group, [{ memberId: member }]),
          1_000,
        ).catch(() => undefined)
      membership = null
      await lane.close()
      await running
    },
  }
}
