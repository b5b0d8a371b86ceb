import { createTopicsV4 } from '@platformatic/kafka'
import { LogError } from '../log.ts'
import { brokerAnswers } from './kafka-errors.ts'
import type { KafkaLink } from './link.ts'

/** The topics of a fleet, and its groups. */
export type Topics = {
  /** Events, in partitions by their order or id. */
  readonly events: string
  /** The one group of those that work on events. */
  readonly workers: string
  /** Compacted: of each key the newest counts. */
  readonly state: string
  /** Swaps of registers, in the order of one partition. */
  readonly registers: string
  /** Letters to a host, kept for a week. */
  letters(host: string): string
  /** Questions to a host and answers to it, kept for minutes. */
  talk(host: string): string
}

export function topicsOf(fleet: string): Topics {
  return {
    events: `${fleet}.events`,
    workers: `${fleet}.workers`,
    state: `${fleet}.state`,
    registers: `${fleet}.registers`,
    letters: (host) => `${fleet}.letters.${host}`,
    talk: (host) => `${fleet}.talk.${host}`,
  }
}

const MINUTE = 60_000
const DAY = 86_400_000
const EVENT_PARTITIONS = 12
const MAX_PARTITIONS = 10_000
const MAX_REPLICAS = 100

type Wish = { readonly name: string; readonly partitions: number; readonly configs: Readonly<Record<string, string>> }

/** Makes the topics that every host needs. What is there already stays as its owner set it up. */
export async function makeTopics(link: KafkaLink, topics: Topics): Promise<void> {
  const asked = readCount(link, 'partitions', MAX_PARTITIONS)
  // A group that is away for longer than its events are kept loses them; their hosts of origin publish them again.
  await makeTopic(link, {
    name: topics.events,
    partitions: asked ?? EVENT_PARTITIONS,
    configs: { 'retention.ms': String(7 * DAY) },
  })
  const there = (await link.leaders(topics.events)).length
  if (asked !== null && there < asked)
    throw new LogError(
      'partitions',
      `The topic "${topics.events}" at Kafka ${link.address} has ${there} partitions, and "?partitions=${asked}" asks for more. Add them with "kafka-topics.sh --alter --topic ${topics.events} --partitions ${asked}", or ask for ${there}.`,
    )
  await makeTopic(link, {
    name: topics.state,
    partitions: 1,
    configs: { 'cleanup.policy': 'compact', 'message.timestamp.type': 'LogAppendTime' },
  })
  await makeTopic(link, {
    name: topics.registers,
    partitions: 1,
    configs: {
      'cleanup.policy': 'delete',
      'retention.ms': String(120 * MINUTE),
      'segment.ms': String(30 * MINUTE),
      'message.timestamp.type': 'LogAppendTime',
    },
  })
}

/** Makes the topic in which letters to a host wait. */
export function makeLetters(link: KafkaLink, topics: Topics, host: string): Promise<void> {
  return makeTopic(link, { name: topics.letters(host), partitions: 1, configs: { 'retention.ms': String(7 * DAY) } })
}

export function makeTalk(link: KafkaLink, topics: Topics, host: string): Promise<void> {
  const short = String(10 * MINUTE)
  return makeTopic(link, {
    name: topics.talk(host),
    partitions: 1,
    configs: { 'retention.ms': short, 'segment.ms': short },
  })
}

async function makeTopic(link: KafkaLink, { name, partitions, configs }: Wish): Promise<void> {
  if ((await link.look(name, !link.makesTopics)) !== null) return
  const replicas = readCount(link, 'replicas', MAX_REPLICAS)
  const byHand = `kafka-topics.sh --create --topic ${name} --partitions ${partitions}${Object.entries(configs)
    .map(([key, value]) => ` --config ${key}=${value}`)
    .join('')}`
  const refused = (why: string, cause: unknown): LogError =>
    new LogError(
      'missing',
      `Kafka at ${link.address} has no topic "${name}", and it could not be made from here (${why}). Make it with "${byHand}", or let this account create topics.`,
      { cause },
    )
  if (!link.makesTopics) throw refused('its brokers make none when asked', null)
  try {
    await link.ask(
      `make the topic "${name}"`,
      async () => (await link.brokers()).controller,
      (connection) =>
        createTopicsV4.api.async(
          connection,
          [
            {
              name,
              numPartitions: partitions,
              // -1: as many as the brokers think right.
              replicationFactor: replicas ?? -1,
              assignments: [],
              configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
            },
          ],
          4_000,
          false,
        ),
    )
  } catch (error) {
    const answers = brokerAnswers(error)
    // Another host was faster.
    if (!answers.includes('TOPIC_ALREADY_EXISTS')) {
      if (answers.length > 0) throw refused(answers[0] ?? '', error)
      throw error
    }
  }
  // Its leaders are chosen a moment later.
  await link.leaders(name)
}

/** A whole number that the URL asks for, or null. */
export function readCount(link: KafkaLink, setting: string, most: number): number | null {
  const text = link.settings.get(setting)
  if (text === undefined) return null
  const count = Number(text)
  if (Number.isInteger(count) && count > 0 && count <= most) return count
  throw new LogError(
    'address',
    `"${setting}=${text.slice(0, 40)}" in the --fleet URL is no number from 1 to ${most}. Write one, or leave it away.`,
  )
}
