import { isIP } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import {
  apiVersionsV0,
  type Connection,
  type ConnectionOptions,
  ConnectionPool,
  findCoordinatorV2,
  metadataV2,
  metadataV4,
  type SASLMechanismValue,
} from '@platformatic/kafka'
import { LogError, OPERATION_MS } from '../log.ts'
import { type LogAddress, readSettingFile } from '../log-address.ts'
import { answerIn, brokerAnswers, isPassing, kafkaError, SIGN_IN } from './kafka-errors.ts'

/**
 * Connections to the brokers of a Kafka cluster. Requests are made in the versions of Kafka 2.4, which every later broker speaks, 4.x as well.
 *
 * Kafka answers the requests of one connection in turn, so that one that waits (for records, for a group) holds up those behind it: such
 * have a lane of their own.
 */
export type KafkaLink = {
  readonly address: string
  readonly settings: ReadonlyMap<string, string>
  /** Whether the broker can make topics when it is asked; a broker that cannot makes them when they are first named. */
  readonly makesTopics: boolean
  /** Of a topic the leaders of its partitions, in order; -1 for one without. Rejects as `missing` where there is no such topic. */
  leaders(topic: string): Promise<readonly number[]>
  /** As `leaders`, with null where there is no such topic, never from memory. */
  look(topic: string, makes?: boolean): Promise<readonly number[] | null>
  /** Ids of the brokers that are up, asked now, and which of them is the controller. */
  brokers(): Promise<{ readonly up: readonly number[]; readonly known: number; readonly controller: number }>
  /** Asks a broker. Another try with fresh metadata is made while the answer is one that passes. Rejects with a LogError. */
  ask<T>(
    what: string,
    who: () => Promise<number>,
    request: (connection: Connection) => Promise<T>,
    options?: AskOptions,
  ): Promise<T>
  /** The broker that leads a partition. */
  leader(topic: string, partition: number): () => Promise<number>
  coordinator(group: string): () => Promise<number>
  lane(): Lane
  watch(listener: (problem: LogError | null) => void): () => void
  isClosed(): boolean
  close(): Promise<void>
}

export type AskOptions = { readonly lane?: Lane; readonly timeoutMs?: number }

/** Connections that nothing else uses. */
export type Lane = { readonly pool: ConnectionPool; isClosed(): boolean; close(): Promise<void> }

const PROBE_MS = 5_000
const RETRY_MS = 250
/** The longest that a broker may take for a request that waits, such as that to join a group. */
const REQUEST_MS = 60_000

export async function openLink(address: LogAddress, host: string): Promise<KafkaLink> {
  const { shown } = address
  const options = optionsOf(address)
  const lanes = new Set<Lane>()
  const main = lane()
  const seeds = address.servers.map(({ host, port }) => ({ host, port }))
  const brokers = new Map<number, { host: string; port: number }>()
  const topics = new Map<string, readonly number[]>()
  const coordinators = new Map<string, number>()
  const listeners = new Set<(problem: LogError | null) => void>()
  const closing = new AbortController()
  const seen = new Set<number>()
  let problem: LogError | null = null
  let controller = -1
  let usesV4 = true

  function lane(): Lane {
    const pool = new ConnectionPool(`hookline-${host}`, options)
    let isClosed = false
    const one = {
      pool,
      isClosed: () => isClosed,
      async close() {
        isClosed = true
        lanes.delete(one)
        await pool.close().catch(() => undefined)
      },
    }
    lanes.add(one)
    return one
  }

  function say(next: LogError | null): void {
    if (closing.signal.aborted || next?.code === problem?.code) return
    problem = next
    for (const listener of listeners) listener(next)
  }

  /** Reads which brokers there are, and a topic. Brokers that were met before stand in for seeds that are gone. */
  async function look(topic: string | null, makes = false): Promise<readonly number[] | null> {
    const candidates = [...seeds, ...brokers.values()]
    const connection = await main.pool.getFirstAvailable(candidates)
    const request = usesV4 ? metadataV4 : metadataV2
    const answer = await request.api
      .async(connection, topic === null ? [] : [topic], makes, false)
      // The client rejects when a topic is not there, with what was answered.
      .catch((error: unknown) => {
        const partly = answerIn<Awaited<ReturnType<typeof metadataV4.api.async>>>(error)
        if (partly !== undefined && !brokerAnswers(error).some((name) => name.endsWith('AUTHORIZATION_FAILED')))
          return partly
        throw error
      })
    brokers.clear()
    for (const { nodeId, host, port } of answer.brokers) {
      brokers.set(nodeId, { host, port })
      seen.add(nodeId)
    }
    controller = answer.controllerId
    const found = answer.topics.find(({ name }) => name === topic)
    if (found === undefined || found.partitions.length === 0) return null
    const leaders = found.partitions
      .toSorted((a, b) => a.partitionIndex - b.partitionIndex)
      .map(({ leaderId }) => leaderId)
    topics.set(found.name, leaders)
    return leaders
  }

  async function leadersOf(topic: string): Promise<readonly number[]> {
    const found = topics.get(topic) ?? (await look(topic))
    if (found !== null) return found
    throw new LogError(
      'missing',
      `Kafka at ${shown} has no topic "${topic}". Restart the host, which makes it, or make it by hand.`,
    )
  }

  function forget(): void {
    topics.clear()
    coordinators.clear()
  }

  async function within<T>(work: Promise<T>, ms: number, what: string): Promise<T> {
    const ended = new AbortController()
    const late = wait(ms, undefined, { signal: AbortSignal.any([ended.signal, closing.signal]), ref: false }).then(
      () =>
        Promise.reject(
          new LogError('unreachable', `Kafka at ${shown} did not ${what} within ${ms} ms. Check that its brokers run.`),
        ),
      () =>
        closing.signal.aborted
          ? Promise.reject(new LogError('unreachable', 'The log is closed.'))
          : new Promise<never>(() => undefined),
    )
    try {
      return await Promise.race([work, late])
    } finally {
      ended.abort()
    }
  }

  async function tried<T>(what: string, attempt: () => Promise<T>, timeoutMs: number, lane = main): Promise<T> {
    const until = performance.now() + timeoutMs
    for (;;) {
      const left = until - performance.now()
      try {
        const result = await within(attempt(), Math.max(1, left), what)
        say(null)
        return result
      } catch (cause) {
        const error = kafkaError(cause, what, shown)
        if (closing.signal.aborted || lane.isClosed()) throw error
        forget()
        if (!isPassing(error)) throw error
        // One broker of several that is gone is no problem: its partitions are led by another in a moment.
        await within(look(null), OPERATION_MS, what).catch((still: unknown) => say(kafkaError(still, what, shown)))
        if (until - performance.now() < RETRY_MS) throw error
        await wait(RETRY_MS, undefined, { ref: false })
      }
    }
  }

  async function connect(id: number, pool: ConnectionPool): Promise<Connection> {
    if (!brokers.has(id)) await look(null)
    const broker = brokers.get(id)
    if (broker === undefined) throw new LogError('unreachable', `The broker ${id} of Kafka at ${shown} is not up.`)
    return pool.get(broker)
  }

  const link: KafkaLink = {
    address: shown,
    settings: address.settings,
    makesTopics: false,
    leaders: async (topic) =>
      topics.get(topic) ?? tried(`look for the topic "${topic}"`, () => leadersOf(topic), OPERATION_MS),
    look: (topic, makes) => tried(`look for the topic "${topic}"`, () => look(topic, makes), OPERATION_MS),
    brokers: () =>
      tried(
        'name its brokers',
        async () => {
          await look(null)
          return { up: [...brokers.keys()], known: Math.max(seen.size, brokers.size), controller }
        },
        OPERATION_MS,
      ),
    ask: (what, who, request, { lane = main, timeoutMs = OPERATION_MS } = {}) =>
      tried(what, async () => request(await connect(await who(), lane.pool)), timeoutMs, lane),
    leader: (topic, partition) => async () => {
      const leader = (await leadersOf(topic))[partition] ?? -1
      if (leader >= 0) return leader
      topics.delete(topic)
      throw new LogError(
        'unreachable',
        `Partition ${partition} of the topic "${topic}" has no leader at the moment. Check that the brokers run.`,
      )
    },
    coordinator: (group) => async () => {
      const known = coordinators.get(group)
      if (known !== undefined) return known
      const connection = await main.pool.getFirstAvailable([...brokers.values(), ...seeds])
      const { coordinators: found } = await findCoordinatorV2.api.async(connection, 0, [group])
      const one = found[0]
      if (one === undefined) throw new LogError('unreachable', `Kafka at ${shown} names no coordinator.`)
      coordinators.set(group, one.nodeId)
      if (!brokers.has(one.nodeId)) brokers.set(one.nodeId, { host: one.host, port: one.port })
      return one.nodeId
    },
    lane,
    watch(listener) {
      listeners.add(listener)
      listener(problem)
      return () => listeners.delete(listener)
    },
    isClosed: () => closing.signal.aborted,
    async close() {
      closing.abort()
      await Promise.all([...lanes].map((one) => one.close()))
    },
  }

  try {
    const makesTopics = await within(
      (async () => {
        const connection = await main.pool.getFirstAvailable(seeds)
        const { apiKeys } = await apiVersionsV0.api.async(connection, 'hookline', '1')
        usesV4 = apiKeys.some(({ name, maxVersion }) => name === 'Metadata' && maxVersion >= 4)
        await look(null)
        return apiKeys.some(({ name }) => name === 'CreateTopics')
      })(),
      OPERATION_MS,
      'answer',
    )
    void probe()
    return Object.assign(link, { makesTopics })
  } catch (error) {
    await link.close()
    throw kafkaError(error, SIGN_IN, shown)
  }

  /** Notices, also on a quiet host, that the brokers are gone or back. */
  async function probe(): Promise<void> {
    while (!closing.signal.aborted) {
      await wait(problem === null ? PROBE_MS : RETRY_MS, undefined, { ref: false, signal: closing.signal }).catch(
        () => undefined,
      )
      if (closing.signal.aborted) return
      try {
        await within(look(null), OPERATION_MS, 'answer')
        say(null)
      } catch (error) {
        say(kafkaError(error, 'go on', shown))
      }
    }
  }
}

const MECHANISMS = new Map<string, SASLMechanismValue>([
  ['plain', 'PLAIN'],
  ['scram-sha-256', 'SCRAM-SHA-256'],
  ['scram-sha-512', 'SCRAM-SHA-512'],
])

function optionsOf(address: LogAddress): ConnectionOptions {
  const { user, password, settings } = address
  const [ca, cert, key] = ['ca', 'cert', 'key'].map((setting) => readSettingFile(address, setting))
  const sasl = (settings.get('sasl') ?? 'plain').toLowerCase()
  const mechanism = MECHANISMS.get(sasl)
  if (mechanism === undefined)
    throw new LogError(
      'address',
      `"?sasl=${sasl.slice(0, 40)}" in the --fleet URL is no way to sign in. Write one of ${[...MECHANISMS.keys()].join(', ')}.`,
    )
  const isTls = address.isTls || ca !== undefined || cert !== undefined
  return {
    connectTimeout: OPERATION_MS,
    requestTimeout: REQUEST_MS,
    maxInflights: 20,
    ...(isTls && {
      tls: { ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) },
      // A name for the certificate that is wanted; an address is none.
      tlsServerName: address.servers.some(({ host }) => isIP(host) === 0),
    }),
    ...(user !== null && { sasl: { mechanism, username: user, password: password ?? '' } }),
  }
}
