import { type JetStreamManager, RetentionPolicy, StorageType, type StreamConfig } from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import type { LogAddress } from '../log-address.ts'
import type { NatsLink } from './connection.ts'
import { apiCode } from './nats-errors.ts'

/** The streams of a fleet, and the subjects in them. */
export type Streams = {
  /** Events until one consumer has acknowledged them. */
  readonly events: string
  /** Of each key the newest: state, registers, and which orders there are. */
  readonly keyed: string
  /** Letters until their host has read them. */
  readonly mail: string
  subject(kind: SubjectKind, ...tokens: readonly string[]): string
}

type SubjectKind = 'event' | 'order' | 'state' | 'register' | 'orders' | 'mail' | 'ask'

/** For so long a repeat of an id is not stored again. */
const DUPLICATES_MS = 120_000
const MAIL_MS = 7 * 86_400_000
const NAME_IN_USE = 10058
const STREAM_NOT_FOUND = 10059
const NO_PEERS = new Set([10005, 10074])

export function streamsOf(fleet: string): Streams {
  return {
    events: `${fleet}-events`,
    keyed: `${fleet}-keyed`,
    mail: `${fleet}-mail`,
    subject: (kind, ...tokens) => [fleet, kind, ...tokens].join('.'),
  }
}

/** Makes what is missing. What is there already stays as its owner set it up; what has fewer copies than were wanted of it, for want of servers, has them now. */
export async function makeStreams(link: NatsLink, streams: Streams, address: LogAddress): Promise<void> {
  const wanted = Number(address.settings.get('replicas') ?? (link.connection.info?.cluster === undefined ? 1 : 3))
  const { subject } = streams
  const common = { storage: StorageType.File, num_replicas: wanted } as const
  const make = (config: Partial<StreamConfig> & { name: string }): Promise<void> =>
    link.use(`make the stream ${config.name}`, () => makeStream(link.manager, { ...common, ...config }))
  await make({
    name: streams.events,
    subjects: [subject('event', '>'), subject('order', '>')],
    retention: RetentionPolicy.Workqueue,
    duplicate_window: nanos(DUPLICATES_MS),
  })
  await make({
    name: streams.keyed,
    subjects: [subject('state', '>'), subject('register', '>'), subject('orders', '>')],
    retention: RetentionPolicy.Limits,
    max_msgs_per_subject: 1,
    allow_direct: false,
  })
  await make({
    name: streams.mail,
    subjects: [subject('mail', '*')],
    retention: RetentionPolicy.Workqueue,
    max_age: nanos(MAIL_MS),
  })
}

/** How the streams are. */
export type StreamsFound = {
  /** By which it is seen that they are others than they were, as of a server that was started with an empty folder. */
  readonly birth: string
  /** Whether one has fewer copies than were wanted of it when it was made, for want of servers. */
  readonly isShort: boolean
}

export async function findStreams(link: NatsLink, { events, keyed, mail }: Streams): Promise<StreamsFound> {
  const found = await Promise.all(
    [events, keyed, mail].map(async (name) => {
      try {
        const { created, config } = await link.manager.streams.info(name)
        return { birth: created, isShort: isShortOfCopies(config) }
      } catch (error) {
        if (apiCode(error) === STREAM_NOT_FOUND) return { birth: 'none', isShort: false }
        throw error
      }
    }),
  )
  return { birth: found.map(({ birth }) => birth).join(), isShort: found.some(({ isShort }) => isShort) }
}

/** What a stream says of itself while it has fewer copies than are wanted. Servers before 2.10 keep nothing else for us. */
const ONE_COPY = 'Hookline made one copy: there were too few servers for more.'

const isShortOfCopies = ({ description }: Pick<StreamConfig, 'description'>): boolean => description === ONE_COPY

async function makeStream(manager: JetStreamManager, config: Partial<StreamConfig> & { name: string }): Promise<void> {
  const found = await manager.streams.info(config.name).catch((error: unknown) => {
    if (apiCode(error) === STREAM_NOT_FOUND) return null
    throw error
  })
  const wanted = config.num_replicas ?? 1
  if (found !== null) {
    if (isShortOfCopies(found.config) && found.config.num_replicas < wanted)
      // Whatever keeps it from being raised, one copy works, and it is tried again.
      await manager.streams.update(config.name, { num_replicas: wanted, description: '' }).catch(() => undefined)
    return
  }
  try {
    const isMade = await orNoPeers(() => manager.streams.add(config))
    // Better one copy than none: as while the servers of a cluster still find each other.
    if (!isMade && wanted > 1) await manager.streams.add({ ...config, num_replicas: 1, description: ONE_COPY })
  } catch (error) {
    // Another host was faster.
    if (apiCode(error) !== NAME_IN_USE) throw error
  }
}

/** Whether it was done; there may be fewer servers than copies are wanted. */
async function orNoPeers(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act()
    return true
  } catch (error) {
    if (NO_PEERS.has(apiCode(error) ?? 0)) return false
    throw error
  }
}
