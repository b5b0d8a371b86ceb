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

/** Makes what is missing. What is there already stays as its owner set it up. */
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

/** By which it is seen that the streams are others than they were, as of a server that was started with an empty folder. */
export async function birthOf(link: NatsLink, { events, keyed, mail }: Streams): Promise<string> {
  const births = [events, keyed, mail].map(async (name) => {
    try {
      return (await link.manager.streams.info(name)).created
    } catch (error) {
      if (apiCode(error) === STREAM_NOT_FOUND) return 'none'
      throw error
    }
  })
  return (await Promise.all(births)).join()
}

async function makeStream(manager: JetStreamManager, config: Partial<StreamConfig> & { name: string }): Promise<void> {
  const isThere = await manager.streams.info(config.name).then(
    () => true,
    (error: unknown) => {
      if (apiCode(error) === STREAM_NOT_FOUND) return false
      throw error
    },
  )
  if (isThere) return
  try {
    await manager.streams.add(config)
  } catch (error) {
    const code = apiCode(error)
    // Another host was faster.
    if (code === NAME_IN_USE) return
    // Fewer servers than copies are wanted of it: better one copy than none, and the owner may raise it.
    if (code !== undefined && NO_PEERS.has(code) && (config.num_replicas ?? 1) > 1) {
      await manager.streams.add({ ...config, num_replicas: 1 })
      return
    }
    throw error
  }
}
